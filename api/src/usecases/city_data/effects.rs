//! What planned data would do to open cases, counted in groups and changing nothing.
//!
//! A running clock keeps the due instant of its start, so that nothing moves by an import, and an accepted case keeps its
//! deadline policy. What is compared for the others are the limits: the one in force with the planned one, for a clock of the
//! same kind, urgency and category that starts now; and how many clocks would be late by now, had they been started with it.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap, HashSet},
};

use shared::{
    contract::city_data::{
        CityDataEffects, Comparison, DispatchEffect, LimitEffect, PolicyEffect, TierEffect, UnitMove,
    },
    domain::{
        calendar::WorkingHours,
        case::{CaseKind, CaseState, Urgency},
        deadline::{ClockKind, Limit},
        supervision::{Cause, Tier},
        time::Timestamp,
    },
};

use super::{ImportError, ImportPlan};
use crate::{
    city::{City, CityKind},
    database::{Database, StoreError},
    stores::{
        counter_store,
        effect_store::{self, RunningGroup, SupervisionGroup, WaitingGroup},
        parse_word,
    },
};

/// The counter of cases by state.
const BY_STATE: &str = "cases_by_state";
/// Pairs of category and place that are looked at.
const MOST_PLACES: usize = 20_000;
/// Moves from unit to unit that are told.
const MOST_MOVES: usize = 50;
/// Nothing that still runs started longer ago, in minutes: twenty years.
const LONGEST_AGO: i64 = 20 * 366 * 24 * 60;

/// Counts what the plan would do to open cases.
///
/// # Errors
/// The database's failure.
pub async fn effects(database: &Database, now: Timestamp, plan: &ImportPlan) -> Result<CityDataEffects, ImportError> {
    let kinds: Vec<CityKind> = plan.changes.iter().map(|change| change.kind).collect();
    if kinds.is_empty() {
        return Ok(CityDataEffects::default());
    }
    let cities = plan.clone();
    let change = off_thread(move || Change::read(&cities, now)).await??;
    let (change, groups) = database
        .readers
        .read(move |connection| {
            let changes = |wanted: &[CityKind]| wanted.iter().any(|kind| kinds.contains(kind));
            let mut groups = Groups::default();
            if changes(&[CityKind::Deadlines]) {
                groups.running = Some(effect_store::group_running(connection, now, &change.limits.instants)?);
                groups.states = counter_store::list_counters(connection, &[BY_STATE])?;
            }
            if changes(&[CityKind::Ladder]) {
                groups.supervisions = Some(effect_store::group_supervisions(
                    connection,
                    now,
                    &change.results.instants,
                )?);
            }
            if changes(&[
                CityKind::Catalogue,
                CityKind::Categories,
                CityKind::Units,
                CityKind::Regions,
                CityKind::RegionsCustom,
            ]) {
                groups.waiting = Some(effect_store::group_waiting(connection, MOST_PLACES + 1)?);
            }
            Ok::<_, StoreError>((change, groups))
        })
        .await?;
    Ok(off_thread(move || change.effects(groups)).await??)
}

/// Reading a city and asking its catalogue takes tens of milliseconds.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| StoreError::Database(format!("the preview failed: {error}")))
}

#[derive(Default)]
struct Groups {
    running: Option<Vec<RunningGroup>>,
    /// How many cases are in each state.
    states: BTreeMap<(String, String), i64>,
    supervisions: Option<Vec<SupervisionGroup>>,
    waiting: Option<Vec<WaitingGroup>>,
}

/// For each limit the last instant at which a clock can have started and be late now.
#[derive(Default)]
struct LateBy {
    /// Each instant once, in order.
    instants: Vec<Timestamp>,
    by_limit: HashMap<Limit, Timestamp>,
}

/// The city as it is and as it is planned.
struct Change {
    before: City,
    after: City,
    now: Timestamp,
    limits: LateBy,
    results: LateBy,
}

impl Change {
    fn read(plan: &ImportPlan, now: Timestamp) -> Result<Self, ImportError> {
        let read = |contents| City::from_content(contents).map_err(ImportError::Unsound);
        let mut change = Self {
            before: read(&plan.present)?,
            after: read(&plan.planned)?,
            now,
            limits: LateBy::default(),
            results: LateBy::default(),
        };
        change.limits = change.late_by(change.limits_planned());
        change.results = change.late_by(change.results_planned());
        Ok(change)
    }

    /// Every limit of the planned policy.
    fn limits_planned(&self) -> HashSet<Limit> {
        let policy = &self.after.policy;
        let mut limits: HashSet<Limit> = policy.category_limits.iter().map(|exception| exception.limit).collect();
        for clock in ClockKind::ALL {
            for kind in CaseKind::ALL {
                let all = Urgency::ALL.iter();
                limits.extend(all.map(|urgency| policy.limit(*clock, kind, *urgency, None)));
            }
        }
        limits
    }

    /// Every limit of the planned ladder's results.
    fn results_planned(&self) -> HashSet<Limit> {
        Tier::ALL
            .iter()
            .map(|tier| self.after.ladder.rule(*tier).result)
            .collect()
    }

    fn late_by(&self, limits: HashSet<Limit>) -> LateBy {
        let found = limits.into_iter();
        let by_limit: HashMap<Limit, Timestamp> = found
            .filter_map(|limit| Some((limit, self.late_if_started_by(limit)?)))
            .collect();
        let mut instants: Vec<Timestamp> = by_limit.values().copied().collect();
        instants.sort_unstable();
        instants.dedup();
        LateBy { instants, by_limit }
    }

    /// The last instant at which a clock of this limit can have started and be late now; none for no limit. Later starts end
    /// later, so that it is found by halving.
    fn late_if_started_by(&self, limit: Limit) -> Option<Timestamp> {
        let late = |start: i64| {
            self.end(&self.after, limit, Timestamp(start))
                .map(|end| end <= self.now)
        };
        let (mut late_at, mut early_at) = (self.now.plus_minutes(-LONGEST_AGO).0, self.now.0);
        if !late(late_at)? {
            return None;
        }
        while early_at - late_at > 1 {
            let middle = late_at + (early_at - late_at) / 2;
            if late(middle)? {
                late_at = middle;
            } else {
                early_at = middle;
            }
        }
        Some(Timestamp(late_at))
    }

    fn end(&self, city: &City, limit: Limit, start: Timestamp) -> Option<Timestamp> {
        let hours: &WorkingHours = &city.policy.working_hours;
        limit.end(&self.after.calendar, hours, start)
    }

    /// Adds a group of clocks to its comparison. `started_by` is a place among the instants.
    fn compare(
        &self,
        sum: &mut Comparison,
        (before, after): (Limit, Limit),
        late_by: &LateBy,
        (started_by, running, late): (i64, i64, i64),
    ) {
        let ends = (
            self.end(&self.before, before, self.now),
            self.end(&self.after, after, self.now),
        );
        sum.running += running;
        sum.late += late;
        match ends {
            (Some(before), Some(after)) => match after.cmp(&before) {
                Ordering::Less => sum.earlier += running,
                Ordering::Equal => sum.same += running,
                Ordering::Greater => sum.later += running,
            },
            (None, Some(_)) => sum.earlier += running,
            (Some(_), None) => sum.later += running,
            (None, None) => sum.same += running,
        }
        let instant = late_by.by_limit.get(&after);
        let place = instant.and_then(|instant| late_by.instants.binary_search(instant).ok());
        let started_by = usize::try_from(started_by).unwrap_or(usize::MAX);
        if place.is_some_and(|place| started_by <= place) {
            sum.late_then += running;
        }
    }

    fn effects(&self, groups: Groups) -> Result<CityDataEffects, StoreError> {
        let policy = groups.running.is_some().then(|| of_policy(&groups.states));
        let running = groups.running.map(|groups| self.of_limits(&groups)).transpose()?;
        let supervisions = groups.supervisions.map(|groups| self.of_tiers(&groups)).transpose()?;
        Ok(CityDataEffects {
            policy,
            limits: running.unwrap_or_default(),
            tiers: supervisions.unwrap_or_default(),
            dispatch: groups.waiting.map(|groups| self.of_dispatch(groups)),
        })
    }

    fn of_limits(&self, groups: &[RunningGroup]) -> Result<Vec<LimitEffect>, StoreError> {
        let mut sums: BTreeMap<(ClockKind, Urgency), (Comparison, i64)> = BTreeMap::new();
        for group in groups {
            let clock: ClockKind = parse_word("clocks.kind", &group.clock)?;
            // A tier's limit is the ladder's, and a promised day is no limit.
            if clock.is_of_ladder() || clock.runs_to_a_day() {
                continue;
            }
            let kind: CaseKind = parse_word("cases.kind", &group.kind)?;
            let urgency: Urgency = parse_word("cases.urgency", &group.urgency)?;
            let state: CaseState = parse_word("cases.state", &group.state)?;
            let limit = |city: &City| city.policy.limit(clock, kind, urgency, group.category.as_deref());
            let limits = (limit(&self.before), limit(&self.after));
            let (sum, kept) = sums.entry((clock, urgency)).or_default();
            if !state.awaits_acceptance() {
                *kept += group.running;
                continue;
            }
            self.compare(sum, limits, &self.limits, (group.started_by, group.running, group.late));
        }
        let effects = sums
            .into_iter()
            .map(|((clock, urgency), (comparison, kept))| LimitEffect {
                clock,
                urgency,
                kept,
                comparison,
            });
        Ok(effects.collect())
    }

    fn of_tiers(&self, groups: &[SupervisionGroup]) -> Result<Vec<TierEffect>, StoreError> {
        let mut sums: BTreeMap<Tier, (Comparison, i64)> = BTreeMap::new();
        for group in groups {
            let tier: Tier = parse_word("supervisions.tier", &group.tier)?;
            let cause: Cause = parse_word("supervisions.cause", &group.cause)?;
            let limit = |city: &City| city.ladder.rule(tier).result;
            let limits = (limit(&self.before), limit(&self.after));
            let (sum, elsewhere) = sums.entry(tier).or_default();
            self.compare(
                sum,
                limits,
                &self.results,
                (group.started_by, group.running, group.late),
            );
            if self.before.ladder.opened_by(cause) != self.after.ladder.opened_by(cause) {
                *elsewhere += group.running;
            }
        }
        let effects = sums.into_iter().map(|(tier, (comparison, elsewhere))| TierEffect {
            tier,
            comparison,
            elsewhere,
        });
        Ok(effects.collect())
    }

    fn of_dispatch(&self, mut groups: Vec<WaitingGroup>) -> DispatchEffect {
        let mut effect = DispatchEffect {
            more_waiting: groups.len() > MOST_PLACES,
            ..DispatchEffect::default()
        };
        groups.truncate(MOST_PLACES);
        let mut moves: BTreeMap<(Option<String>, Option<String>), i64> = BTreeMap::new();
        for group in groups {
            effect.waiting += group.cases;
            let (from, to) = (proposed(&self.before, &group), proposed(&self.after, &group));
            match (&from, &to) {
                (from, to) if from == to => continue,
                (Some(_), None) => effect.lost += group.cases,
                (None, _) => effect.gained += group.cases,
                _ => effect.moved += group.cases,
            }
            *moves.entry((from, to)).or_default() += group.cases;
        }
        effect.moves = moves
            .into_iter()
            .map(|((from, to), cases)| UnitMove { from, to, cases })
            .collect();
        effect.moves.sort_by_key(|moved| std::cmp::Reverse(moved.cases));
        effect.moves_not_shown = effect.moves.iter().skip(MOST_MOVES).map(|moved| moved.cases).sum();
        effect.moves.truncate(MOST_MOVES);
        effect
    }
}

/// Whose limits the planned policy would give.
fn of_policy(states: &BTreeMap<(String, String), i64>) -> PolicyEffect {
    let mut effect = PolicyEffect::default();
    for state in CaseState::ALL.iter().filter(|state| state.is_open()) {
        let key = (BY_STATE.to_owned(), state.as_str().to_owned());
        let cases = states.get(&key).copied().unwrap_or_default();
        if state.awaits_acceptance() {
            effect.changing += cases;
        } else {
            effect.keeping += cases;
        }
    }
    effect
}

/// The unit that the catalogue proposes first.
fn proposed(city: &City, group: &WaitingGroup) -> Option<String> {
    let City {
        catalogue,
        regions,
        units,
        ..
    } = city;
    let suggestions = catalogue.suggest(group.category.as_deref()?, group.region.as_deref(), regions, units, &[]);
    suggestions.into_iter().next().map(|best| best.lead)
}
