//! The audit trail as hash chains, one for each process number: a record's hash covers the record and its predecessor's hash.
//!
//! One thread of a process writes, group after group, so it knows where its chain ends and seals a record as it adds it: no
//! statement more, and nothing waits for another process. What a record says as bytes is the store's matter.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    DbConnection, StoreError,
    schema::{audit_heads, audit_records},
};

/// Says what is hashed, so that another form can never be taken for this one.
const FORM: &[u8] = b"shoufa audit record 1\n";

/// A SHA-256.
pub type ChainHash = [u8; 32];

/// A place in a chain: how many records it has up to here, and the hash of the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Records up to here; the first one has position 1.
    pub position: i64,
    /// Hash of the record at this position; zeros before the first.
    pub hash: ChainHash,
}

impl Link {
    /// Before the first record.
    pub const START: Self = Self {
        position: 0,
        hash: [0; 32],
    };

    /// A place as columns hold it; none when the hash has another length.
    #[must_use]
    pub fn of(position: i64, hash: &[u8]) -> Option<Self> {
        Some(Self {
            position,
            hash: as_hash(hash)?,
        })
    }

    /// The place of the next record, which says `content`, in the chain with this number.
    #[must_use]
    pub fn next(self, chain: i64, content: &[u8]) -> Self {
        let position = self.position.saturating_add(1);
        Self {
            position,
            hash: seal(chain, position, &self.hash, content),
        }
    }
}

/// The hash of the record that says `content` at this place.
#[must_use]
pub fn seal(chain: i64, position: i64, previous: &[u8], content: &[u8]) -> ChainHash {
    Sha256::new()
        .chain_update(FORM)
        .chain_update(chain.to_be_bytes())
        .chain_update(position.to_be_bytes())
        .chain_update(previous)
        .chain_update(content)
        .finalize()
        .into()
}

/// A hash as a column holds it; none when it has another length.
#[must_use]
pub fn as_hash(bytes: &[u8]) -> Option<ChainHash> {
    bytes.try_into().ok()
}

/// The end of one process's chain, as its writer knows it.
#[derive(Debug)]
pub struct AuditChain {
    number: i64,
    /// None until it was read, and after a group that failed.
    end: Option<Link>,
}

impl AuditChain {
    pub(super) const fn of(process: i64) -> Self {
        Self {
            number: process,
            end: None,
        }
    }

    /// The chain's number, which is the process's.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.number
    }

    /// Where the chain ends: as known, else as the transaction sees the database.
    ///
    /// # Errors
    /// The database's failure.
    pub fn end(&mut self, connection: &mut DbConnection) -> Result<Link, StoreError> {
        if let Some(end) = self.end {
            return Ok(end);
        }
        let end = read_end(connection, self.number)?;
        self.end = Some(end);
        Ok(end)
    }

    /// To be called after records were added up to `end`.
    pub const fn go_on_from(&mut self, end: Link) {
        self.end = Some(end);
    }

    /// To be called when what was added may not be there.
    pub(super) const fn forget(&mut self) {
        self.end = None;
    }
}

/// Position and hash as columns hold them.
type Place = (i64, Vec<u8>);

/// The last record of the chain; or the head that was kept, where records after it are gone: the gap then stays to be seen. When
/// retention left none, the chain goes on behind what it removed.
fn read_end(connection: &mut DbConnection, chain: i64) -> Result<Link, StoreError> {
    let last: Option<Place> = audit_records::table
        .filter(audit_records::chain.eq(chain))
        .order(audit_records::position.desc())
        .select((audit_records::position, audit_records::hash))
        .first(connection)
        .optional()?;
    let kept: Option<(Place, Place)> = audit_heads::table
        .find(chain)
        .select((
            (audit_heads::position, audit_heads::hash),
            (audit_heads::removed_position, audit_heads::removed_hash),
        ))
        .first(connection)
        .optional()?;
    let (kept, removed) = kept.unzip();
    let mut end = Link::START;
    for place in [removed, kept, last].into_iter().flatten() {
        let place = link(place)?;
        if place.position >= end.position {
            end = place;
        }
    }
    Ok(end)
}

fn link((position, hash): Place) -> Result<Link, StoreError> {
    Link::of(position, &hash)
        .ok_or_else(|| StoreError::Database("a hash of the audit trail has another length".to_owned()))
}
