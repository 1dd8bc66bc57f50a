//! The search index of both databases: which cases and articles hold certain words, newest first. The only place that knows `FTS5` and
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
    /// Questions, answers and words of knowledge articles.
    Articles,
}

impl SearchIndex {
    const fn table(self) -> &'static str {
        match self {
            Self::Staff => "case_search",
            Self::Public => "public_case_search",
            Self::Articles => "article_search",
        }
    }

    /// The column of PostgreSQL's tables that says whose words they are.
    const fn key(self) -> &'static str {
        match self {
            Self::Staff | Self::Public => "case_id",
            Self::Articles => "article_id",
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
    id: i64,
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

/// Puts the words of these rows, each named once, in the place of those indexed before. A row must have words.
///
/// # Errors
/// The database's failure.
pub fn put_words(connection: &mut DbConnection, index: SearchIndex, rows: &[(i64, &[String])]) -> QueryResult<usize> {
    let (table, key) = (index.table(), index.key());
    if matches!(connection, DbConnection::Sqlite(_)) {
        let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
        remove_words(connection, index, &ids)?;
    }
    match connection {
        DbConnection::Sqlite(inner) => {
            let insert = format!("INSERT INTO {table} (rowid, tokens) VALUES (?, ?)");
            for (id, tokens) in rows {
                sql_query(&insert)
                    .bind::<BigInt, _>(id)
                    .bind::<Text, _>(tokens.join(" "))
                    .execute(inner)?;
            }
            Ok(rows.len())
        }
        DbConnection::Postgres(inner) => {
            let (ids, words): (Vec<i64>, Vec<String>) = rows
                .iter()
                .map(|(id, tokens)| (*id, words_on_postgres(*id, tokens).join(" ")))
                .unzip();
            sql_query(format!(
                "INSERT INTO {table} ({key}, tokens) \
                 SELECT id, array_to_tsvector(string_to_array(words, ' ')) FROM unnest($1, $2) AS given (id, words) \
                 ON CONFLICT ({key}) DO UPDATE SET tokens = excluded.tokens"
            ))
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(words)
            .execute(inner)
        }
    }
}

/// What a row on PostgreSQL holds: the tokens, and the spans of days in which the row was made.
#[must_use]
pub fn words_on_postgres(id: i64, tokens: &[String]) -> Vec<String> {
    let spans = SPANS.map(|days| span_word(days, day_of(id) / days));
    tokens.iter().cloned().chain(spans).collect()
}

/// Takes rows out of an index; nothing happens to those that are not in it. One statement.
///
/// # Errors
/// The database's failure.
pub fn remove_words(connection: &mut DbConnection, index: SearchIndex, ids: &[i64]) -> QueryResult<usize> {
    let (table, key) = (index.table(), index.key());
    match connection {
        DbConnection::Sqlite(inner) => {
            let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
            sql_query(format!(
                "DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))"
            ))
            .bind::<Text, _>(format!("[{ids}]"))
            .execute(inner)
        }
        DbConnection::Postgres(inner) => sql_query(format!("DELETE FROM {table} WHERE {key} = ANY ($1)"))
            .bind::<Array<BigInt>, _>(ids)
            .execute(inner),
    }
}

/// The ids of the rows that hold all that `query` asks for, newest first, below `before`, at most `limit`. Empty for a
/// query without letters and digits. One statement on `SQLite`, one or two on PostgreSQL.
///
/// # Errors
/// The database's failure.
pub fn find_ids(
    connection: &mut DbConnection,
    index: SearchIndex,
    query: &str,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let (table, key) = (index.table(), index.key());
    match connection {
        DbConnection::Sqlite(inner) => {
            let Some(words) = search::fts5_query(query) else {
                return Ok(Vec::new());
            };
            let found: Vec<Found> = sql_query(format!(
                "SELECT rowid AS id FROM {table} WHERE {table} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
            ))
            .bind::<Text, _>(words)
            .bind::<BigInt, _>(before)
            .bind::<BigInt, _>(limit)
            .load(inner)?;
            Ok(found.into_iter().map(|row| row.id).collect())
        }
        DbConnection::Postgres(inner) => {
            let Some(words) = search::tsquery(query) else {
                return Ok(Vec::new());
            };
            let newest: Newest = sql_query(format!(
                "SELECT min({key}) AS oldest, max({key}) AS latest, \
                 coalesce(array_agg({key} ORDER BY {key} DESC) FILTER (WHERE tokens @@ $1::tsquery), '{{}}') AS hits \
                 FROM (SELECT {key}, tokens FROM {table} WHERE {key} < $2 ORDER BY {key} DESC LIMIT {LOOKED_AT}) newest"
            ))
            .bind::<Text, _>(&words)
            .bind::<BigInt, _>(before)
            .get_result(inner)?;
            let mut found = newest.hits;
            found.truncate(usize::try_from(limit).unwrap_or_default());
            let missing = limit - i64::try_from(found.len()).unwrap_or(limit);
            if let (Some(oldest), Some(latest), true) = (newest.oldest, newest.latest, missing > 0) {
                let rows: Vec<Found> = sql_query(older(index, &words, latest, oldest, missing))
                    .bind::<Text, _>(&words)
                    .load(inner)?;
                found.extend(rows.into_iter().map(|row| row.id));
            }
            Ok(found)
        }
    }
}

/// The statement for rows older than those looked at: one part a span, newest first. Parts are run in their order and only until
/// enough is found, since readers do without parallel plans. Sums with 0 keep the planner from walking along the ids.
fn older(index: SearchIndex, words: &str, newest: i64, oldest: i64, limit: i64) -> String {
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
            parts.push(part(index, &quoted(&asked), from, before, limit));
            before = from;
        }
    }
    parts.push(part(index, "$1", 0, before, limit));
    format!("{} LIMIT {limit}", parts.join(" UNION ALL "))
}

fn part(index: SearchIndex, words: &str, from: i64, before: i64, limit: i64) -> String {
    let (table, key) = (index.table(), index.key());
    format!(
        "(SELECT {key} AS id FROM {table} WHERE tokens @@ {words}::tsquery AND {key} + 0 >= {from} AND {key} + 0 < {before} \
         ORDER BY {key} + 0 DESC LIMIT {limit})"
    )
}

/// As a literal of SQL. Conditions hold letters, digits and the query's own signs only; quotes are doubled all the same.
fn quoted(words: &str) -> String {
    format!("'{}'", words.replace('\'', "''"))
}

fn day_of(id: i64) -> i64 {
    made_at(id).0.div_euclid(DAY_MICROS)
}

fn span_word(days: i64, span: i64) -> String {
    format!("d{days}:{span}")
}
