//! Walks every chain of the trail and names the first record in each that was changed, removed or put in between.
//!
//! It also holds the trail against places that were kept or published: who rewrites a chain to its end is found there. A chain may
//! begin later than with its first record only where retention wrote down that it removed what is missing. What no chain can show
//! is a forged record after the last place that somebody kept.

use std::fmt;

use crate::{
    database::{
        Database, DbConnection, StoreError,
        audit_chain::{ChainHash, Link, as_hash},
        ids::{made_at, made_by},
    },
    stores::{
        audit_head_store,
        audit_store::{self, ChainedAuditRow},
    },
};

/// Records read at a time.
const PAGE: i64 = 2_000;
/// How far a clock may have been set back between two records: more means that one was dated back.
const CLOCK_MINUTES: i64 = 15;

/// A place that the trail must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of the chain.
    pub chain: i64,
    /// Records up to here.
    pub position: i64,
    /// Hash of the last of them.
    pub hash: ChainHash,
}

/// What is wrong, and with which record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The record does not say what was sealed.
    Changed {
        /// Its id.
        id: i64,
        /// Number of its chain.
        chain: i64,
        /// Its place in the chain.
        position: i64,
    },
    /// Records are gone.
    Removed {
        /// Number of the chain.
        chain: i64,
        /// The first that is missing.
        from: i64,
        /// The last that is missing.
        to: i64,
        /// The record before, if there is one.
        after: Option<i64>,
    },
    /// The record was not written by the server at its time.
    Inserted {
        /// Its id.
        id: i64,
        /// Number of its chain.
        chain: i64,
        /// Its place in the chain.
        position: i64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { id, chain, position } => {
                write!(
                    f,
                    "changed: record {id} (chain {chain}, position {position}) is not what was written"
                )
            }
            Self::Inserted { id, chain, position } => {
                write!(
                    f,
                    "inserted: record {id} (chain {chain}, position {position}) was put in afterwards"
                )
            }
            Self::Removed { chain, from, to, after } => {
                write!(f, "removed: positions {from} to {to} of chain {chain} are gone")?;
                match after {
                    Some(id) => write!(f, ", after record {id}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// What a walk over the whole trail came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailReport {
    /// Records read.
    pub records: i64,
    /// Chains walked.
    pub chains: i64,
    /// Records that retention removed, as it says itself.
    pub removed: i64,
    /// The first fault of each chain.
    pub findings: Vec<Finding>,
}

/// Walks the trail, and holds it against the heads kept in the database and against `published` places.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn verify(database: &Database, published: Vec<Checkpoint>) -> Result<TrailReport, StoreError> {
    database
        .readers
        .read(move |connection| {
            let mut checkpoints = published;
            let heads = audit_head_store::list_heads(connection)?;
            checkpoints.extend(heads.iter().map(|head| Checkpoint {
                chain: head.chain,
                position: head.position,
                hash: as_hash(&head.hash).unwrap_or_default(),
            }));
            let mut report = TrailReport {
                removed: heads.iter().map(|head| head.removed_position).sum(),
                ..TrailReport::default()
            };
            let mut last_chain = -1;
            while let Some(chain) = audit_store::next_chain(connection, last_chain)? {
                walk_whole(connection, chain, &checkpoints, &mut report)?;
                checkpoints.retain(|checkpoint| checkpoint.chain != chain);
                last_chain = chain;
            }
            // Chains of which nothing is left.
            checkpoints.sort_unstable_by_key(|checkpoint| (checkpoint.chain, -checkpoint.position));
            checkpoints.dedup_by_key(|checkpoint| checkpoint.chain);
            for Checkpoint { chain, position, .. } in checkpoints {
                let begin = audit_head_store::find_begin(connection, chain)?;
                let walk = Walk::of(chain, begin, &[]);
                report.findings.extend(walk.missing_up_to(position));
            }
            Ok(report)
        })
        .await
}

/// Walks one chain. When retention went on meanwhile, what looks like a fault may be none: it is walked again.
fn walk_whole(
    connection: &mut DbConnection,
    chain: i64,
    checkpoints: &[Checkpoint],
    report: &mut TrailReport,
) -> Result<(), StoreError> {
    loop {
        let begin = audit_head_store::find_begin(connection, chain)?;
        let (records, finding) = walk(connection, Walk::of(chain, begin, checkpoints))?;
        if finding.is_none() || audit_head_store::find_begin(connection, chain)? == begin {
            report.chains += 1;
            report.records += records;
            report.findings.extend(finding);
            return Ok(());
        }
    }
}

/// The records that were read, and the first fault.
fn walk(connection: &mut DbConnection, mut walk: Walk<'_>) -> Result<(i64, Option<Finding>), StoreError> {
    // From before the beginning: what was put there is seen as well.
    let (mut records, mut after) = (0, i64::MIN);
    loop {
        let page = audit_store::list_chain(connection, walk.chain, after, PAGE)?;
        if page.is_empty() {
            return Ok((records, walk.missing_at_the_end()));
        }
        for row in &page {
            records += 1;
            after = row.position;
            if let Some(finding) = walk.step(row) {
                return Ok((records, Some(finding)));
            }
        }
    }
}

/// How far the walk along one chain has come.
struct Walk<'a> {
    chain: i64,
    checkpoints: &'a [Checkpoint],
    end: Link,
    /// Hash before the last record.
    before: ChainHash,
    last_id: Option<i64>,
}

impl<'a> Walk<'a> {
    /// Of the chain that begins behind `begin`.
    const fn of(chain: i64, begin: Link, checkpoints: &'a [Checkpoint]) -> Self {
        Self {
            chain,
            checkpoints,
            end: begin,
            before: Link::START.hash,
            last_id: None,
        }
    }

    /// Takes the next record in; the fault that it shows, if any.
    fn step(&mut self, row: &ChainedAuditRow) -> Option<Finding> {
        let Some(link) = row.link() else {
            return Some(self.changed(row));
        };
        let sealed = row.expected_hash() == link.hash;
        if row.previous_hash != self.end.hash || row.position != self.end.position + 1 {
            return Some(self.broken(row, sealed));
        }
        if !sealed {
            return Some(self.changed(row));
        }
        let passes = |checkpoint: &Checkpoint| checkpoint.position != row.position || checkpoint.hash == link.hash;
        if !self.own_checkpoints().all(passes) {
            return Some(self.changed(row));
        }
        let dated_back = self
            .last_id
            .is_some_and(|last| made_at(row.record.id).plus_minutes(CLOCK_MINUTES) < made_at(last));
        if made_by(row.record.id) != self.chain || dated_back {
            return Some(self.inserted(row.record.id, row.position));
        }
        (self.before, self.end, self.last_id) = (self.end.hash, link, Some(row.record.id));
        None
    }

    /// The record does not join on to the one before: which of the two is wrong, or what is missing between them?
    fn broken(&self, row: &ChainedAuditRow, sealed: bool) -> Finding {
        let missing = Finding::Removed {
            chain: self.chain,
            from: self.end.position + 1,
            to: row.position - 1,
            after: self.last_id,
        };
        match self.last_id {
            // It still names the record before the last: the last came in between.
            Some(last) if row.previous_hash == self.before => self.inserted(last, self.end.position),
            _ if sealed && row.position > self.end.position + 1 => missing,
            // It names a record that stood where another stands now.
            Some(last) if sealed => Finding::Changed {
                id: last,
                chain: self.chain,
                position: self.end.position,
            },
            _ => self.inserted(row.record.id, row.position),
        }
    }

    /// What a kept head says should still come.
    fn missing_at_the_end(&self) -> Option<Finding> {
        let to = self.own_checkpoints().map(|checkpoint| checkpoint.position).max()?;
        self.missing_up_to(to)
    }

    fn missing_up_to(&self, to: i64) -> Option<Finding> {
        (to > self.end.position).then_some(Finding::Removed {
            chain: self.chain,
            from: self.end.position + 1,
            to,
            after: self.last_id,
        })
    }

    fn own_checkpoints(&self) -> impl Iterator<Item = &Checkpoint> {
        self.checkpoints
            .iter()
            .filter(|checkpoint| checkpoint.chain == self.chain)
    }

    const fn changed(&self, row: &ChainedAuditRow) -> Finding {
        Finding::Changed {
            id: row.record.id,
            chain: self.chain,
            position: row.position,
        }
    }

    const fn inserted(&self, id: i64, position: i64) -> Finding {
        Finding::Inserted {
            id,
            chain: self.chain,
            position,
        }
    }
}
