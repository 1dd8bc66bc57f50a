//! The search index of both databases: which cases hold certain words, newest first. The only place that knows `FTS5` and
//! `tsvector`. What is indexed and who may find it is the caller's to decide; what a word is, `shared::domain::search`.
//!
//! `SQLite` walks its posting lists from the newest row on and stops when it has enough. PostgreSQL would fetch and sort every row
//! that holds a common word. There the newest few hundred rows are looked at directly, which answers every common word; what is
//! rarer is asked of ever longer spans of time, each only when those before did not give enough. For that each row also carries
//! its day, its ten days and its hundred days as words of their own.

use diesel::{
    QueryableByName, RunQueryDsl,
    result::QueryResult,
    sql_query,
    sql_types::{Array, BigInt, Nullable, Text},
};
use shared::domain::{search, time::Timestamp};

use super::{
    DbConnection,
    ids::{first_id_at, made_at},
};

/// Which words are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchIndex {
    /// All words of all cases, for staff.
    Staff,
    /// Released words of public cases.
    Public,
}

impl SearchIndex {
    const fn table(self) -> &'static str {
        match self {
            Self::Staff => "case_search",
            Self::Public => "public_case_search",
        }
    }
}

const DAY_MICROS: i64 = 86_400_000_000;
/// Days of the spans that a row's extra words name on PostgreSQL. The words have a colon, which no token of a text has.
const SPANS: [i64; 3] = [1, 10, 100];
/// Of each span the present one and so many before it are asked at once.
const SPANS_BEFORE: i64 = 1;
/// Newest rows that PostgreSQL looks at directly.
const LOOKED_AT: i64 = 400;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    case_id: i64,
}

#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = Nullable<BigInt>)]
    oldest: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    latest: Option<i64>,
    #[diesel(sql_type = Array<BigInt>)]
    hits: Vec<i64>,
}

/// Puts the words of these cases, each named once, in the place of those indexed before. A case must have words.
///
/// # Errors
/// The database's failure.
pub fn put_words(connection: &mut DbConnection, index: SearchIndex, cases: &[(i64, &[String])]) -> QueryResult<usize> {
    let table = index.table();
    if matches!(connection, DbConnection::Sqlite(_)) {
        let ids: Vec<i64> = cases.iter().map(|(case_id, _)| *case_id).collect();
        remove_words(connection, index, &ids)?;
    }
    match connection {
        DbConnection::Sqlite(inner) => {
            let insert = format!("INSERT INTO {table} (rowid, tokens) VALUES (?, ?)");
            for (case_id, tokens) in cases {
                sql_query(&insert)
                    .bind::<BigInt, _>(case_id)
                    .bind::<Text, _>(tokens.join(" "))
                    .execute(inner)?;
            }
            Ok(cases.len())
        }
        DbConnection::Postgres(inner) => {
            let (ids, words): (Vec<i64>, Vec<String>) = cases
                .iter()
                .map(|(case_id, tokens)| (*case_id, words_on_postgres(*case_id, tokens).join(" ")))
                .unzip();
            sql_query(format!(
                "INSERT INTO {table} (case_id, tokens) \
                 SELECT case_id, array_to_tsvector(string_to_array(words, ' ')) FROM unnest($1, $2) AS given (case_id, words) \
                 ON CONFLICT (case_id) DO UPDATE SET tokens = excluded.tokens"
            ))
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(words)
            .execute(inner)
        }
    }
}

/// What a row on PostgreSQL holds: the tokens, and the spans of days in which the case was made.
#[must_use]
pub fn words_on_postgres(case_id: i64, tokens: &[String]) -> Vec<String> {
    let spans = SPANS.map(|days| span_word(days, day_of(case_id) / days));
    tokens.iter().cloned().chain(spans).collect()
}

/// Takes cases out of an index; nothing happens to those that are not in it. One statement.
///
/// # Errors
/// The database's failure.
pub fn remove_words(connection: &mut DbConnection, index: SearchIndex, case_ids: &[i64]) -> QueryResult<usize> {
    let table = index.table();
    match connection {
        DbConnection::Sqlite(inner) => {
            let ids = case_ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
            sql_query(format!(
                "DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))"
            ))
            .bind::<Text, _>(format!("[{ids}]"))
            .execute(inner)
        }
        DbConnection::Postgres(inner) => sql_query(format!("DELETE FROM {table} WHERE case_id = ANY ($1)"))
            .bind::<Array<BigInt>, _>(case_ids)
            .execute(inner),
    }
}

/// The ids of the cases that hold all that `query` asks for, newest first, below `before`, at most `limit`. Empty for a
/// query without letters and digits. One statement on `SQLite`, one or two on PostgreSQL.
///
/// # Errors
/// The database's failure.
pub fn find_cases(
    connection: &mut DbConnection,
    index: SearchIndex,
    query: &str,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let table = index.table();
    match connection {
        DbConnection::Sqlite(inner) => {
            let Some(words) = search::fts5_query(query) else {
                return Ok(Vec::new());
            };
            let found: Vec<Found> = sql_query(format!(
                "SELECT rowid AS case_id FROM {table} WHERE {table} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
            ))
            .bind::<Text, _>(words)
            .bind::<BigInt, _>(before)
            .bind::<BigInt, _>(limit)
            .load(inner)?;
            Ok(found.into_iter().map(|row| row.case_id).collect())
        }
        DbConnection::Postgres(inner) => {
            let Some(words) = search::tsquery(query) else {
                return Ok(Vec::new());
            };
            let newest: Newest = sql_query(format!(
                "SELECT min(case_id) AS oldest, max(case_id) AS latest, \
                 coalesce(array_agg(case_id ORDER BY case_id DESC) FILTER (WHERE tokens @@ $1::tsquery), '{{}}') AS hits \
                 FROM (SELECT case_id, tokens FROM {table} WHERE case_id < $2 ORDER BY case_id DESC LIMIT {LOOKED_AT}) newest"
            ))
            .bind::<Text, _>(&words)
            .bind::<BigInt, _>(before)
            .get_result(inner)?;
            let mut found = newest.hits;
            found.truncate(usize::try_from(limit).unwrap_or_default());
            let missing = limit - i64::try_from(found.len()).unwrap_or(limit);
            if let (Some(oldest), Some(latest), true) = (newest.oldest, newest.latest, missing > 0) {
                let rows: Vec<Found> = sql_query(older(table, &words, latest, oldest, missing))
                    .bind::<Text, _>(&words)
                    .load(inner)?;
                found.extend(rows.into_iter().map(|row| row.case_id));
            }
            Ok(found)
        }
    }
}

/// The statement for rows older than those looked at: one part a span, newest first. Parts are run in their order and only until
/// enough is found, since readers do without parallel plans. Sums with 0 keep the planner from walking along the ids.
fn older(table: &str, words: &str, newest: i64, oldest: i64, limit: i64) -> String {
    let day = day_of(newest);
    let mut before = oldest;
    let mut parts: Vec<String> = Vec::with_capacity(SPANS.len() + 1);
    for days in SPANS {
        let first = day / days - SPANS_BEFORE;
        let names: Vec<String> = (first..=day / days)
            .map(|span| format!("'{}'", span_word(days, span)))
            .collect();
        let from = first_id_at(Timestamp(first * days * DAY_MICROS));
        if from < before {
            let asked = format!("{words} & ({})", names.join(" | "));
            parts.push(part(table, &quoted(&asked), from, before, limit));
            before = from;
        }
    }
    parts.push(part(table, "$1", 0, before, limit));
    format!("{} LIMIT {limit}", parts.join(" UNION ALL "))
}

fn part(table: &str, words: &str, from: i64, before: i64, limit: i64) -> String {
    format!(
        "(SELECT case_id FROM {table} WHERE tokens @@ {words}::tsquery AND case_id + 0 >= {from} AND case_id + 0 < {before} \
         ORDER BY case_id + 0 DESC LIMIT {limit})"
    )
}

/// As a literal of SQL. Conditions hold letters, digits and the query's own signs only; quotes are doubled all the same.
fn quoted(words: &str) -> String {
    format!("'{}'", words.replace('\'', "''"))
}

fn day_of(case_id: i64) -> i64 {
    made_at(case_id).0.div_euclid(DAY_MICROS)
}

fn span_word(days: i64, span: i64) -> String {
    format!("d{days}:{span}")
}
