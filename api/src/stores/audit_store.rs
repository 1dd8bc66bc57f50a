//! The audit trail as rows: only ever added to, each sealed in its process's hash chain as it is added, and by the operator's
//! policy removed from its old end.

use diesel::{dsl::max, prelude::*};

use shared::domain::time::Timestamp;

use super::audit_head_store;
use crate::database::{
    DbConnection, StoreError, Transaction,
    append::AppendRow,
    audit_chain::{AuditChain, ChainHash, Link, seal},
    schema::audit_records,
};

/// Rows in one `INSERT` on PostgreSQL: below its limit of 65,535 bound values.
const ROWS_AT_ONCE: usize = 500;

/// One act: who, what, on what, with which result, from where.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_records, treat_none_as_default_value = false)]
pub struct NewAuditRow {
    /// The row; tells the time.
    pub id: i64,
    /// The account, when there is one.
    pub actor_id: Option<i64>,
    /// `person`, `staff`, `system` or `visitor`.
    pub actor_kind: String,
    /// The act, such as `session.sign_in`.
    pub action: String,
    /// Kind of the thing acted on.
    pub object_kind: String,
    /// Its id, when there is one.
    pub object_id: Option<i64>,
    /// `done`, or the code of the refusal.
    pub result: String,
    /// Where the request came from.
    pub source_address: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// JSON with what else matters; never a number, a code or a password.
    pub detail: String,
}

/// A record with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_records, treat_none_as_default_value = false)]
pub struct ChainedAuditRow {
    /// The record.
    #[diesel(embed)]
    pub record: NewAuditRow,
    /// Number of the chain: of the process that wrote the record.
    pub chain: i64,
    /// Which record of its chain it is; the first has 1.
    pub position: i64,
    /// Hash of the record before; zeros for the first.
    pub previous_hash: Vec<u8>,
    /// Hash of this record with its place and the hash before.
    pub hash: Vec<u8>,
}

impl NewAuditRow {
    /// The record as the bytes that are hashed: every field with its length in front, so that no two records say the same.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        let numbers =
            [Some(self.id), self.actor_id, self.object_id].map(|number| number.map(|number| number.to_string()));
        let [id, actor_id, object_id] = &numbers;
        let fields = [
            id.as_deref(),
            actor_id.as_deref(),
            Some(&self.actor_kind),
            Some(&self.action),
            Some(&self.object_kind),
            object_id.as_deref(),
            Some(&self.result),
            self.source_address.as_deref(),
            self.request_id.as_deref(),
            Some(&self.detail),
        ];
        let mut bytes = Vec::with_capacity(256);
        for field in fields {
            match field {
                None => bytes.push(0),
                Some(text) => {
                    bytes.push(1);
                    bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
                    bytes.extend_from_slice(text.as_bytes());
                }
            }
        }
        bytes
    }
}

impl ChainedAuditRow {
    fn after(end: Link, chain: i64, record: NewAuditRow) -> (Self, Link) {
        let next = end.next(chain, &record.content());
        let row = Self {
            record,
            chain,
            position: next.position,
            previous_hash: end.hash.to_vec(),
            hash: next.hash.to_vec(),
        };
        (row, next)
    }

    /// The hash that the record should have, if what stands before it is as it says.
    #[must_use]
    pub fn expected_hash(&self) -> ChainHash {
        seal(self.chain, self.position, &self.previous_hash, &self.record.content())
    }

    /// Its place in the chain; none when its hash has another length.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        Link::of(self.position, &self.hash)
    }
}

impl AppendRow for NewAuditRow {
    const ORDER: u8 = 90;

    fn insert_all(rows: Vec<Self>, connection: &mut DbConnection, chain: &mut AuditChain) -> Result<(), StoreError> {
        let mut end = chain.end(connection)?;
        let mut chained = Vec::with_capacity(rows.len());
        for record in rows {
            let (row, next) = ChainedAuditRow::after(end, chain.number(), record);
            chained.push(row);
            end = next;
        }
        match connection {
            DbConnection::Sqlite(inner) => {
                for row in &chained {
                    diesel::insert_into(audit_records::table).values(row).execute(inner)?;
                }
            }
            DbConnection::Postgres(inner) => {
                for rows in chained.chunks(ROWS_AT_ONCE) {
                    diesel::insert_into(audit_records::table).values(rows).execute(inner)?;
                }
            }
        }
        chain.go_on_from(end);
        Ok(())
    }
}

/// The lowest number of a chain above `after`.
///
/// # Errors
/// The database's failure.
pub fn next_chain(connection: &mut DbConnection, after: i64) -> QueryResult<Option<i64>> {
    audit_records::table
        .filter(audit_records::chain.gt(after))
        .order(audit_records::chain.asc())
        .select(audit_records::chain)
        .first(connection)
        .optional()
}

/// Records of a chain behind `position`, in order, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn list_chain(
    connection: &mut DbConnection,
    chain: i64,
    position: i64,
    limit: i64,
) -> QueryResult<Vec<ChainedAuditRow>> {
    audit_records::table
        .filter(audit_records::chain.eq(chain).and(audit_records::position.gt(position)))
        .order(audit_records::position.asc())
        .limit(limit)
        .select(ChainedAuditRow::as_select())
        .load(connection)
}

/// Which records are looked for.
#[derive(Debug, Clone)]
pub struct AuditFilter {
    /// With ids below this.
    pub before: i64,
    /// With this id or a later one.
    pub from: i64,
    /// Of this account.
    pub actor: Option<i64>,
    /// This act.
    pub action: Option<String>,
    /// On this case.
    pub case: Option<i64>,
    /// With this result.
    pub result: Option<String>,
}

/// The id of the record that is the `many`-th before the id `before`; none when there are not so many.
///
/// # Errors
/// The database's failure.
pub fn find_after(connection: &mut DbConnection, before: i64, many: i64) -> QueryResult<Option<i64>> {
    audit_records::table
        .filter(audit_records::id.lt(before))
        .order(audit_records::id.desc())
        .select(audit_records::id)
        .offset(many - 1)
        .first(connection)
        .optional()
}

/// What the filter lets through from the id `end` on, newest first, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn list_records(
    connection: &mut DbConnection,
    filter: &AuditFilter,
    end: i64,
    limit: i64,
) -> QueryResult<Vec<NewAuditRow>> {
    let mut found = audit_records::table
        .filter(audit_records::id.lt(filter.before).and(audit_records::id.ge(end)))
        .order(audit_records::id.desc())
        .limit(limit)
        .select(NewAuditRow::as_select())
        .into_boxed();
    if let Some(actor) = filter.actor {
        found = found.filter(audit_records::actor_id.eq(actor));
    }
    if let Some(action) = &filter.action {
        found = found.filter(audit_records::action.eq(action));
    }
    if let Some(case) = filter.case {
        found = found.filter(
            audit_records::object_kind
                .eq("case")
                .and(audit_records::object_id.eq(case)),
        );
    }
    if let Some(result) = &filter.result {
        found = found.filter(audit_records::result.eq(result));
    }
    found.load(connection)
}

/// Where a chain ends; none when it has no record, or one whose hash is none.
///
/// # Errors
/// The database's failure.
pub fn find_end(connection: &mut DbConnection, chain: i64) -> QueryResult<Option<Link>> {
    let last: Option<(i64, Vec<u8>)> = audit_records::table
        .filter(audit_records::chain.eq(chain))
        .order(audit_records::position.desc())
        .select((audit_records::position, audit_records::hash))
        .first(connection)
        .optional()?;
    Ok(last.and_then(|(position, hash)| Link::of(position, &hash)))
}

/// What the database itself never lets go: 184 days before its newest act, as ids count them.
const STAYS: i64 = (184 * 24 * 3600 * 1000) << 22;

/// Removes acts before the id `before` from the beginning of one chain, at most `limit`, and keeps how far: that a chain begins
/// later is then no fault, and a beginning that somebody else cut off is one. What the database keeps stays, whatever was asked for.
///
/// # Errors
/// The database's failure.
pub fn delete_old(
    transaction: &mut Transaction<'_>,
    before: i64,
    limit: i64,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let newest: Option<i64> =
        transaction.read(|connection| audit_records::table.select(max(audit_records::id)).first(connection))?;
    let before = before.min(newest.unwrap_or(0) - STAYS);
    let mut last_chain = -1;
    while let Some(chain) = transaction.read(|connection| next_chain(connection, last_chain))? {
        if let Some(removed) = transaction.read(|connection| old_beginning(connection, chain, before, limit))? {
            audit_head_store::keep_removed(transaction, chain, removed, now)?;
            let old = audit_records::position.le(removed.position);
            return transaction.change(|connection| {
                diesel::delete(audit_records::table.filter(audit_records::chain.eq(chain).and(old))).execute(connection)
            });
        }
        last_chain = chain;
    }
    Ok(0)
}

/// The last of a chain's first records, at most `limit`, that all have ids below `before`.
fn old_beginning(connection: &mut DbConnection, chain: i64, before: i64, limit: i64) -> QueryResult<Option<Link>> {
    let first: Vec<(i64, i64, Vec<u8>)> = audit_records::table
        .filter(audit_records::chain.eq(chain))
        .order(audit_records::position.asc())
        .limit(limit)
        .select((audit_records::id, audit_records::position, audit_records::hash))
        .load(connection)?;
    let old = first.into_iter().take_while(|(id, ..)| *id < before).last();
    Ok(old.and_then(|(_, position, hash)| Link::of(position, &hash)))
}

#[cfg(test)]
mod tests {
    use shared::domain::hexadecimal::lower_hex;

    use super::*;

    fn record() -> NewAuditRow {
        NewAuditRow {
            id: 7,
            actor_id: Some(1),
            actor_kind: "staff".into(),
            action: "case.accept".into(),
            object_kind: "case".into(),
            object_id: Some(2),
            result: "done".into(),
            source_address: None,
            request_id: None,
            detail: "{}".into(),
        }
    }

    #[test]
    fn no_two_records_say_the_same() {
        let one = record();
        let moved = NewAuditRow {
            action: "case.".into(),
            object_kind: "acceptcase".into(),
            ..record()
        };
        let empty = NewAuditRow {
            source_address: Some(String::new()),
            ..record()
        };
        assert_ne!(one.content(), moved.content());
        assert_ne!(one.content(), empty.content());
    }

    #[test]
    fn the_form_of_the_hash_stays_as_it_was_published() {
        let (first, next) = ChainedAuditRow::after(Link::START, 3, record());
        assert_eq!(first.expected_hash().to_vec(), first.hash);
        assert_eq!(
            lower_hex(&first.hash),
            "756f66016fda2e2e8e911325f27f0bcadbc2ad48080e87f6957fcb57bed09f05"
        );
        let (second, _) = ChainedAuditRow::after(next, 3, record());
        assert_eq!((second.position, &second.previous_hash), (2, &first.hash));
        assert_ne!(second.hash, first.hash);
    }
}
