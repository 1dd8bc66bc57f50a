//! Which limit applies: by clock, urgency, kind and category, as data with a version. What follows from being late is decided elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clock::ClockKind;
use super::due::{Due, moment_after, moment_after_limit};
use super::limit::Limit;
use super::reminder::ReminderPolicy;
use crate::domain::calendar::{Calendar, WorkingHours};
use crate::domain::case::{CaseKind, Urgency};
use crate::domain::time::Timestamp;

/// The most exceptions by category.
const MAX_CATEGORY_LIMITS: usize = 2_000;
/// The longest version, name or category code, in characters.
const MAX_NAME_CHARS: usize = 100;
/// The largest of the policy's counts.
const MAX_COUNT: u16 = 100;

/// Why a deadline policy was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No version, or a version or name too long.
    #[error("a deadline policy needs a version and a name of at most {MAX_NAME_CHARS} characters")]
    Name,
    /// A clock has no entry at all.
    #[error("the deadline policy says nothing about the clock `{0}`")]
    ClockMissing(ClockKind),
    /// A clock's entry leaves an ordinary case without a word.
    #[error("the deadline policy gives the clock `{0}` no limit and no \"none\"")]
    ClockEmpty(ClockKind),
    /// A category exception has an empty, too long or misplaced pattern, or there are too many.
    #[error("the category pattern \"{0}\" is empty or too long, has a `*` before its end, or is one too many")]
    CategoryPattern(String),
    /// A count or a percentage is out of bounds.
    #[error("`{0}` is out of bounds")]
    Number(&'static str),
}

/// Limits by urgency. An urgency that is not named takes the next less pressing one's limit, so that no combination
/// is left without a due date by oversight; `none` says that there is no such clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgencyLimits {
    /// Life or property in danger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Limit>,
    /// Water, power, gas or heat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub livelihood: Option<Limit>,
    /// Everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routine: Option<Limit>,
}

impl UrgencyLimits {
    fn limit(&self, urgency: Urgency) -> Option<Limit> {
        match urgency {
            Urgency::Emergency => self.emergency.or(self.livelihood).or(self.routine),
            Urgency::Livelihood => self.livelihood.or(self.routine),
            Urgency::Routine => self.routine,
        }
    }

    fn is_empty(&self) -> bool {
        self.emergency.is_none() && self.livelihood.is_none() && self.routine.is_none()
    }
}

/// One clock's limits: for every kind, and for kinds that have their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockLimits {
    /// For kinds that have no own limits.
    #[serde(default)]
    pub all: UrgencyLimits,
    /// For single kinds, in place of `all`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<CaseKind, UrgencyLimits>,
}

/// An exception for a category, e.g. where a law gives a longer limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryLimit {
    /// A category's code, or the beginning of one with `*` at its end.
    pub category: String,
    /// The clock that runs differently.
    pub clock: ClockKind,
    /// Only for this kind, when named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// Only for this urgency, when named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// The limit in place of the ordinary one.
    pub limit: Limit,
    /// Why: the law or the decision it rests on.
    pub basis: String,
}

impl CategoryLimit {
    /// How closely the exception fits: nothing when it does not apply. A whole code beats a longer beginning, that a
    /// shorter one, then kind and urgency count.
    fn fit(&self, clock: ClockKind, kind: CaseKind, urgency: Urgency, category: &str) -> Option<(bool, usize, u8)> {
        let (exact, length) = match self.category.strip_suffix('*') {
            Some(beginning) if category.starts_with(beginning) => (false, beginning.len()),
            None if self.category == category => (true, self.category.len()),
            _ => return None,
        };
        let applies = self.clock == clock
            && self.kind.is_none_or(|only| only == kind)
            && self.urgency.is_none_or(|only| only == urgency);
        applies.then_some((
            exact,
            length,
            u8::from(self.kind.is_some()) + u8::from(self.urgency.is_some()),
        ))
    }

    fn pattern_is_sound(&self) -> bool {
        let beginning = self.category.strip_suffix('*').unwrap_or(&self.category);
        !beginning.is_empty() && !beginning.contains('*') && self.category.chars().count() <= MAX_NAME_CHARS
    }
}

/// How often something may be done in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Redos that follow from a dissatisfied rating at once; later ones are judged by a person.
    pub automatic_redos: u16,
    /// Times a clerk may ask for information.
    pub information_requests: u16,
    /// Appeals against a refusal.
    pub appeals: u16,
    /// Extensions that a reviewer may allow; one more needs the government inspector.
    pub extensions: u16,
    /// Reopenings by the requester.
    pub reopenings: u16,
    /// Dispatches until the unit is designated and can return no more.
    pub dispatches_until_designation: u16,
    /// Times a requester may urge on one working day.
    pub urges_per_working_day: u16,
}

/// The deadline policy: every limit, window and count of handling, as data with a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyFile")]
pub struct DeadlinePolicy {
    /// Names the content; changes whenever a number does.
    pub version: String,
    /// What people call it, e.g. the province whose rules it follows.
    pub name: String,
    /// The hours that count as working time.
    pub working_hours: WorkingHours,
    /// How often something may be done.
    pub counts: Counts,
    /// When holders are reminded and cards are shown.
    pub reminders: ReminderPolicy,
    /// The limits by clock; every clock that has one has an entry.
    pub limits: BTreeMap<ClockKind, ClockLimits>,
    /// Exceptions by category.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category_limits: Vec<CategoryLimit>,
}

/// The policy as it stands in a file, not checked yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    version: String,
    name: String,
    working_hours: WorkingHours,
    counts: Counts,
    reminders: ReminderPolicy,
    limits: BTreeMap<ClockKind, ClockLimits>,
    #[serde(default)]
    category_limits: Vec<CategoryLimit>,
}

impl TryFrom<PolicyFile> for DeadlinePolicy {
    type Error = PolicyError;

    fn try_from(file: PolicyFile) -> Result<Self, Self::Error> {
        let PolicyFile {
            version,
            name,
            working_hours,
            counts,
            reminders,
            limits,
            category_limits,
        } = file;
        if [&version, &name]
            .iter()
            .any(|text| text.is_empty() || text.chars().count() > MAX_NAME_CHARS)
        {
            return Err(PolicyError::Name);
        }
        for &clock in ClockKind::ALL.iter().filter(|clock| clock.has_policy_limit()) {
            let entry = limits.get(&clock).ok_or(PolicyError::ClockMissing(clock))?;
            let says_nothing = entry.all.is_empty() && entry.kinds.is_empty();
            if says_nothing || entry.kinds.values().any(UrgencyLimits::is_empty) {
                return Err(PolicyError::ClockEmpty(clock));
            }
        }
        let unsound = category_limits
            .iter()
            .enumerate()
            .find(|(position, exception)| *position >= MAX_CATEGORY_LIMITS || !exception.pattern_is_sound());
        if let Some((_, exception)) = unsound {
            return Err(PolicyError::CategoryPattern(
                exception.category.chars().take(MAX_NAME_CHARS).collect(),
            ));
        }
        counts.check()?;
        reminders.check()?;
        Ok(Self {
            version,
            name,
            working_hours,
            counts,
            reminders,
            limits,
            category_limits,
        })
    }
}

impl Counts {
    fn check(&self) -> Result<(), PolicyError> {
        let named = [
            ("automatic_redos", self.automatic_redos),
            ("information_requests", self.information_requests),
            ("appeals", self.appeals),
            ("extensions", self.extensions),
            ("reopenings", self.reopenings),
            ("dispatches_until_designation", self.dispatches_until_designation),
            ("urges_per_working_day", self.urges_per_working_day),
        ];
        named
            .iter()
            .find(|(_, count)| *count > MAX_COUNT)
            .map_or(Ok(()), |(name, _)| Err(PolicyError::Number(name)))
    }
}

impl DeadlinePolicy {
    /// The limit of a clock for such a case; [`Limit::None`] when there is none.
    ///
    /// The closest exception for the category comes first, then the kind's own limits, then those for all kinds.
    #[must_use]
    pub fn limit(&self, clock: ClockKind, kind: CaseKind, urgency: Urgency, category: Option<&str>) -> Limit {
        let exception = category.and_then(|category| {
            self.category_limits
                .iter()
                .filter_map(|exception| Some((exception.fit(clock, kind, urgency, category)?, exception.limit)))
                .max_by_key(|(fit, _)| *fit)
        });
        if let Some((_, limit)) = exception {
            return limit;
        }
        let Some(entry) = self.limits.get(&clock) else {
            return Limit::None;
        };
        entry
            .kinds
            .get(&kind)
            .unwrap_or(&entry.all)
            .limit(urgency)
            .unwrap_or(Limit::None)
    }

    /// When the clock that starts at `start` ends; nothing when such a case has no such clock.
    ///
    /// Working days and days end at 24:00 city time of the nth day after the day of `start`; hours and minutes run on
    /// the wall clock every day; working hours run inside [`DeadlinePolicy::working_hours`] only.
    #[must_use]
    pub fn due(
        &self,
        calendar: &Calendar,
        clock: ClockKind,
        kind: CaseKind,
        urgency: Urgency,
        category: Option<&str>,
        start: Timestamp,
    ) -> Option<Due> {
        let limit = self.limit(clock, kind, urgency, category);
        let moment = moment_after(limit, calendar, &self.working_hours, start)?;
        Some(Due::counted(limit, calendar, moment, &self.version))
    }

    /// Where an extension moves a due instant: `asked` counted on from the end of the current limit, cut to what the
    /// policy allows. Nothing when such a case cannot be extended or `asked` is counted in another way than the policy's limit.
    ///
    /// `clock` is [`ClockKind::Extension`] or [`ClockKind::MediationExtension`].
    #[must_use]
    #[expect(
        clippy::too_many_arguments,
        reason = "the case's four facts stand beside the calendar as in `due`"
    )]
    pub fn extended_due(
        &self,
        calendar: &Calendar,
        clock: ClockKind,
        kind: CaseKind,
        urgency: Urgency,
        category: Option<&str>,
        current: Timestamp,
        asked: Limit,
    ) -> Option<Due> {
        let limit = self.limit(clock, kind, urgency, category).shorter_of(asked)?;
        let moment = moment_after_limit(limit, calendar, &self.working_hours, current)?;
        Some(Due::counted(limit, calendar, moment, &self.version))
    }
}
