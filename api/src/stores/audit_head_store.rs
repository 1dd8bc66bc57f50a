//! How far each chain of the audit trail had come when it was last looked at. A head only ever moves forward.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::database::{
    DbConnection, StoreError, Transaction, audit_chain::ChainHash, connection::on_each_backend, schema::audit_heads,
};

/// The head of one chain.
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

/// Keeps a head, unless a later one of this chain is kept already.
///
/// # Errors
/// The database's failure.
pub fn keep_head(transaction: &mut Transaction<'_>, head: &AuditHeadRow) -> Result<(), StoreError> {
    let later = audit_heads::position.lt(head.position);
    let moved = transaction.change(|connection| {
        diesel::update(audit_heads::table.find(head.chain).filter(later))
            .set((
                audit_heads::position.eq(head.position),
                audit_heads::hash.eq(&head.hash),
                audit_heads::kept_at.eq(head.kept_at),
            ))
            .execute(connection)
    })?;
    if moved == 0 {
        transaction.change(|connection| {
            on_each_backend!(connection, |inner| {
                diesel::insert_into(audit_heads::table)
                    .values(head)
                    .on_conflict_do_nothing()
                    .execute(inner)
            })
        })?;
    }
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
