//! What is played: the people and the cases of `city.toml`, parsed into moments in their order.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error as _};
use shared::domain::{
    case::{CaseKind, Outcome, Resolved, RootCause, Visibility},
    role::Role,
};

use super::pictures::Picture;

/// The whole demonstration city.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// Who works for the city as a whole.
    pub(super) staff: Vec<StaffMember>,
    /// Units with a desk of three.
    pub(super) desk: Vec<Desk>,
    /// Who lives there.
    pub(super) resident: Vec<Resident>,
    /// What they reported.
    pub(super) case: Vec<Case>,
}

impl Script {
    /// The shipped one.
    ///
    /// # Errors
    /// When it cannot be parsed, which a test proves it can.
    pub(super) fn shipped() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("city.toml"))
    }

    /// Minutes from the first report to the present.
    pub(super) fn longest_ago(&self) -> i64 {
        self.case
            .iter()
            .map(|case| case.ago.minutes())
            .max()
            .unwrap_or_default()
    }

    /// Everything that happens to cases, oldest first; what happens at the same moment in the order of the file.
    pub(super) fn moments(&self) -> Vec<Moment<'_>> {
        let mut moments = Vec::new();
        for (number, case) in self.case.iter().enumerate() {
            let mut ago = case.ago.minutes();
            moments.push(Moment {
                ago,
                case: number,
                step: None,
            });
            for step in &case.steps {
                ago -= step.after.minutes();
                moments.push(Moment {
                    ago,
                    case: number,
                    step: Some(step),
                });
            }
        }
        moments.sort_by_key(|moment| std::cmp::Reverse(moment.ago));
        moments
    }
}

/// Something that happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    /// Minutes before the present.
    pub(super) ago: i64,
    /// Place of the case in the script.
    pub(super) case: usize,
    /// The step; none for the report itself.
    pub(super) step: Option<&'a Step>,
}

/// Somebody with one role for the whole city.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffMember {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) post: String,
    pub(super) unit: String,
    pub(super) role: Role,
}

/// Liaison, handler and leader of a unit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Desk {
    pub(super) username: String,
    pub(super) unit: String,
    pub(super) people: [String; 3],
}

/// A resident; the number is the place in the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resident {
    #[serde(default)]
    pub(super) name: Option<String>,
}

/// A report and what came of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) resident: usize,
    pub(super) ago: Span,
    pub(super) title: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) category: Option<String>,
    #[serde(default)]
    pub(super) kind: Option<CaseKind>,
    #[serde(default)]
    pub(super) visibility: Option<Visibility>,
    #[serde(default)]
    pub(super) region: Option<String>,
    /// Latitude and longitude, WGS-84.
    #[serde(default)]
    pub(super) point: Option<[f64; 2]>,
    #[serde(default)]
    pub(super) words: Option<String>,
    #[serde(default)]
    pub(super) complained: Option<String>,
    #[serde(default)]
    pub(super) answers: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) photos: Vec<Picture>,
    pub(super) steps: Vec<Step>,
}

/// What somebody does, some time after the step before.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) after: Span,
    #[serde(flatten)]
    pub(super) act: Act,
}

/// The acts by name, each with what it brings.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Act {
    /// The clerk asks the resident.
    Ask { text: String },
    /// The resident answers.
    Supply { text: String },
    /// The clerk takes it on as it was suggested.
    Accept,
    /// The clerk does not take it on.
    Refuse { text: String, path: String },
    /// The resident disagrees.
    Appeal { text: String },
    /// The clerk answers from the knowledge base.
    Answer {
        article: String,
        #[serde(default)]
        text: Option<String>,
    },
    /// The dispatcher follows the catalogue.
    Dispatch,
    /// The unit signs for its order.
    Sign,
    /// The liaison names the handler.
    Assign,
    /// The unit's leader wants to give it back.
    Return { text: String, basis: String },
    /// The handler called.
    Contact { text: String },
    /// The handler tells the resident how it goes.
    Progress {
        text: String,
        #[serde(default)]
        photos: Vec<Picture>,
    },
    /// The handler answers.
    Reply {
        text: String,
        outcome: Outcome,
        cause: RootCause,
        #[serde(default)]
        before_photos: Vec<Picture>,
        #[serde(default)]
        after_photos: Vec<Picture>,
    },
    /// The unit's leader signs the answer.
    SignReply,
    /// The reviewer releases it.
    Release,
    /// The reviewer sends it back.
    SendBack { text: String },
    /// The moderator shows what may be shown, as proposed.
    Moderate,
    /// The resident rates.
    Rate {
        grade: u8,
        resolved: Resolved,
        #[serde(default)]
        attitude: Option<u8>,
        #[serde(default)]
        speed: Option<u8>,
        #[serde(default)]
        text: Option<String>,
    },
    /// The resident reminds.
    Urge,
    /// The resident takes it back.
    Withdraw { text: String },
    /// Another resident has the same.
    MeToo { resident: usize, text: String },
    /// Another resident wants the news of it.
    Follow { resident: usize },
    /// The reviewer wants to close with an explanation.
    RequestClose { text: String, basis: String },
    /// Tier 1 agrees.
    CloseExplained { text: String },
}

/// A length of time as `2d 3h 20m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(i64);

impl Span {
    pub(super) const fn minutes(self) -> i64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let minutes = text.split_whitespace().map(|part| {
            let unit = match part.chars().last()? {
                'd' => 24 * 60,
                'h' => 60,
                'm' => 1,
                _ => return None,
            };
            part[..part.len() - 1].parse::<i64>().ok().map(|count| count * unit)
        });
        minutes
            .sum::<Option<i64>>()
            .map(Self)
            .ok_or_else(|| D::Error::custom("a length of time is written as 2d 3h 20m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_script_fits_together_and_ends_in_the_past() {
        let script = Script::shipped().unwrap();
        let city = crate::city::City::shipped().unwrap();
        assert!(script.case.len() >= 30);
        for case in &script.case {
            assert!((1..=script.resident.len()).contains(&case.resident), "{}", case.name);
            if let Some(place) = &case.region {
                assert!(city.regions.get(place).is_some(), "{}: {place}", case.name);
            }
            if let Some(category) = &case.category {
                assert!(city.categories.get(category).is_some(), "{}: {category}", case.name);
            }
        }
        for unit in script
            .desk
            .iter()
            .map(|desk| &desk.unit)
            .chain(script.staff.iter().map(|one| &one.unit))
        {
            assert!(city.units.get(unit).is_some(), "{unit}");
        }
        assert!(script.moments().iter().all(|moment| moment.ago > 0));
    }
}
