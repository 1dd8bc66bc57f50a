//! Where the trail ends, in the words that are published; and published words as what the trail is held against.

use shared::{
    contract::audit::{AuditChainHeadView, AuditHeadView},
    domain::{hexadecimal::lower_hex, time::Timestamp},
};

use super::verify::Checkpoint;
use crate::{
    database::{Database, StoreError, audit_chain::ChainHash},
    stores::audit_head_store,
};

/// Where the trail ended when it was last looked at, a few seconds ago.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn audit_head(database: &Database) -> Result<AuditHeadView, StoreError> {
    let heads = database
        .readers
        .read(|connection| audit_head_store::list_heads(connection).map_err(StoreError::from))
        .await?;
    let (count, head) = audit_head_store::whole(&heads);
    Ok(AuditHeadView {
        taken_at: heads.iter().map(|row| row.kept_at).max().map(Timestamp),
        count,
        head: lower_hex(&head),
        chains: heads
            .iter()
            .map(|row| AuditChainHeadView {
                chain: row.chain,
                count: row.position,
                hash: lower_hex(&row.hash),
            })
            .collect(),
    })
}

/// The places that a published head names; none when a hash is not one.
#[must_use]
pub fn checkpoints_of(published: &AuditHeadView) -> Option<Vec<Checkpoint>> {
    let checkpoint = |chain: &AuditChainHeadView| {
        Some(Checkpoint {
            chain: chain.chain,
            position: chain.count,
            hash: unhex(&chain.hash)?,
        })
    };
    published.chains.iter().map(checkpoint).collect()
}

fn unhex(text: &str) -> Option<ChainHash> {
    let mut hash = ChainHash::default();
    if text.len() != hash.len() * 2 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}
