//! From a decided step to due instants and clock rows: worked out once, stored with the versions they were counted by.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use shared::domain::{
    case::{Action, CaseFacts, CaseState, Effect, Transition, Urgency},
    deadline::{ClockKind, DeadlinePolicy, Due, Limit, Wake},
    supervision::watched,
    time::Timestamp,
};

use crate::{
    city::City,
    database::{StoreError, Transaction},
    stores::{
        city_store,
        clock_store::{self, ClockRow},
    },
};

/// The clocks that a step sets going, with their due instants.
pub(super) struct Dues {
    running: BTreeMap<ClockKind, Due>,
}

/// What the limits depend on.
pub(super) struct Limits<'a> {
    pub(super) city: &'a City,
    /// The policy that counts for the case: [`policy_of`].
    pub(super) policy: &'a DeadlinePolicy,
    pub(super) facts: &'a CaseFacts,
    pub(super) category: Option<&'a str>,
    pub(super) now: Timestamp,
}

impl Limits<'_> {
    fn due(&self, clock: ClockKind) -> Option<Due> {
        self.policy.due(
            &self.city.calendar,
            clock,
            self.facts.kind,
            self.facts.urgency,
            self.category,
            self.now,
        )
    }

    /// The due of one clock that starts now, when such a case has it.
    pub(super) fn of(&self, clock: ClockKind) -> Dues {
        Dues {
            running: self.due(clock).map(|due| (clock, due)).into_iter().collect(),
        }
    }

    /// The dues of everything that the step starts or resumes. `extension` is asked in working days.
    pub(super) fn after(&self, step: &Transition, extension: Option<u32>) -> Dues {
        let mut running: BTreeMap<ClockKind, Due> = BTreeMap::new();
        for clock in &step.starts {
            let due = if step.has(Effect::GrantExtension) {
                self.extended(*clock, extension)
            } else if *clock == ClockKind::Promise {
                self.promised()
            } else {
                self.due(*clock)
            };
            running.extend(due.map(|due| (*clock, due)));
        }
        for clock in &step.resumes {
            let rested = self.facts.memory.paused.get(clock);
            let resumed = rested.zip(self.due(*clock)).map(|(rested, due)| Due {
                at: Timestamp(rested.due.0.saturating_add(self.now.micros_since(rested.since))),
                ..due
            });
            running.extend(resumed.map(|due| (*clock, due)));
        }
        let looks_back_until = running.iter().filter(|(clock, _)| clock.is_look_back());
        if let Some(until) = looks_back_until.map(|(_, due)| due.at).max()
            && let Some(archive) = running.get_mut(&ClockKind::Archive)
        {
            archive.at = archive.at.max(until);
        }
        if let Some(clock) = step.pends.map(Action::decision_clock) {
            running.extend(self.due(clock).map(|due| (clock, due)));
        }
        Dues { running }
    }

    /// The promised day itself.
    fn promised(&self) -> Option<Due> {
        self.until(self.facts.memory.promise_until?)
    }

    /// A day that a promise names, under the policy that bounds it: no calendar moves it.
    fn until(&self, day_over: Timestamp) -> Option<Due> {
        let bound = self.due(ClockKind::Promise)?;
        Some(Due {
            at: day_over.min(bound.at),
            provisional: false,
            ..bound
        })
    }

    /// Rows for the days by which milestones are to be reached, one for each day; the promised day has its own clock.
    pub(super) fn milestone_rows(
        &self,
        case_id: i64,
        order_id: Option<i64>,
        mut next_id: impl FnMut() -> i64,
    ) -> Vec<ClockRow> {
        let ahead = self.facts.memory.milestones_ahead().map(|(_, over)| over);
        let days: BTreeSet<Timestamp> = ahead.collect();
        let on_the_way = days
            .into_iter()
            .filter(|over| Some(*over) != self.facts.memory.promise_until);
        let dues = on_the_way.filter_map(|over| self.until(over));
        dues.map(|due| self.row(next_id(), case_id, order_id, ClockKind::Milestone, &due))
            .collect()
    }

    fn extended(&self, clock: ClockKind, working_days: Option<u32>) -> Option<Due> {
        let current = self.facts.due(clock)?;
        let (policy, calendar) = (self.policy, &self.city.calendar);
        let (kind, urgency) = (self.facts.kind, self.facts.urgency);
        // A limit on the wall clock is extended by what the policy gives, whole: it knows no working days.
        let asked = match policy.limit(ClockKind::Extension, kind, urgency, self.category) {
            Limit::WorkingDays(_) => Limit::WorkingDays(u16::try_from(working_days?).ok()?),
            whole => whole,
        };
        policy.extended_due(
            calendar,
            ClockKind::Extension,
            kind,
            urgency,
            self.category,
            current,
            asked,
        )
    }

    /// A row for a clock that starts now.
    pub(super) fn row(&self, id: i64, case_id: i64, order_id: Option<i64>, clock: ClockKind, due: &Due) -> ClockRow {
        // A limit that is over as it starts is looked at too.
        let told_until = self.now.0.min(due.at.0 - 1);
        let span = (self.now, due.at);
        let wakes = wakes(self.city, self.policy, self.facts.urgency, clock, due.limit, span);
        let wake = wakes.into_iter().find(|(at, _)| at.0 > told_until);
        ClockRow {
            id,
            case_id,
            order_id,
            kind: clock.as_str().to_owned(),
            started_at: self.now.0,
            due_at: due.at.0,
            time_limit: (!clock.runs_to_a_day()).then(|| due.limit.to_string()),
            follows: None,
            provisional: due.provisional,
            policy_version: due.policy_version.clone(),
            calendar_version: due.calendar_version.clone(),
            stopped_at: None,
            wake_at: wake.map(|(at, _)| at.0),
            told_until,
        }
    }

    /// Rows for all clocks of `dues`.
    pub(super) fn rows(
        &self,
        dues: &Dues,
        case_id: i64,
        order_id: Option<i64>,
        mut next_id: impl FnMut() -> i64,
    ) -> Vec<ClockRow> {
        dues.running
            .iter()
            .map(|(clock, due)| self.row(next_id(), case_id, order_id, *clock, due))
            .collect()
    }
}

impl Dues {
    /// The instants alone, as the rules take them.
    pub(super) fn instants(&self) -> BTreeMap<ClockKind, Timestamp> {
        self.running
            .iter()
            .filter(|(clock, _)| !clock.is_of_second_person())
            .map(|(clock, due)| (*clock, due.at))
            .collect()
    }

    /// The instant of one clock.
    pub(super) fn at(&self, clock: ClockKind) -> Option<Timestamp> {
        self.running.get(&clock).map(|due| due.at)
    }

    /// The instant until which the work is to be done: of the first cycle, of a redo, or as promised.
    pub(super) fn work(&self) -> Option<Timestamp> {
        [ClockKind::Handle, ClockKind::Redo, ClockKind::Promise]
            .into_iter()
            .find_map(|clock| self.at(clock))
    }
}

/// The policy by which the case's clocks run: of its acceptance, before that the one in force.
pub(super) fn policy_of(
    transaction: &mut Transaction<'_>,
    city: &City,
    facts: &CaseFacts,
) -> Result<Arc<DeadlinePolicy>, StoreError> {
    policy_named(transaction, city, facts.memory.policy_version.as_deref())
}

/// The policy of that version, for no version the one in force.
pub(super) fn policy_named(
    transaction: &mut Transaction<'_>,
    city: &City,
    version: Option<&str>,
) -> Result<Arc<DeadlinePolicy>, StoreError> {
    city.policy_of(version, |kind, version| {
        transaction.read(|connection| city_store::find_content(connection, kind, version))
    })
}

/// Has a clock go on from the latest one of its kind: by its own limit when it `extends` that one, else by the time for which
/// that one rested. What was provisional stays so, under the calendar that it was counted by.
pub(super) fn go_on(transaction: &mut Transaction<'_>, clock: &mut ClockRow, extends: bool) -> Result<(), StoreError> {
    let earlier = transaction.read(|connection| clock_store::find_latest(connection, clock.case_id, &clock.kind))?;
    if !extends || earlier.is_none() {
        clock.time_limit = None;
        clock.provisional = false;
    }
    let Some(earlier) = earlier else { return Ok(()) };
    clock.follows = Some(earlier.id);
    if !extends && clock.policy_version != earlier.policy_version {
        clock.policy_version = earlier.policy_version;
        // Its looks were worked out by the policy of today: the first one, at once, finds the next by its own.
        clock.wake_at = Some(clock.started_at);
    }
    if earlier.provisional {
        clock.provisional = true;
        clock.calendar_version = earlier.calendar_version;
    }
    Ok(())
}

/// The instants at which there is something to do about a clock, in order: its holder is reminded, its limit is over, its red
/// card is a cause of supervision. `policy` is the clock's own.
pub(super) fn wakes(
    city: &City,
    policy: &DeadlinePolicy,
    urgency: Urgency,
    clock: ClockKind,
    limit: Limit,
    (start, due): (Timestamp, Timestamp),
) -> Vec<(Timestamp, Wake)> {
    if clock == ClockKind::Milestone {
        return policy.wakes_before_day(&city.calendar, start, due);
    }
    let mut wakes = policy.wakes(&city.calendar, urgency, limit, start, due);
    wakes.retain(|(_, wake)| match wake {
        Wake::Reminder => warns(clock),
        Wake::Due => true,
        Wake::Red => watched(clock),
    });
    wakes
}

/// Whether the one who holds the clock is warned before it runs out.
const fn warns(clock: ClockKind) -> bool {
    matches!(
        clock,
        ClockKind::Accept
            | ClockKind::Dispatch
            | ClockKind::SignFor
            | ClockKind::FirstContact
            | ClockKind::FirstAction
            | ClockKind::Handle
            | ClockKind::Redo
            | ClockKind::Promise
            | ClockKind::ReplyReview
            | ClockKind::Information
            | ClockKind::RatingWindow
            | ClockKind::LookBackVisit
            | ClockKind::SupervisionAnswer
            | ClockKind::Supervision
    )
}

/// The clocks in the order in which they count for the requester: work first, then what comes before and after it.
const PROMISED: &[ClockKind] = &[
    ClockKind::Handle,
    ClockKind::Redo,
    ClockKind::MediationEnd,
    ClockKind::Dispatch,
    ClockKind::Information,
    ClockKind::AppealDecision,
    ClockKind::Accept,
    ClockKind::JudgeDemand,
    ClockKind::RatingWindow,
];

/// When the requester may expect the next thing, or has to do it.
pub(super) fn promised(facts: &CaseFacts) -> Option<Timestamp> {
    if facts.state == CaseState::Committed {
        return facts.memory.promise_until;
    }
    facts
        .state
        .is_open()
        .then(|| PROMISED.iter().find_map(|clock| facts.due(*clock)))
        .flatten()
}

/// What the requester is shown: what is promised next, or after the end until when he can still act.
pub(super) fn shown(facts: &CaseFacts) -> Option<Timestamp> {
    let windows = [
        ClockKind::AppealWindow,
        ClockKind::SupplyAfterExpiry,
        ClockKind::ReopenWindow,
    ];
    promised(facts).or_else(|| windows.iter().find_map(|clock| facts.due(*clock)))
}

/// The instant that the requester's sentence about an act names.
pub(super) fn spoken(action: Action, facts: &CaseFacts) -> Option<Timestamp> {
    let clock = match action {
        Action::Submit | Action::SupplyInformation => ClockKind::Accept,
        Action::AskInformation => ClockKind::Information,
        Action::ExpireInformation => ClockKind::SupplyAfterExpiry,
        Action::Accept => ClockKind::Dispatch,
        Action::Refuse => ClockKind::AppealWindow,
        Action::AppealRefusal => ClockKind::AppealDecision,
        Action::ReleaseReply | Action::AnswerDirectly => ClockKind::RatingWindow,
        Action::ReferToMediation => ClockKind::MediationEnd,
        Action::RecountDues => return shown(facts),
        // What they promise stands in the supervision.
        Action::Supervise | Action::PostponeSupervision | Action::EndSupervision => return None,
        _ => return promised(facts),
    };
    facts.due(clock)
}
