//! The words that go into the search index.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::publication_store::{NONE, REPORT};
use crate::database::{
    DbConnection, StoreError, Transaction,
    schema::{cases, publications, replies},
    search::{self, SearchIndex},
};

/// The texts of a case that are looked through.
#[derive(Debug, Default)]
pub struct SearchTexts {
    /// Title, words and replies as they were written.
    pub staff: String,
    /// What was released of them; empty when nothing was.
    pub public: String,
}

/// The texts of these cases; a case that is gone has none. Three statements.
///
/// # Errors
/// The database's failure.
pub fn list_texts(connection: &mut DbConnection, case_ids: &[i64]) -> QueryResult<BTreeMap<i64, SearchTexts>> {
    let rows: Vec<(i64, String, String, String, String)> = cases::table
        .filter(cases::id.eq_any(case_ids))
        .select((
            cases::id,
            cases::title,
            cases::body,
            cases::visibility,
            cases::publication,
        ))
        .load(connection)?;
    let mut texts: BTreeMap<i64, SearchTexts> = BTreeMap::new();
    let mut shown = Vec::new();
    for (id, title, body, visibility, publication) in rows {
        if visibility == "public" && publication != NONE {
            shown.push(id);
        }
        let staff = format!("{title}\n{body}");
        let public = String::new();
        texts.insert(id, SearchTexts { staff, public });
    }
    let answers: Vec<(i64, String)> = replies::table
        .filter(replies::case_id.eq_any(case_ids))
        .order(replies::id.asc())
        .limit(10_000)
        .select((replies::case_id, replies::body))
        .load(connection)?;
    for (id, body) in answers {
        if let Some(texts) = texts.get_mut(&id) {
            texts.staff.push('\n');
            texts.staff.push_str(&body);
        }
    }
    for (id, released) in released_texts(connection, &shown)? {
        if let Some(texts) = texts.get_mut(&id) {
            texts.public = released;
        }
    }
    Ok(texts)
}

/// By case, the newest decisions' words where they were released.
fn released_texts(connection: &mut DbConnection, case_ids: &[i64]) -> QueryResult<BTreeMap<i64, String>> {
    type Decided = (i64, String, i64, Option<String>, Option<String>);
    let rows: Vec<Decided> = publications::table
        .filter(publications::case_id.eq_any(case_ids))
        .order(publications::id.asc())
        .limit(20_000)
        .select((
            publications::case_id,
            publications::subject,
            publications::subject_id,
            publications::title,
            publications::body,
        ))
        .load(connection)?;
    // A refusal has no words, so that the newest row of a subject is all there is to know.
    let mut latest = BTreeMap::new();
    for (case_id, subject, subject_id, title, body) in rows {
        latest.insert((case_id, subject != REPORT, subject_id), (title, body));
    }
    let mut texts: BTreeMap<i64, String> = BTreeMap::new();
    for ((case_id, ..), (title, body)) in latest {
        for words in title.into_iter().chain(body) {
            let text = texts.entry(case_id).or_default();
            text.push_str(&words);
            text.push('\n');
        }
    }
    Ok(texts)
}

/// Tokens of one case for both indexes.
#[derive(Debug, Clone)]
pub struct CaseTokens {
    /// The case.
    pub case_id: i64,
    /// For staff; empty for a case that is gone.
    pub staff: Vec<String>,
    /// For everybody; empty when nothing is released.
    pub public: Vec<String>,
}

/// Puts the tokens of these cases, each named once, into both indexes; a case without tokens is taken out.
///
/// # Errors
/// The database's failure.
pub fn put_tokens(transaction: &mut Transaction<'_>, cases: &[CaseTokens]) -> Result<(), StoreError> {
    let staff = cases.iter().map(|case| (case.case_id, case.staff.as_slice()));
    put(transaction, SearchIndex::Staff, staff)?;
    let public = cases.iter().map(|case| (case.case_id, case.public.as_slice()));
    put(transaction, SearchIndex::Public, public)
}

fn put<'a>(
    transaction: &mut Transaction<'_>,
    index: SearchIndex,
    cases: impl Iterator<Item = (i64, &'a [String])>,
) -> Result<(), StoreError> {
    let (with, without): (Vec<_>, Vec<_>) = cases.partition(|(_, tokens)| !tokens.is_empty());
    if !with.is_empty() {
        transaction.change(|connection| search::put_words(connection, index, &with))?;
    }
    if !without.is_empty() {
        let gone: Vec<i64> = without.iter().map(|(case_id, _)| *case_id).collect();
        transaction.change(|connection| search::remove_words(connection, index, &gone))?;
    }
    Ok(())
}
