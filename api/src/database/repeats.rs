//! Writes that carry a key: what was done before under the keys of a group is looked up in one statement for all of them.

use std::collections::HashMap;

use diesel::{
    Queryable, QueryableByName, RunQueryDsl,
    result::QueryResult,
    sql_query,
    sql_types::{Array, BigInt, Text},
};

use super::{
    DbConnection,
    fixed::{Fixed, FixedSql},
};

/// The account that asks, and its key: names a write once and for all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WriteKey {
    /// The account.
    pub actor_id: i64,
    /// `Idempotency-Key`, or the submission's id.
    pub key: String,
}

/// A write that was done before under a key.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// What was asked for.
    pub operation: String,
    /// SHA-256 of the request's content, hexadecimal.
    pub fingerprint: String,
    /// The use case's outcome as JSON.
    pub outcome: String,
}

#[derive(Queryable, QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = BigInt)]
    actor_id: i64,
    #[diesel(sql_type = Text)]
    idempotency_key: String,
    #[diesel(sql_type = Text)]
    operation: String,
    #[diesel(sql_type = Text)]
    fingerprint: String,
    #[diesel(sql_type = Text)]
    outcome: String,
}

struct FindRepeats;

impl FixedSql for FindRepeats {
    type Columns = (BigInt, Text, Text, Text, Text);
    // CROSS JOIN fixes the order: first what is asked for, then the index.
    const BEFORE: &'static str = "SELECT found.actor_id, found.idempotency_key, found.operation, found.fingerprint, \
        found.outcome FROM json_each(";
    const AFTER: &'static str = ") asked CROSS JOIN idempotency_keys found \
        WHERE found.actor_id = asked.value ->> 0 AND found.idempotency_key = asked.value ->> 1";
}

/// What was done under these keys. One statement, each key looked up in the table's own index.
///
/// # Errors
/// The database's failure.
pub fn find_repeats(connection: &mut DbConnection, keys: &[&WriteKey]) -> QueryResult<HashMap<WriteKey, Repeat>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<KeyRow> = match connection {
        DbConnection::Sqlite(inner) => {
            let asked: Vec<_> = keys.iter().map(|key| (key.actor_id, &key.key)).collect();
            let asked = serde_json::to_string(&asked)
                .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
            Fixed::<FindRepeats>::with(asked).load(inner)?
        }
        DbConnection::Postgres(inner) => {
            let (actors, names): (Vec<i64>, Vec<&str>) =
                keys.iter().map(|key| (key.actor_id, key.key.as_str())).unzip();
            sql_query(
                "SELECT found.* FROM unnest($1, $2) AS asked (actor_id, name) CROSS JOIN LATERAL \
                 (SELECT * FROM idempotency_keys WHERE actor_id = asked.actor_id AND idempotency_key = asked.name \
                 LIMIT 1) found",
            )
            .bind::<Array<BigInt>, _>(actors)
            .bind::<Array<Text>, _>(names)
            .load(inner)?
        }
    };
    let repeat = |row: KeyRow| {
        let key = WriteKey {
            actor_id: row.actor_id,
            key: row.idempotency_key,
        };
        let done = Repeat {
            operation: row.operation,
            fingerprint: row.fingerprint,
            outcome: row.outcome,
        };
        (key, done)
    };
    Ok(rows.into_iter().map(repeat).collect())
}
