//! The table of tiers as data with a version: owners, causes, dues, tools, climbs and guards. What follows from it for one case
//! is `opening`.

use serde::{Deserialize, Serialize};

use super::{Cause, SupervisionResult, Tier, Tool};
use crate::domain::calendar::{Calendar, WorkingHours};
use crate::domain::case::{CaseFacts, CaseKind, CaseState, Visibility};
use crate::domain::deadline::{Due, Limit};
use crate::domain::integrity::SignFigures;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// The longest version, name or category pattern, in characters, and the most patterns.
const MAX_NAME_CHARS: usize = 100;
const MAX_PATTERNS: usize = 200;
/// The largest count.
const MAX_COUNT: u32 = 100;

/// Why a ladder was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// No version, or a version or name too long.
    #[error("a ladder needs a version and a name of at most {MAX_NAME_CHARS} characters")]
    Name,
    /// The owner of a tier is nobody on the staff.
    #[error("the owner of the tier `{0}` is no role of staff")]
    Owner(Tier),
    /// A tier has no limit for its result or its answer.
    #[error("the tier `{0}` needs limits for its result and its answer")]
    Limit(Tier),
    /// A tier's answer is given by a tool that it does not have, or it has no result.
    #[error("the tier `{0}` has no result, or not the tool that its answer is given by")]
    Bench(Tier),
    /// A cause that opens no tier, or more than one.
    #[error("the cause `{0}` has to open or climb exactly one tier, and `tier_failed` and `too_many` as the rules say")]
    Cause(Cause),
    /// A count is zero or out of bounds.
    #[error("`{0}` is out of bounds")]
    Count(&'static str),
    /// A category pattern is empty or too long, or there are too many.
    #[error("a category pattern is empty or too long, has a `*` before its end, or is one too many")]
    Pattern,
}

/// What has to be there before the result: the unit's answer to the media, its plan for the government.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRule {
    /// Recorded with this tool.
    pub by: Tool,
    /// From the opening.
    pub within: Limit,
}

/// One tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierRule {
    /// Who holds it.
    pub owner: Role,
    /// The causes that open it, from below or from nothing.
    pub opens: Vec<Cause>,
    /// What is due before the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerRule>,
    /// The result, from the opening.
    pub result: Limit,
    /// What it can do.
    pub tools: Vec<Tool>,
    /// How a person can end it.
    pub results: Vec<SupervisionResult>,
    /// The causes with which the next tier takes over; `tier_failed` is the end of the result's limit.
    pub climbs: Vec<Cause>,
}

/// The five tiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// Tier 1.
    pub hotline: TierRule,
    /// Tier 2.
    pub media: TierRule,
    /// Tier 3.
    pub government: TierRule,
    /// Tier 4.
    pub deputies: TierRule,
    /// Tier 5.
    pub discipline: TierRule,
}

/// How often something has to happen before it is a cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderCounts {
    /// Returns that units asked for.
    pub returns: u32,
    /// Dispatches without an owner.
    pub dispatches: u32,
    /// Returns by many units: so many returns…
    pub returns_of_many: u32,
    /// …by so many units.
    pub units_of_many: usize,
    /// Complaints of the same matter after a dissatisfied rating for which it was redone.
    pub complaints: u32,
    /// Redos and supervisions in total.
    pub redos_and_supervisions: u32,
    /// Times one supervision can be postponed.
    pub postponements: u32,
    /// By how many working days at most.
    pub postponed_working_days: u16,
}

/// Matters that a rule is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guard {
    /// Of these kinds.
    pub kinds: Vec<CaseKind>,
    /// Of these visibilities.
    pub visibilities: Vec<Visibility>,
    /// Of these categories: a code, or the beginning of one with `*` at its end.
    pub categories: Vec<String>,
    /// In mediation, or replied from it.
    pub mediation: bool,
    /// Marked as being about a minor.
    pub minors: bool,
}

/// The ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LadderFile")]
pub struct Ladder {
    /// Names the content; changes whenever anything in it does.
    pub version: String,
    /// What people call it.
    pub name: String,
    /// Counts.
    pub counts: LadderCounts,
    /// Matters without publicity: they pass the media tier by.
    pub no_publicity: Guard,
    /// Matters that climb for faults of the way only, never for an unwelcome lawful result.
    pub process_only: Guard,
    /// From when on something is an integrity sign.
    pub signs: SignFigures,
    /// The tiers.
    pub tiers: Tiers,
}

/// The ladder as it stands in a file, not checked yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LadderFile {
    version: String,
    name: String,
    counts: LadderCounts,
    no_publicity: Guard,
    process_only: Guard,
    signs: SignFigures,
    tiers: Tiers,
}

impl TryFrom<LadderFile> for Ladder {
    type Error = LadderError;

    fn try_from(file: LadderFile) -> Result<Self, Self::Error> {
        let LadderFile {
            version,
            name,
            counts,
            no_publicity,
            process_only,
            signs,
            tiers,
        } = file;
        let ladder = Self {
            version,
            name,
            counts,
            no_publicity,
            process_only,
            signs,
            tiers,
        };
        ladder.check()?;
        Ok(ladder)
    }
}

impl Ladder {
    /// The rule of a tier.
    #[must_use]
    pub const fn rule(&self, tier: Tier) -> &TierRule {
        match tier {
            Tier::Hotline => &self.tiers.hotline,
            Tier::Media => &self.tiers.media,
            Tier::Government => &self.tiers.government,
            Tier::Deputies => &self.tiers.deputies,
            Tier::Discipline => &self.tiers.discipline,
        }
    }

    /// The tier that a cause opens by itself.
    #[must_use]
    pub fn opened_by(&self, cause: Cause) -> Option<Tier> {
        let opens = |tier: &Tier| self.rule(*tier).opens.contains(&cause);
        Tier::ALL.iter().copied().find(opens)
    }

    /// When the result of a supervision is due that opens at `start`.
    #[must_use]
    pub fn result_due(&self, tier: Tier, calendar: &Calendar, hours: &WorkingHours, start: Timestamp) -> Option<Due> {
        Due::after(self.rule(tier).result, calendar, hours, start, &self.version)
    }

    /// When its answer is due, where the tier has one.
    #[must_use]
    pub fn answer_due(&self, tier: Tier, calendar: &Calendar, hours: &WorkingHours, start: Timestamp) -> Option<Due> {
        Due::after(self.rule(tier).answer?.within, calendar, hours, start, &self.version)
    }

    /// Where a postponement by `days` moves a due instant: counted on from its last day.
    #[must_use]
    pub fn postponed_due(&self, calendar: &Calendar, hours: &WorkingHours, due: Timestamp, days: u16) -> Option<Due> {
        let allowed = 1..=self.counts.postponed_working_days;
        let limit = Limit::WorkingDays(allowed.contains(&days).then_some(days)?);
        Due::continued(limit, calendar, hours, due, &self.version)
    }

    fn check(&self) -> Result<(), LadderError> {
        let too_long = |text: &String| text.is_empty() || text.chars().count() > MAX_NAME_CHARS;
        if too_long(&self.version) || too_long(&self.name) {
            return Err(LadderError::Name);
        }
        for tier in Tier::ALL {
            self.rule(*tier).check(*tier)?;
        }
        for cause in Cause::ALL {
            self.check_cause(*cause)?;
        }
        self.counts.check()?;
        self.signs
            .unsound()
            .map_or(Ok(()), |name| Err(LadderError::Count(name)))?;
        if self.no_publicity.is_sound() && self.process_only.is_sound() {
            Ok(())
        } else {
            Err(LadderError::Pattern)
        }
    }

    /// A cause opens one tier, or climbs from some, or both; only the end of a limit climbs from all, and opens none.
    fn check_cause(&self, cause: Cause) -> Result<(), LadderError> {
        let opened = Tier::ALL.iter().filter(|tier| self.rule(**tier).opens.contains(&cause));
        let climbed = Tier::ALL
            .iter()
            .filter(|tier| self.rule(**tier).climbs.contains(&cause));
        let sound = match (cause, opened.count(), climbed.count()) {
            (Cause::TierFailed, opened, climbed) => opened == 0 && climbed == Tier::ALL.len() - 1,
            (Cause::TooMany, opened, climbed) => {
                opened == 1 && climbed == 0 && self.opened_by(cause) == Some(Tier::Discipline)
            }
            (_, 0, climbed) => climbed > 0,
            (_, opened, _) => opened == 1,
        };
        sound.then_some(()).ok_or(LadderError::Cause(cause))
    }
}

impl TierRule {
    fn check(&self, tier: Tier) -> Result<(), LadderError> {
        if !self.owner.is_staff() {
            return Err(LadderError::Owner(tier));
        }
        if self.result == Limit::None || self.answer.is_some_and(|answer| answer.within == Limit::None) {
            return Err(LadderError::Limit(tier));
        }
        let answerable = self.answer.is_none_or(|answer| self.tools.contains(&answer.by));
        let failable = tier.next().is_some() || !self.results.contains(&SupervisionResult::Failed);
        let endable = !self.results.is_empty() && !self.results.contains(&SupervisionResult::Climbed);
        if !answerable || !failable || !endable {
            return Err(LadderError::Bench(tier));
        }
        let stray = self.climbs.first().filter(|_| tier.next().is_none());
        stray.map_or(Ok(()), |cause| Err(LadderError::Cause(*cause)))
    }
}

impl LadderCounts {
    fn check(&self) -> Result<(), LadderError> {
        let units = u32::try_from(self.units_of_many).unwrap_or(u32::MAX);
        let named = [
            ("returns", self.returns),
            ("dispatches", self.dispatches),
            ("returns_of_many", self.returns_of_many),
            ("units_of_many", units),
            ("complaints", self.complaints),
            ("redos_and_supervisions", self.redos_and_supervisions),
            ("postponements", self.postponements),
            ("postponed_working_days", u32::from(self.postponed_working_days)),
        ];
        named
            .iter()
            .find(|(_, count)| !(1..=MAX_COUNT).contains(count))
            .map_or(Ok(()), |(name, _)| Err(LadderError::Count(name)))
    }
}

impl Guard {
    /// Whether the matter is one of these.
    #[must_use]
    pub fn covers(&self, facts: &CaseFacts, category: Option<&str>) -> bool {
        let mediated = facts.state == CaseState::InMediation || facts.memory.from_mediation;
        self.kinds.contains(&facts.kind)
            || self.visibilities.contains(&facts.visibility)
            || category.is_some_and(|code| self.categories.iter().any(|pattern| fits(pattern, code)))
            || (self.mediation && mediated)
            || (self.minors && facts.memory.concerns_minor)
    }

    fn is_sound(&self) -> bool {
        let sound = |pattern: &String| {
            let beginning = pattern.strip_suffix('*').unwrap_or(pattern);
            !beginning.is_empty() && !beginning.contains('*') && pattern.chars().count() <= MAX_NAME_CHARS
        };
        self.categories.len() <= MAX_PATTERNS && self.categories.iter().all(sound)
    }
}

fn fits(pattern: &str, code: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(code == pattern, |beginning| code.starts_with(beginning))
}
