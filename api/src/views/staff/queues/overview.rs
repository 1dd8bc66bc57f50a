//! The caller's lists, with how much lies in each. What is kept as a counter is read from it; of everything else the first
//! entries are looked at. Two statements, whatever the roles.

use std::{collections::BTreeSet, sync::Arc};

use shared::{
    contract::staff_queue::{OtherListView, QueueView, QueuesView, TierQueueView},
    domain::{
        queue::{OtherList, Queue, QueueSource},
        supervision::Tier,
    },
};

use super::desk::{Desk, List};
use crate::{
    access::StaffActor,
    database::{DbConnection, StoreError},
    errors::Failure,
    services::Services,
    stores::queue_store::{self, Scan},
};

/// Entries looked at where a list is not counted.
const LOOKED_AT: i64 = 100;

/// The caller's lists with their counts.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn overview(services: &Services, viewer: &StaffActor) -> Result<QueuesView, Failure> {
    let city = services.city();
    let lists = (Queue::ALL.iter().copied().map(List::Queue))
        .chain(Tier::ALL.iter().copied().map(List::Tier))
        .chain(OtherList::ALL.iter().copied().map(List::Other));
    let desks: Vec<Desk> = lists.filter_map(|list| Desk::of(&city, viewer, list)).collect();
    let desks = Arc::new(desks);
    let counted = Arc::clone(&desks);
    let counts = services
        .database
        .readers
        .read(move |connection| count(connection, &counted))
        .await?;
    let mut view = QueuesView {
        items: Vec::new(),
        tiers: Vec::new(),
        others: Vec::new(),
    };
    for (desk, Count { count, or_more }) in desks.iter().zip(counts) {
        match desk.list {
            List::Queue(queue) => view.items.push(QueueView {
                queue,
                name: queue.name_zh().to_owned(),
                count,
                or_more,
            }),
            List::Tier(tier) => view.tiers.push(TierQueueView {
                tier,
                name: tier.name_zh().to_owned(),
                count,
                or_more,
            }),
            List::Other(list) => view.others.push(OtherListView {
                list,
                name: list.name_zh().to_owned(),
                path: list.path().to_owned(),
                count,
                or_more,
            }),
        }
    }
    Ok(view)
}

/// How much lies in a list, or how much was found in its beginning.
struct Count {
    count: i64,
    or_more: bool,
}

/// The counters whose sum is the size of a list.
struct Counters {
    name: &'static str,
    dimensions: BTreeSet<String>,
}

impl Counters {
    /// None where the list, or the caller's part of it, is not counted apart.
    fn of(desk: &Desk) -> Option<Self> {
        if !desk.is_whole() {
            return None;
        }
        let (name, dimensions) = match desk.list {
            List::Queue(queue) => {
                if let QueueSource::State(state) = queue.source() {
                    ("cases_by_state", BTreeSet::from([state.as_str().to_owned()]))
                } else {
                    let stage = desk.stage()?;
                    let dimensions = desk.units.iter().map(|unit| format!("{unit}/{stage}"));
                    ("orders_by_unit_and_stage", dimensions.collect())
                }
            }
            List::Tier(tier) => ("supervisions_by_tier", BTreeSet::from([tier.as_str().to_owned()])),
            List::Other(_) => return None,
        };
        Some(Self { name, dimensions })
    }
}

fn count(connection: &mut DbConnection, desks: &[Desk]) -> Result<Vec<Count>, Failure> {
    let kept: Vec<Option<Counters>> = desks.iter().map(Counters::of).collect();
    let names: BTreeSet<&str> = kept.iter().flatten().map(|counters| counters.name).collect();
    let dimensions: BTreeSet<&String> = kept
        .iter()
        .flatten()
        .flat_map(|counters| &counters.dimensions)
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    let dimensions: Vec<String> = dimensions.into_iter().cloned().collect();
    let amounts = queue_store::list_counters(connection, &names, &dimensions).map_err(StoreError::from)?;
    let scan = |desk: &Desk| Scan {
        walk: desk.walk(None),
        after: None,
        urgency: None,
        remembers: desk.remembers(),
        limit: LOOKED_AT + 1,
    };
    let looked_at = desks.iter().zip(&kept).filter(|(_, kept)| kept.is_none());
    let scans: Vec<Scan> = looked_at.map(|(desk, _)| scan(desk)).collect();
    let mut found = queue_store::list_waiting(connection, &scans)?.into_iter();
    let mut counts = Vec::with_capacity(desks.len());
    for (desk, kept) in desks.iter().zip(&kept) {
        counts.push(match kept {
            Some(counters) => {
                let of_it = |(name, dimension, _): &&(String, String, i64)| {
                    name == counters.name && counters.dimensions.contains(dimension)
                };
                Count {
                    count: amounts.iter().filter(of_it).map(|(_, _, amount)| amount).sum(),
                    or_more: false,
                }
            }
            None => looked_through(desk, found.next().unwrap_or_default())?,
        });
    }
    Ok(counts)
}

/// What of the first entries is within reach.
fn looked_through(desk: &Desk, mut rows: Vec<queue_store::QueueRow>) -> Result<Count, Failure> {
    let or_more = i64::try_from(rows.len()).is_ok_and(|read| read > LOOKED_AT);
    if or_more {
        rows.pop();
    }
    let mut count = 0;
    for row in &rows {
        count += i64::from(desk.reaches(row)?);
    }
    Ok(Count { count, or_more })
}
