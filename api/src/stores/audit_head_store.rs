//! How far each chain of the audit trail had come when it was last looked at, and up to where retention removed it. Neither ever
//! moves back.

use diesel::prelude::*;
use sha2::{Digest, Sha256};
use shared::domain::time::Timestamp;

use crate::database::{
    DbConnection, StoreError, Transaction,
    audit_chain::{ChainHash, Link},
    connection::on_each_backend,
    prepared::ExecutePrepared,
    schema::audit_heads,
};

/// The head of one chain, and its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_heads)]
pub struct AuditHeadRow {
    /// Number of the chain.
    pub chain: i64,
    /// Records that it had.
    pub position: i64,
    /// Hash of the last of them.
    pub hash: Vec<u8>,
    /// When it was looked at, in microseconds since 1970.
    pub kept_at: i64,
    /// Records that retention removed from its beginning.
    pub removed_position: i64,
    /// Hash of the last of them; zeros when there is none.
    pub removed_hash: Vec<u8>,
}

impl AuditHeadRow {
    /// Behind which place the chain begins; its start when the hash has another length, so that the fault is found.
    #[must_use]
    pub fn removed(&self) -> Link {
        Link::of(self.removed_position, &self.removed_hash).unwrap_or(Link::START)
    }
}

/// All heads, by the number of the chain. There are at most as many as processes can run at a time.
///
/// # Errors
/// The database's failure.
pub fn list_heads(connection: &mut DbConnection) -> QueryResult<Vec<AuditHeadRow>> {
    audit_heads::table
        .order(audit_heads::chain.asc())
        .select(AuditHeadRow::as_select())
        .load(connection)
}

/// Behind which place a chain begins: its start, unless retention removed records.
///
/// # Errors
/// The database's failure.
pub fn find_begin(connection: &mut DbConnection, chain: i64) -> QueryResult<Link> {
    let row = audit_heads::table.find(chain).select(AuditHeadRow::as_select());
    let row = row.first(connection).optional()?;
    Ok(row.map_or(Link::START, |row| row.removed()))
}

/// Keeps where a chain ends, unless a later end is kept already.
///
/// # Errors
/// The database's failure.
pub fn keep_end(transaction: &mut Transaction<'_>, chain: i64, end: Link, now: Timestamp) -> Result<(), StoreError> {
    let later = audit_heads::position.lt(end.position);
    let moved = transaction.change(|connection| {
        diesel::update(audit_heads::table.find(chain).filter(later))
            .set((
                audit_heads::position.eq(end.position),
                audit_heads::hash.eq(end.hash.as_slice()),
                audit_heads::kept_at.eq(now.0),
            ))
            .execute_prepared(connection)
    })?;
    if moved == 0 {
        insert(transaction, chain, end, Link::START, now)?;
    }
    Ok(())
}

/// Keeps the last record that retention removes from a chain's beginning.
///
/// # Errors
/// The database's failure.
pub fn keep_removed(
    transaction: &mut Transaction<'_>,
    chain: i64,
    removed: Link,
    now: Timestamp,
) -> Result<(), StoreError> {
    let moved = transaction.change(|connection| {
        diesel::update(audit_heads::table.find(chain))
            .set((
                audit_heads::removed_position.eq(removed.position),
                audit_heads::removed_hash.eq(removed.hash.as_slice()),
            ))
            .execute_prepared(connection)
    })?;
    if moved == 0 {
        insert(transaction, chain, removed, removed, now)?;
    }
    Ok(())
}

/// Adds the row of a chain, unless it is there.
fn insert(
    transaction: &mut Transaction<'_>,
    chain: i64,
    end: Link,
    removed: Link,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = AuditHeadRow {
        chain,
        position: end.position,
        hash: end.hash.to_vec(),
        kept_at: now.0,
        removed_position: removed.position,
        removed_hash: removed.hash.to_vec(),
    };
    transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(audit_heads::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(inner)
        })
    })?;
    Ok(())
}

/// Records in all chains, and one hash over all their ends.
#[must_use]
pub fn whole(heads: &[AuditHeadRow]) -> (i64, ChainHash) {
    let mut hash = Sha256::new();
    for head in heads {
        hash.update(head.chain.to_be_bytes());
        hash.update(head.position.to_be_bytes());
        hash.update(&head.hash);
    }
    (heads.iter().map(|head| head.position).sum(), hash.finalize().into())
}
