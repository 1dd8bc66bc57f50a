//! Warns many holders of clocks in one write. It takes those clocks of a page about which there is nothing to do but to warn, or
//! nothing at all; where a limit is over, or a tier is warned, the case is done by itself (`sweep`).

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use shared::domain::{
    deadline::{ClockKind, Wake},
    time::Timestamp,
};

use super::{
    orders::current,
    sweep::{DueCase, Swept, Warned, looks, warning},
    telling::{notify, with_handler},
};
use crate::{
    city::City,
    database::{DbConnection, StoreError},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        city_store,
        clock_store::{self, ClockRow},
        notice_store,
        order_store::{self, WorkOrderRow},
        supervision_store::{self, Opening},
    },
};

/// A clock that only warns, with those who are warned.
struct Reminder {
    clock: ClockRow,
    next: Option<Timestamp>,
    case: Arc<CaseRow>,
    words: Option<String>,
    recipients: Vec<i64>,
}

/// Does what can be done together, and answers what is left of the page.
///
/// # Errors
/// The database's failure.
pub async fn remind(services: &Arc<Services>, page: Vec<ClockRow>) -> Result<(Swept, Vec<DueCase>), Failure> {
    let (held, now) = (Arc::clone(services), services.now());
    let (reminders, rest) = services
        .database
        .readers
        .read(move |connection| part(connection, &held.city(), page, now))
        .await?;
    if reminders.is_empty() {
        return Ok((Swept::default(), rest));
    }
    let held = Arc::clone(services);
    let warned = services
        .database
        .writer
        .write(move |transaction| {
            let clocks: Vec<_> = reminders
                .iter()
                .map(|reminder| (&reminder.clock, reminder.next))
                .collect();
            let woken = clock_store::set_all_woken(transaction, &clocks, now)?;
            let mut warned = 0;
            for reminder in reminders.iter().filter(|reminder| woken.contains(&reminder.clock.id)) {
                let Some(words) = &reminder.words else { continue };
                warned += usize::from(!reminder.recipients.is_empty());
                for recipient in &reminder.recipients {
                    notify(&held, transaction, *recipient, &reminder.case, "due_soon", words, now);
                }
            }
            Ok::<_, Failure>(warned)
        })
        .await?;
    let swept = Swept {
        warned,
        ..Swept::default()
    };
    Ok((swept, rest))
}

/// Parts a page into what only warns and what is left.
fn part(
    connection: &mut DbConnection,
    city: &City,
    page: Vec<ClockRow>,
    now: Timestamp,
) -> Result<(Vec<Reminder>, Vec<DueCase>), StoreError> {
    let mut by_case: BTreeMap<i64, Vec<ClockRow>> = BTreeMap::new();
    for clock in page {
        by_case.entry(clock.case_id).or_default().push(clock);
    }
    let ids: Vec<i64> = by_case.keys().copied().collect();
    let (mut found, mut left) = (Vec::new(), Vec::new());
    for case in case_store::list_cases(connection, &ids)? {
        let clocks = by_case.remove(&case.id).unwrap_or_default();
        // All of a case or nothing: what is due about it is done in order.
        let looked: Option<Vec<Look>> = clocks
            .iter()
            .map(|clock| only_warns(connection, city, &case, clock, now))
            .collect();
        match looked {
            Some(looked) => found.push((Arc::new(case), clocks, looked)),
            None => left.push(DueCase {
                case,
                orders: Vec::new(),
                openings: Vec::new(),
                clocks,
            }),
        }
    }
    left.sort_unstable_by_key(|due| due.case.id);
    let ids: Vec<i64> = left.iter().map(|due| due.case.id).collect();
    let mut orders: HashMap<i64, Vec<WorkOrderRow>> = HashMap::new();
    for order in order_store::list_orders_of(connection, &ids)? {
        orders.entry(order.case_id).or_default().push(order);
    }
    let mut openings: HashMap<i64, Vec<Opening>> = HashMap::new();
    for opening in supervision_store::list_openings(connection, &ids)? {
        openings.entry(opening.case_id).or_default().push(opening);
    }
    for due in &mut left {
        due.orders = orders.remove(&due.case.id).unwrap_or_default();
        due.openings = openings.remove(&due.case.id).unwrap_or_default();
    }
    let desks = Desks::of(connection, &found)?;
    let mut reminders = Vec::new();
    for (case, clocks, looked) in found {
        for (clock, Look { warning, next }) in clocks.into_iter().zip(looked) {
            let recipients = match &warning {
                Some((Warned::Requester, _)) => case.requester_id.into_iter().collect(),
                Some(_) => desks.of_case(case.id),
                None => Vec::new(),
            };
            reminders.push(Reminder {
                clock,
                next,
                case: Arc::clone(&case),
                words: warning.map(|(_, words)| words),
                recipients,
            });
        }
    }
    Ok((reminders, left))
}

/// What a look at a clock comes to that needs no step.
struct Look {
    warning: Option<(Warned, String)>,
    next: Option<Timestamp>,
}

/// None where there is more to do than to warn the requester or the unit, and where something is wrong with the rows.
fn only_warns(
    connection: &mut DbConnection,
    city: &City,
    case: &CaseRow,
    clock: &ClockRow,
    now: Timestamp,
) -> Option<Look> {
    let kind: ClockKind = clock.kind.parse().ok()?;
    if now.0 >= clock.due_at {
        return None;
    }
    let policy = city
        .policy_of(clock.policy(), |kind, version| {
            city_store::find_content(connection, kind, version)
        })
        .ok()?;
    let (passed, next) = looks(city, &policy, case, kind, clock, now).ok()?;
    let warning = passed
        .contains(&Wake::Reminder)
        .then(|| warning(kind, Timestamp(clock.due_at)));
    let warning = warning.flatten();
    // Whoever is found by role is told where the case is done by itself.
    if matches!(warning, Some((Warned::Tier | Warned::LooksBack, _))) {
        return None;
    }
    Some(Look { warning, next })
}

/// Who sits at the desk of each case's order, read once for each unit.
struct Desks {
    of_case: HashMap<i64, (String, Option<i64>)>,
    people: HashMap<String, Vec<i64>>,
}

impl Desks {
    fn of(
        connection: &mut DbConnection,
        found: &[(Arc<CaseRow>, Vec<ClockRow>, Vec<Look>)],
    ) -> Result<Self, StoreError> {
        let warns = |look: &Look| matches!(look.warning, Some((Warned::Desk, _)));
        let cases = found.iter().filter(|(.., looked)| looked.iter().any(warns));
        let ids: Vec<i64> = cases.map(|(case, ..)| case.id).collect();
        let orders = order_store::list_orders_of(connection, &ids)?;
        let mut desks = Self {
            of_case: HashMap::new(),
            people: HashMap::new(),
        };
        for orders in orders.chunk_by(|one, next| one.case_id == next.case_id) {
            let Some(order) = current(orders) else { continue };
            if !desks.people.contains_key(&order.unit) {
                let people = notice_store::list_unit_desk(connection, &order.unit)?;
                desks.people.insert(order.unit.clone(), people);
            }
            desks
                .of_case
                .insert(order.case_id, (order.unit.clone(), order.handler_id));
        }
        Ok(desks)
    }

    fn of_case(&self, case_id: i64) -> Vec<i64> {
        let Some((unit, handler)) = self.of_case.get(&case_id) else {
            return Vec::new();
        };
        with_handler(self.people.get(unit).cloned().unwrap_or_default(), *handler)
    }
}
