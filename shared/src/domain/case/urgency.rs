//! How pressing a case is. Which limits follow from it is the deadline policy's matter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The urgency of a case, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// 紧急: life or property is in danger; limits run on the wall clock, every day.
    Emergency,
    /// 民生急件: water, power, gas or heat has failed; limits run on the wall clock, every day.
    Livelihood,
    /// 一般: everything else; limits run in working time.
    Routine,
}

impl Urgency {
    /// Every urgency, the most pressing first.
    pub const ALL: [Self; 3] = [Self::Emergency, Self::Livelihood, Self::Routine];

    /// The name used in rows, in data files and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Livelihood => "livelihood",
            Self::Routine => "routine",
        }
    }
}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is none of the three urgencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an urgency")]
pub struct UnknownUrgency;

impl FromStr for Urgency {
    type Err = UnknownUrgency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|urgency| urgency.as_str() == text)
            .ok_or(UnknownUrgency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_urgency_has_one_name_in_rows_and_on_the_wire() {
        for urgency in Urgency::ALL {
            assert_eq!(urgency.as_str().parse(), Ok(urgency));
            assert_eq!(serde_json::to_string(&urgency).unwrap(), format!("\"{urgency}\""));
        }
        assert_eq!("soon".parse::<Urgency>(), Err(UnknownUrgency));
    }
}
