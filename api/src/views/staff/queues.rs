//! The lists that staff work from: which are the caller's, how full they are, and what lies in them within his reach.

use std::{collections::BTreeSet, sync::Arc};

use shared::{
    contract::{
        paging::{PageQuery, PageView},
        problem::ProblemCode,
        staff_queue::{QueueEntryView, QueueFlagView, QueueView, QueuesView, TierQueueView},
    },
    domain::{
        case::Action,
        id::{FlagId, OrderId},
        integrity::Sign,
        queue::{Queue, QueueSource},
        role::{Grant, Reach},
        supervision::Tier,
        time::Timestamp,
    },
};

use super::{Hurry, due_state};
use crate::{
    access::StaffActor,
    city::City,
    database::{DbConnection, StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{
        clock_store::ClockRow,
        parse_word,
        queue_store::{self, MOST_NAMED, QueueRow},
    },
};

/// Rows read for each entry wanted: some lie outside the reach.
const SCAN_FACTOR: u32 = 5;

/// The caller's lists with their counts.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn overview(services: &Services, viewer: &StaffActor) -> Result<QueuesView, Failure> {
    let city = services.city();
    let desks: Vec<(Queue, Counted)> = Queue::ALL
        .iter()
        .filter_map(|queue| {
            let grants = grants_for(viewer, *queue);
            (!grants.is_empty()).then(|| (*queue, counted(&city, viewer, *queue, &grants)))
        })
        .collect();
    let wanted = |orders: bool| -> Vec<String> {
        let names = desks.iter().filter(|(_, desk)| desk.orders == orders);
        let names: BTreeSet<String> = names.flat_map(|(_, desk)| desk.dimensions.clone()).collect();
        names.into_iter().collect()
    };
    let (by_state, stage_names) = (wanted(false), wanted(true));
    let (tiers, tier_names) = tiers_held(&city, viewer);
    let (amounts, by_tier) = services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            let mut amounts = queue_store::list_counters(connection, "cases_by_state", &by_state)?;
            if !stage_names.is_empty() {
                amounts.extend(queue_store::list_counters(
                    connection,
                    "orders_by_unit_and_stage",
                    &stage_names,
                )?);
            }
            let by_tier = if tier_names.is_empty() {
                Vec::new()
            } else {
                queue_store::list_counters(connection, "supervisions_by_tier", &tier_names)?
            };
            Ok((amounts, by_tier))
        })
        .await?;
    let count = |desk: &Counted| {
        let parts = amounts
            .iter()
            .filter(|(dimension, _)| desk.dimensions.contains(dimension));
        (!desk.dimensions.is_empty()).then(|| parts.map(|(_, amount)| amount).sum())
    };
    let items = desks.iter().map(|(queue, desk)| QueueView {
        queue: *queue,
        name: queue.name_zh().to_owned(),
        count: count(desk),
    });
    let open = |tier: Tier| by_tier.iter().find(|(name, _)| name == tier.as_str());
    let held = tiers.into_iter().map(|(tier, whole)| TierQueueView {
        tier,
        name: tier.name_zh().to_owned(),
        count: whole.then(|| open(tier).map_or(0, |(_, amount)| *amount)),
    });
    Ok(QueuesView {
        items: items.collect(),
        tiers: held.collect(),
    })
}

/// The tiers that the caller holds, each with whether he holds all of it, and the names of those that are counted for him.
fn tiers_held(city: &City, viewer: &StaffActor) -> (Vec<(Tier, bool)>, Vec<String>) {
    let held = |tier: &Tier| {
        let owner = city.ladder.rule(*tier).owner;
        let own: Vec<&Grant> = viewer.grants.iter().filter(|grant| grant.role == owner).collect();
        let everywhere = own.iter().any(|grant| **grant == Grant::everywhere(owner));
        (!own.is_empty()).then_some((*tier, everywhere))
    };
    let tiers: Vec<(Tier, bool)> = Tier::ALL.iter().filter_map(held).collect();
    let whole = tiers.iter().filter(|(_, whole)| *whole);
    let names = whole.map(|(tier, _)| tier.as_str().to_owned()).collect();
    (tiers, names)
}

/// The counters that add up to a list; none where it is not counted apart.
struct Counted {
    orders: bool,
    dimensions: BTreeSet<String>,
}

fn counted(city: &City, viewer: &StaffActor, queue: Queue, grants: &[Grant]) -> Counted {
    let whole = |grant: &Grant| grant.region.is_none() && grant.kinds.is_none();
    match queue.source() {
        QueueSource::State(state) if grants.iter().any(|grant| whole(grant) && grant.unit.is_none()) => Counted {
            orders: false,
            dimensions: BTreeSet::from([state.as_str().to_owned()]),
        },
        QueueSource::Orders {
            stage,
            unsigned_reply: false,
        } if grants.iter().all(whole) => {
            let units = units_within(city, viewer, grants);
            let dimensions = units.iter().map(|unit| format!("{unit}/{stage}")).collect();
            Counted {
                orders: true,
                dimensions,
            }
        }
        _ => Counted {
            orders: false,
            dimensions: BTreeSet::new(),
        },
    }
}

/// One page of one list, in the order in which its entries came.
///
/// # Errors
/// `NotFound` for a list that does not exist; `Forbidden` for one that is not the caller's; `Invalid` for a cursor that is none.
pub async fn list(
    services: &Services,
    viewer: &StaffActor,
    queue: &str,
    page: &PageQuery,
) -> Result<PageView<QueueEntryView>, Failure> {
    let queue: Queue = queue.parse().map_err(|_| ProblemCode::NotFound)?;
    let grants = grants_for(viewer, queue);
    if grants.is_empty() {
        return Err(ProblemCode::Forbidden.into());
    }
    let after: i64 = match &page.after {
        Some(text) => text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))?,
        None => 0,
    };
    let city = services.city();
    let desk = Desk {
        units: units_within(&city, viewer, &grants),
        counties: counties_within(&city, &grants),
        queue,
        viewer: viewer.id,
        grants,
        city: Arc::clone(&city),
    };
    let wanted = page.wanted();
    let (rows, next, clocks) = services
        .database
        .readers
        .read(move |connection| desk.read(connection, after, wanted))
        .await?;
    let now = services.now();
    let show = |row: &QueueRow| entry(services, &city, queue, row, &clocks, now);
    Ok(PageView {
        items: rows.iter().map(show).collect::<Result<_, _>>()?,
        next,
    })
}

/// A list as one person works from it.
struct Desk {
    queue: Queue,
    viewer: i64,
    grants: Vec<Grant>,
    units: Vec<String>,
    counties: Vec<String>,
    city: Arc<City>,
}

type Page = (Vec<QueueRow>, Option<String>, Vec<ClockRow>);

impl Desk {
    /// Two statements, whatever the page's size.
    fn read(&self, connection: &mut DbConnection, after: i64, wanted: u32) -> Result<Page, Failure> {
        let scanned = i64::from(wanted * SCAN_FACTOR);
        let rows = self.scan(connection, after, scanned).map_err(StoreError::from)?;
        let full = i64::try_from(rows.len()).is_ok_and(|read| read == scanned);
        let end = rows.last().map(|row| row.key);
        let mut within: Vec<QueueRow> = Vec::new();
        for row in rows {
            if self.reaches(&row)? {
                within.push(row);
            }
        }
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        let next = if within.len() > wanted {
            within.truncate(wanted);
            within.last().map(|row| row.key)
        } else {
            end.filter(|_| full)
        };
        let ids: Vec<i64> = within.iter().map(|row| row.case.id).collect();
        let clocks = if ids.is_empty() {
            Vec::new()
        } else {
            queue_store::list_clocks(connection, &ids).map_err(StoreError::from)?
        };
        Ok((within, next.map(|key| key.to_string()), clocks))
    }

    fn scan(&self, connection: &mut DbConnection, after: i64, limit: i64) -> diesel::QueryResult<Vec<QueueRow>> {
        match self.queue.source() {
            QueueSource::State(state) => {
                queue_store::list_by_state(connection, state.as_str(), &self.counties, after, limit)
            }
            QueueSource::Orders {
                stage,
                unsigned_reply: false,
            } => queue_store::list_by_units(connection, &self.units, stage, after, limit),
            QueueSource::Orders { stage, .. } => {
                queue_store::list_unsigned(connection, &self.units, stage, after, limit)
            }
            QueueSource::OwnOrders { stage } => {
                queue_store::list_by_handler(connection, self.viewer, stage, after, limit)
            }
            QueueSource::Decision(clock, state) => {
                queue_store::list_decisions(connection, clock.as_str(), state.as_str(), after, limit)
            }
            QueueSource::LookBacks => queue_store::list_look_backs(connection, after, limit),
            QueueSource::Flags => queue_store::list_flags(connection, after, limit),
        }
    }

    fn reaches(&self, row: &QueueRow) -> Result<bool, Failure> {
        let mut facts = row.case.facts()?;
        let category = row.case.category.as_deref();
        facts.no_publicity = self.city.ladder.no_publicity.covers(&facts, category);
        let waits = match self.queue {
            Queue::Exclusions => facts.pending(Action::RequestExclusion).is_some(),
            Queue::Extensions => facts.pending(Action::RequestExtension).is_some(),
            Queue::Commitments => facts.pending(Action::RequestCommitment).is_some(),
            Queue::Signature => facts.pending(Action::SubmitReply).is_some(),
            Queue::Closing => facts.pending(Action::RequestCloseExplained).is_some(),
            Queue::FollowUp => facts.memory.demand_since.is_none(),
            _ => true,
        };
        let unit = row
            .order
            .as_ref()
            .map(|order| &order.unit)
            .or(row.case.lead_unit.as_ref());
        let unit_path = unit.map(|unit| self.city.unit_path(unit)).unwrap_or_default();
        let region = row.case.region.as_deref();
        let region_path = region.map(|region| self.city.region_path(region)).unwrap_or_default();
        let reach = Reach {
            unit_path: &unit_path,
            region_path: &region_path,
            kind: Some(facts.kind),
        };
        let decides = |grant: &Grant| match self.queue {
            Queue::Extensions => grant.role == facts.decides_extension(),
            Queue::LookBacks => grant.role == facts.looks_back(),
            _ => true,
        };
        Ok(waits && self.grants.iter().any(|grant| decides(grant) && grant.covers(&reach)))
    }
}

fn grants_for(viewer: &StaffActor, queue: Queue) -> Vec<Grant> {
    let of_the_queue = |grant: &&Grant| queue.roles().contains(&grant.role);
    viewer.grants.iter().filter(of_the_queue).cloned().collect()
}

/// The units of the grants' subtrees; the own unit's where a grant names none.
fn units_within(city: &City, viewer: &StaffActor, grants: &[Grant]) -> Vec<String> {
    let roots: BTreeSet<&str> = grants
        .iter()
        .map(|grant| grant.unit.as_deref().unwrap_or(&viewer.unit))
        .collect();
    let within = |code: &str| roots.iter().any(|root| city.units.in_subtree(root, code));
    let units = city.units.iter().filter(|unit| within(&unit.code));
    units.take(MOST_NAMED).map(|unit| unit.code.clone()).collect()
}

/// The counties to which all grants are limited; empty when one of them is not.
fn counties_within(city: &City, grants: &[Grant]) -> Vec<String> {
    let county = |grant: &Grant| {
        let region = grant.region.as_deref()?;
        city.regions.county_of(region).map(|county| county.code.clone())
    };
    let counties: Option<BTreeSet<String>> = grants.iter().map(county).collect();
    counties
        .map(|counties| counties.into_iter().collect())
        .unwrap_or_default()
}

fn entry(
    services: &Services,
    city: &City,
    queue: Queue,
    row: &QueueRow,
    clocks: &[ClockRow],
    now: Timestamp,
) -> Result<QueueEntryView, Failure> {
    let (case, facts) = (&row.case, row.case.facts()?);
    let clock = queue.clocks().iter().find_map(|kind| {
        let runs = |clock: &&ClockRow| clock.case_id == case.id && clock.kind == kind.as_str();
        clocks.iter().find(runs)
    });
    let hurry = Hurry {
        kind: facts.kind,
        urgency: facts.urgency,
        category: case.category.as_deref(),
        now,
    };
    let unit = row.order.as_ref().map(|order| order.unit.clone()).or(facts.lead_unit);
    let made = row
        .order
        .as_ref()
        .map(|order| order.id)
        .or(row.flag.as_ref().map(|flag| flag.id));
    let since = made.map_or(case.updated_at(), made_at);
    let flag = row.flag.as_ref().map(|flag| {
        let sign: Sign = parse_word("flags.sign", &flag.sign)?;
        Ok::<_, StoreError>(QueueFlagView {
            id: FlagId(flag.id),
            sign,
            sign_name: sign.name_zh().to_owned(),
        })
    });
    Ok(QueueEntryView {
        receipt_no: services.receipts.write(case.id),
        order_id: row.order.as_ref().map(|order| OrderId(order.id)),
        flag: flag.transpose()?,
        title: case.title.clone(),
        kind: facts.kind,
        state: facts.state,
        urgency: facts.urgency,
        category: case.category.clone(),
        category_name: case
            .category
            .as_deref()
            .and_then(|code| city.categories.full_name(code)),
        place_name: case
            .region
            .as_deref()
            .and_then(|code| city.regions.full_name(code))
            .map(str::to_owned),
        due: clock.map(|clock| Timestamp(clock.due_at)),
        due_state: clock.map(|clock| due_state(city, &hurry, clock)),
        unit_name: unit.as_deref().map(|code| city.unit_name(code).to_owned()),
        unit,
        since: clock.map_or(since, |clock| Timestamp(clock.started_at)),
        cycle: facts.cycle,
        tier: facts.tier,
    })
}
