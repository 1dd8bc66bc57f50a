//! What a resident's matter is: the six kinds of request. What follows from a kind (limits, visibility, who may handle) is decided elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of a case, chosen by the requester, suggested from the words, or set by the clerk at acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// 咨询: a question, best answered at once.
    Inquiry,
    /// 求助: something needed or broken; nobody is blamed.
    Assistance,
    /// 投诉: dissatisfaction with a service or a unit.
    Complaint,
    /// 举报: claims a breach of law; the reporter's identity is protected.
    ViolationReport,
    /// 建议: a proposal to adopt or to answer.
    Suggestion,
    /// 表扬: thanks, forwarded and counted.
    Commendation,
}

impl CaseKind {
    /// Every kind, in the order in which people are offered them.
    pub const ALL: [Self; 6] = [
        Self::Inquiry,
        Self::Assistance,
        Self::Complaint,
        Self::ViolationReport,
        Self::Suggestion,
        Self::Commendation,
    ];

    /// The name used in rows, in data files and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inquiry => "inquiry",
            Self::Assistance => "assistance",
            Self::Complaint => "complaint",
            Self::ViolationReport => "violation_report",
            Self::Suggestion => "suggestion",
            Self::Commendation => "commendation",
        }
    }
}

impl fmt::Display for CaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is none of the six kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of case")]
pub struct UnknownCaseKind;

impl FromStr for CaseKind {
    type Err = UnknownCaseKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownCaseKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_name_in_rows_and_on_the_wire() {
        for kind in CaseKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
        assert_eq!("petition".parse::<CaseKind>(), Err(UnknownCaseKind));
    }
}
