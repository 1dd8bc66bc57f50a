//! Knowledge articles as rows: one for each article, and one for each of its versions, which are only ever added. Who may change
//! them is decided elsewhere.

use chrono::{NaiveDate, NaiveTime};
use diesel::prelude::*;
use shared::domain::{knowledge::KnowledgeArticle, search::tokens, time::Timestamp};

use super::{counter_store, parse_json, parse_word, to_json};
use crate::database::{
    DbConnection, StoreError, Transaction,
    prepared::ExecutePrepared,
    schema::{knowledge_articles, knowledge_versions},
    search::{SearchIndex, put_words},
};

/// Counts every version ever written, so that who keeps articles in memory sees that there are new ones.
const CHANGES: &str = "knowledge_changes";
/// Articles that are read at once, at most.
const MOST_ARTICLES: i64 = 50_000;

/// An article.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = knowledge_articles, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ArticleRow {
    /// Time-ordered id: when it was written first.
    pub id: i64,
    /// As people and other rows name it.
    pub code: String,
    /// The present version.
    pub version: i64,
    /// Code of the unit that answers for it.
    pub owner_unit: String,
    /// Taken out of use.
    pub is_retired: bool,
    /// From when on its owner is to be told that it ends; none when it does not, or that was done.
    pub notice_at: Option<i64>,
}

/// One version of an article.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = knowledge_versions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ArticleVersionRow {
    /// The article.
    pub article_id: i64,
    /// Counted from 1.
    pub version: i64,
    /// The question as people ask it.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// What it rests on.
    pub basis: String,
    /// Code of the unit that answered for it.
    pub owner_unit: String,
    /// Code of its category.
    pub category: String,
    /// Words people use for it, as JSON.
    pub words: String,
    /// First day it holds, as `2026-11-23`.
    pub valid_from: String,
    /// Last day it holds.
    pub valid_to: Option<String>,
    /// Why it was taken out of use with this version.
    pub retired_because: Option<String>,
    /// Who wrote it; none for the city's data.
    pub changed_by: Option<i64>,
    /// When.
    pub changed_at: i64,
}

/// An article with one of its versions.
pub type ArticleAt = (ArticleRow, ArticleVersionRow);

/// What a new version says, and who says it.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'a> {
    /// The words; their id is left alone.
    pub article: &'a KnowledgeArticle,
    /// Why the article is taken out of use with it.
    pub retired_because: Option<&'a str>,
    /// Who writes it; none for the city's data.
    pub changed_by: Option<i64>,
    /// When.
    pub changed_at: Timestamp,
}

impl NewVersion<'_> {
    fn article_row(&self, id: i64, code: String, version: i64) -> ArticleRow {
        let is_retired = self.retired_because.is_some();
        let notice = self.article.notice_from().filter(|_| !is_retired);
        ArticleRow {
            id,
            code,
            version,
            owner_unit: self.article.owner_unit.clone(),
            is_retired,
            notice_at: notice.map(|day| Timestamp::from_city_time(day.and_time(NaiveTime::MIN)).0),
        }
    }

    fn version_row(&self, article_id: i64, version: i64) -> ArticleVersionRow {
        let article = self.article;
        ArticleVersionRow {
            article_id,
            version,
            question: article.question.clone(),
            answer: article.answer.clone(),
            basis: article.basis.clone(),
            owner_unit: article.owner_unit.clone(),
            category: article.category.clone(),
            words: to_json(&article.words),
            valid_from: article.valid_from.to_string(),
            valid_to: article.valid_to.map(|last| last.to_string()),
            retired_because: self.retired_because.map(str::to_owned),
            changed_by: self.changed_by,
            changed_at: self.changed_at.0,
        }
    }
}

impl ArticleVersionRow {
    /// What this version says, under the article's code.
    ///
    /// # Errors
    /// `Database` when a column holds what nobody wrote.
    pub fn article(&self, code: &str) -> Result<KnowledgeArticle, StoreError> {
        let day = |column, text: &str| parse_word::<NaiveDate>(column, text);
        let last = self.valid_to.as_deref();
        Ok(KnowledgeArticle {
            id: code.to_owned(),
            question: self.question.clone(),
            answer: self.answer.clone(),
            basis: self.basis.clone(),
            owner_unit: self.owner_unit.clone(),
            category: self.category.clone(),
            valid_from: day("knowledge_versions.valid_from", &self.valid_from)?,
            valid_to: last.map(|text| day("knowledge_versions.valid_to", text)).transpose()?,
            words: parse_json("knowledge_versions.words", &self.words)?,
        })
    }
}

/// Articles with their present versions.
macro_rules! present {
    () => {
        knowledge_articles::table
            .inner_join(
                knowledge_versions::table.on(knowledge_versions::article_id
                    .eq(knowledge_articles::id)
                    .and(knowledge_versions::version.eq(knowledge_articles::version))),
            )
            .select((ArticleRow::as_select(), ArticleVersionRow::as_select()))
    };
}

/// The article of this code with its present version.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_article(connection: &mut DbConnection, code: &str) -> QueryResult<ArticleAt> {
    present!().filter(knowledge_articles::code.eq(code)).first(connection)
}

/// These articles, in no order.
///
/// # Errors
/// The database's failure.
pub fn list_these(connection: &mut DbConnection, ids: &[i64]) -> QueryResult<Vec<ArticleAt>> {
    present!().filter(knowledge_articles::id.eq_any(ids)).load(connection)
}

/// Articles before the id `before`, newest first, of one owner or all.
///
/// # Errors
/// The database's failure.
pub fn list_articles(
    connection: &mut DbConnection,
    owner: Option<&str>,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<ArticleAt>> {
    let page = present!()
        .filter(knowledge_articles::id.lt(before))
        .order(knowledge_articles::id.desc())
        .limit(limit);
    match owner {
        Some(unit) => page.filter(knowledge_articles::owner_unit.eq(unit)).load(connection),
        None => page.load(connection),
    }
}

/// Every article with its present version, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_all(connection: &mut DbConnection) -> QueryResult<Vec<ArticleAt>> {
    present!()
        .order(knowledge_articles::id.asc())
        .limit(MOST_ARTICLES)
        .load(connection)
}

/// Versions of an article below `before`, newest first.
///
/// # Errors
/// The database's failure.
pub fn list_versions(
    connection: &mut DbConnection,
    article_id: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<ArticleVersionRow>> {
    knowledge_versions::table
        .filter(knowledge_versions::article_id.eq(article_id))
        .filter(knowledge_versions::version.lt(before))
        .order(knowledge_versions::version.desc())
        .limit(limit)
        .select(ArticleVersionRow::as_select())
        .load(connection)
}

/// How many versions were ever written.
///
/// # Errors
/// The database's failure.
pub fn count_changes(connection: &mut DbConnection) -> QueryResult<i64> {
    let counters = counter_store::list_counters(connection, &[CHANGES])?;
    Ok(counters.into_values().sum())
}

/// Articles whose owner is to be told by `now`, longest due first, after the place `after`.
///
/// # Errors
/// The database's failure.
pub fn list_to_tell(
    connection: &mut DbConnection,
    now: Timestamp,
    after: (i64, i64),
    limit: i64,
) -> QueryResult<Vec<ArticleAt>> {
    let (moment, id) = after;
    let later = knowledge_articles::notice_at
        .gt(moment)
        .or(knowledge_articles::notice_at
            .eq(moment)
            .and(knowledge_articles::id.gt(id)));
    present!()
        .filter(knowledge_articles::notice_at.is_not_null())
        .filter(knowledge_articles::notice_at.le(now.0))
        .filter(knowledge_articles::notice_at.ge(moment))
        .filter(later)
        .order((knowledge_articles::notice_at.asc(), knowledge_articles::id.asc()))
        .limit(limit)
        .load(connection)
}

/// Adds an article with its first version.
///
/// # Errors
/// `Duplicate` for a code that is taken; the database's failure.
pub fn add_article(
    transaction: &mut Transaction<'_>,
    id: i64,
    code: String,
    new: &NewVersion<'_>,
) -> Result<(), StoreError> {
    let row = new.article_row(id, code, 1);
    transaction.change(|connection| {
        diesel::insert_into(knowledge_articles::table)
            .values(&row)
            .execute(connection)
    })?;
    add_version_row(transaction, id, 1, new)
}

/// Adds a version to an article that still has the one that was read.
///
/// # Errors
/// `Stale`, or the database's failure.
pub fn add_version(
    transaction: &mut Transaction<'_>,
    present: &ArticleRow,
    new: &NewVersion<'_>,
) -> Result<(), StoreError> {
    let row = new.article_row(present.id, present.code.clone(), present.version + 1);
    transaction.guarded(|connection| {
        diesel::update(
            knowledge_articles::table
                .find(present.id)
                .filter(knowledge_articles::version.eq(present.version)),
        )
        .set((
            knowledge_articles::version.eq(row.version),
            knowledge_articles::owner_unit.eq(&row.owner_unit),
            knowledge_articles::is_retired.eq(row.is_retired),
            knowledge_articles::notice_at.eq(row.notice_at),
        ))
        .execute_prepared(connection)
    })?;
    add_version_row(transaction, row.id, row.version, new)
}

/// At once and not when the group ends: another job of the group may read the article.
fn add_version_row(
    transaction: &mut Transaction<'_>,
    id: i64,
    version: i64,
    new: &NewVersion<'_>,
) -> Result<(), StoreError> {
    let row = new.version_row(id, version);
    transaction.change(|connection| {
        diesel::insert_into(knowledge_versions::table)
            .values(&row)
            .execute(connection)
    })?;
    let words = tokens(&new.article.searched());
    transaction.change(|connection| put_words(connection, SearchIndex::Articles, &[(id, &words)]))?;
    transaction.count(CHANGES, "", 1);
    Ok(())
}

/// Marks that the owner was told about this version; `false` when that was done, or the article changed meanwhile.
///
/// # Errors
/// The database's failure.
pub fn set_told(transaction: &mut Transaction<'_>, present: &ArticleRow) -> Result<bool, StoreError> {
    let told = transaction.change(|connection| {
        diesel::update(
            knowledge_articles::table
                .find(present.id)
                .filter(knowledge_articles::version.eq(present.version))
                .filter(knowledge_articles::notice_at.is_not_null()),
        )
        .set(knowledge_articles::notice_at.eq(None::<i64>))
        .execute_prepared(connection)
    })?;
    Ok(told > 0)
}
