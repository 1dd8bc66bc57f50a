//! A change of the city's data looked at before it is saved: what it would do to open cases, in counts alone.

use serde::{Deserialize, Serialize};

use crate::domain::{case::Urgency, deadline::ClockKind, supervision::Tier};

/// A document is at most so long, in characters.
pub const LONGEST_DOCUMENT: usize = 200_000;

/// The documents that can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PreviewedKind {
    /// The deadline policy, `deadlines.toml`.
    Deadlines,
    /// The tiers of supervision, `ladder.toml`.
    Ladder,
    /// The dispatch catalogue, `catalogue.toml`.
    Catalogue,
}

/// A document that somebody means to import.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewCityDataRequest {
    /// Which one it is.
    pub kind: PreviewedKind,
    /// The whole of it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200_000))]
    pub content: String,
}

/// What it would change, and what that would do. Nothing was saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityDataPreviewView {
    /// The version in force.
    pub before: String,
    /// The version of the document; the same when nothing would change.
    pub after: String,
    /// Entries that would be new.
    pub added: usize,
    /// Entries that would be gone.
    pub removed: usize,
    /// Entries that would be different.
    pub changed: usize,
    /// What would happen to open cases.
    #[serde(flatten)]
    pub effects: CityDataEffects,
}

/// What a change would do to open cases. Of these, only those lists hold anything that the change is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityDataEffects {
    /// Whose limits a new deadline policy would give; none when the change is not about it.
    pub policy: Option<PolicyEffect>,
    /// By clock and urgency: what the limits would be. A running clock keeps the instant that it was given at its start, an
    /// accepted case its policy; what is compared are the limits of cases that nobody has accepted yet.
    pub limits: Vec<LimitEffect>,
    /// The same for open supervisions, by tier.
    pub tiers: Vec<TierEffect>,
    /// Whom the catalogue would propose for the accepted cases that wait for a unit.
    pub dispatch: Option<DispatchEffect>,
}

/// Open cases by whether a new deadline policy would count for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyEffect {
    /// Accepted: every clock that starts still runs by the policy of the acceptance.
    pub keeping: i64,
    /// Not yet accepted: every clock that starts would run by the new policy.
    pub changing: i64,
}

/// How limits would compare with the present ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// Clocks that run, not counted those that were extended or rested.
    pub running: i64,
    /// The new limit is shorter.
    pub earlier: i64,
    /// It is the same.
    pub same: i64,
    /// It is longer, or there would be none.
    pub later: i64,
    /// Late now.
    pub late: i64,
    /// Would be late now, had they been started with the new limit.
    pub late_then: i64,
}

/// What the limits of one clock would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitEffect {
    /// The clock.
    pub clock: ClockKind,
    /// Of cases of this urgency.
    pub urgency: Urgency,
    /// Clocks that run for accepted cases, which keep their policy; not counted below.
    pub kept: i64,
    /// How they compare.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// What the limits of one tier's results would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TierEffect {
    /// The tier.
    pub tier: Tier,
    /// How they compare.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// Supervisions whose cause would open another tier, or none.
    pub elsewhere: i64,
}

/// Whom the catalogue would propose. The unit that a case complains of is left aside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DispatchEffect {
    /// Accepted cases looked at.
    pub waiting: i64,
    /// There are more: the rarest pairs of category and place were not looked at.
    pub more_waiting: bool,
    /// Cases for which another unit would be proposed.
    pub moved: i64,
    /// Cases for which no unit would be proposed any more.
    pub lost: i64,
    /// Cases for which one would be proposed at last.
    pub gained: i64,
    /// From which unit to which, the most cases first.
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub moves: Vec<UnitMove>,
    /// Cases whose move is not in the list.
    pub moves_not_shown: i64,
}

/// Cases that another unit would be proposed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitMove {
    /// Code of the unit proposed now; none when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Code of the unit that would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How many.
    pub cases: i64,
}

/// What of the city's data has to be brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityDataWarningsView {
    /// One entry each; none most of the time.
    pub items: Vec<CityDataWarningView>,
}

/// Something that has to be brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityDataWarningView {
    /// `calendar_missing`.
    pub code: String,
    /// What to do, in Chinese.
    pub text: String,
}
