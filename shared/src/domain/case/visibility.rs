//! Who may see a case at all. What exactly each viewer sees of it is decided where cases are shown.

use crate::domain::case::CaseKind;
use crate::domain::case::words::closed_list;

closed_list! {
    /// The requester's choice at submission (rule book 6.5), from the most open to the most closed.
    pub enum Visibility as "visibility" {
        /// Facts at once, words and photos after a moderator's release, never the requester.
        Public = "public", "公开";
        /// Only the requester and those who handle it; counted in statistics.
        Private = "private", "不公开";
        /// As private, and the handling unit never learns who the requester is.
        Confidential = "confidential", "保密";
    }
}

impl Visibility {
    /// Whether staff may change a case to `next`: they may tighten, never loosen without the requester's new consent.
    #[must_use]
    pub fn staff_may_change_to(self, next: Self) -> bool {
        next >= self
    }

    /// What a case of this kind gets: a violation report is always confidential, whatever was chosen.
    #[must_use]
    pub fn for_kind(self, kind: CaseKind) -> Self {
        if kind == CaseKind::ViolationReport {
            Self::Confidential
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_may_tighten_but_never_loosen() {
        use Visibility::{Confidential, Private, Public};
        assert!(Public.staff_may_change_to(Private) && Private.staff_may_change_to(Confidential));
        assert!(!Private.staff_may_change_to(Public) && !Confidential.staff_may_change_to(Private));
    }

    #[test]
    fn a_violation_report_is_always_confidential() {
        assert_eq!(
            Visibility::Public.for_kind(CaseKind::ViolationReport),
            Visibility::Confidential
        );
        assert_eq!(Visibility::Public.for_kind(CaseKind::Assistance), Visibility::Public);
    }
}
