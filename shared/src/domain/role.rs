//! Roles and how far each reaches: role x unit subtree x region subtree x kind (rule book 6.2).
//! What a role may do with a case is the table in `case::transition`.

use serde::{Deserialize, Serialize};

use crate::domain::case::CaseKind;
use crate::domain::case::words::closed_list;

closed_list! {
    /// Who somebody is to the platform. One account may hold several.
    pub enum Role as "role" {
        /// Anybody without sign-in.
        Visitor = "visitor", "访客";
        /// A signed-in resident. Whether a case is the resident's own is a fact about the case, not a role.
        Requester = "requester", "诉求人";
        /// Accepts, asks, refuses, answers directly, and writes down what callers say.
        Clerk = "clerk", "受理员";
        /// Sends cases to units and decides on returns.
        Dispatcher = "dispatcher", "派单员";
        /// Reviews replies and judges demands for another redo.
        Reviewer = "reviewer", "审核员";
        /// Asks requesters how it went; never from the handling unit.
        FollowUpClerk = "follow_up_clerk", "回访员";
        /// Signs for orders of the unit and assigns them.
        UnitLiaison = "unit_liaison", "联络员";
        /// Does the work.
        UnitHandler = "unit_handler", "承办人";
        /// Signs replies, returns and extensions of the unit.
        UnitLeader = "unit_leader", "单位负责人";
        /// Supervision tier 1, and head of dispatch.
        HotlineSupervisor = "hotline_supervisor", "热线督办员";
        /// Supervision tier 2.
        MediaSupervisor = "media_supervisor", "媒体督办员";
        /// Supervision tier 3.
        GovernmentInspector = "government_inspector", "政务督查员";
        /// A deputy of the people's congress or a member of the CPPCC.
        Deputy = "deputy", "人大代表/政协委员";
        /// Supervision tier 4: the office behind the deputies.
        DeputyOffice = "deputy_office", "代表委员联络机构";
        /// Supervision tier 5.
        DisciplineOfficer = "discipline_officer", "纪检监察员";
        /// Takes in disputes for mediation and names mediators.
        MediationCoordinator = "mediation_coordinator", "调解协调员";
        /// Mediates between parties.
        Mediator = "mediator", "调解员";
        /// Opens proactive cases, verifies on site, helps residents to report.
        GridWorker = "grid_worker", "网格员";
        /// Releases, masks or refuses words and photos for the public.
        Moderator = "moderator", "内容审核员";
        /// Keeps the knowledge base.
        KnowledgeEditor = "knowledge_editor", "知识库编辑";
        /// Reads statistics.
        Analyst = "analyst", "数据分析员";
        /// Runs the platform.
        SystemAdmin = "system_admin", "系统管理员";
        /// Gives and takes roles.
        SecurityAdmin = "security_admin", "安全管理员";
        /// Reads the audit trail.
        AuditAdmin = "audit_admin", "审计管理员";
        /// Answers for personal data.
        PrivacyOfficer = "privacy_officer", "个人信息保护专员";
        /// The platform itself: sweeps over due dates, imports from other channels, catalogue rules.
        System = "system", "系统";
    }
}

impl Role {
    /// Whether the role is given to staff by an administrator (and not had by being anybody, a resident or the platform).
    #[must_use]
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Visitor | Self::Requester | Self::System)
    }

    /// Whether it is one of the three administrators' (rule book 4.2): running the platform, giving roles, and reading the
    /// trail are kept apart.
    #[must_use]
    pub const fn is_administrator(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }
}

/// Whether one account may hold these roles: at most one of the three administrators', however often it is named.
#[must_use]
pub fn are_compatible(roles: impl IntoIterator<Item = Role>) -> bool {
    let mut administrator = None;
    roles
        .into_iter()
        .filter(|role| role.is_administrator())
        .all(|role| *administrator.get_or_insert(role) == role)
}

/// A role and how far it reaches. `None` in a field means: no limit in that respect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    /// The role given.
    pub role: Role,
    /// Code of the unit at the root of the subtree that the grant reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Code of the region whose subtree the grant reaches. Division codes nest by prefix, padding zeros apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The kinds of case that the grant reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<CaseKind>>,
}

/// What a grant is held against: one case, or one work order of it.
#[derive(Debug, Clone, Copy)]
pub struct Reach<'a> {
    /// The unit concerned and all units above it, in any order; empty when no unit has the case yet.
    pub unit_path: &'a [&'a str],
    /// The region of the case and all regions above it that the prefix rule does not give (operator-added places have an
    /// explicit parent); empty when the case has no place.
    pub region_path: &'a [&'a str],
    /// The kind of the case; none before anybody named one.
    pub kind: Option<CaseKind>,
}

impl Grant {
    /// A grant without limits.
    #[must_use]
    pub const fn everywhere(role: Role) -> Self {
        Self {
            role,
            unit: None,
            region: None,
            kinds: None,
        }
    }

    /// Whether the grant reaches the case. A limit that the case cannot answer (no unit yet, no place, no kind) is not met.
    #[must_use]
    pub fn covers(&self, reach: &Reach<'_>) -> bool {
        let unit = self.unit.as_deref().is_none_or(|root| reach.unit_path.contains(&root));
        let region = self.region.as_deref().is_none_or(|root| {
            reach
                .region_path
                .iter()
                .any(|code| *code == root || lies_within(code, root))
        });
        let kind = self
            .kinds
            .as_ref()
            .is_none_or(|kinds| reach.kind.is_some_and(|kind| kinds.contains(&kind)));
        unit && region && kind
    }
}

/// Whether division `code` lies within division `root`: the root without its padding zeros is a prefix, at a boundary of
/// the levels (province 2, city 4, county 6, township 9, village 12 digits).
fn lies_within(code: &str, root: &str) -> bool {
    if !root.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let significant = root.trim_end_matches('0').len();
    let Some(length) = [2, 4, 6, 9, 12].into_iter().find(|length| *length >= significant) else {
        return false;
    };
    root.len() >= length && code.starts_with(&root[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach<'a>(units: &'a [&'a str], regions: &'a [&'a str]) -> Reach<'a> {
        Reach {
            unit_path: units,
            region_path: regions,
            kind: Some(CaseKind::Assistance),
        }
    }

    #[test]
    fn a_grant_without_limits_reaches_every_case() {
        assert!(Grant::everywhere(Role::Clerk).covers(&Reach {
            unit_path: &[],
            region_path: &[],
            kind: None
        }));
    }

    #[test]
    fn a_unit_grant_reaches_its_subtree_only() {
        let grant = Grant {
            unit: Some("yishui".into()),
            ..Grant::everywhere(Role::UnitLiaison)
        };
        assert!(grant.covers(&reach(&["yicheng", "yishui", "linyi"], &[])));
        assert!(!grant.covers(&reach(&["linyi"], &[])));
        assert!(!grant.covers(&reach(&[], &[])), "before dispatch no unit has the case");
    }

    #[test]
    fn nobody_is_two_of_the_three_administrators() {
        use Role as R;
        assert!(are_compatible([R::Clerk, R::SecurityAdmin, R::Reviewer]));
        assert!(are_compatible([R::AuditAdmin, R::AuditAdmin]));
        assert!(!are_compatible([R::SystemAdmin, R::Clerk, R::AuditAdmin]));
        assert!(!are_compatible([R::SecurityAdmin, R::SystemAdmin]));
        assert!(!are_compatible([R::SecurityAdmin, R::AuditAdmin]));
    }

    #[test]
    fn a_region_grant_reaches_what_lies_below_it() {
        let yishui = Grant {
            region: Some("371323".into()),
            ..Grant::everywhere(Role::Dispatcher)
        };
        assert!(yishui.covers(&reach(&[], &["371323001002"])));
        assert!(!yishui.covers(&reach(&[], &["371312001002"])), "Hedong is not Yishui");
        assert!(!yishui.covers(&reach(&[], &[])), "a case without a place");
        let padded = Grant {
            region: Some("371300000000".into()),
            ..Grant::everywhere(Role::Dispatcher)
        };
        assert!(padded.covers(&reach(&[], &["371323001002"])));
        let township = Grant {
            region: Some("371323100".into()),
            ..Grant::everywhere(Role::Clerk)
        };
        assert!(township.covers(&reach(&[], &["371323100200"])));
        assert!(
            !township.covers(&reach(&[], &["371323101200"])),
            "a zero inside a code is no padding"
        );
        let custom = Grant {
            region: Some("luojiazhuang".into()),
            ..Grant::everywhere(Role::Clerk)
        };
        assert!(custom.covers(&reach(&[], &["luojiazhuang", "371323001"])));
        assert!(
            !custom.covers(&reach(&[], &["luojiazhuangxi"])),
            "only division codes nest by prefix"
        );
    }

    #[test]
    fn a_grant_for_kinds_does_not_reach_a_case_without_one() {
        let grant = Grant {
            kinds: Some(vec![CaseKind::Inquiry]),
            ..Grant::everywhere(Role::Clerk)
        };
        assert!(!grant.covers(&reach(&[], &[])));
        assert!(!grant.covers(&Reach {
            unit_path: &[],
            region_path: &[],
            kind: None
        }));
        assert!(grant.covers(&Reach {
            unit_path: &[],
            region_path: &[],
            kind: Some(CaseKind::Inquiry)
        }));
    }

    #[test]
    fn every_role_has_one_name_and_only_three_are_not_given_by_an_administrator() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        assert_eq!(Role::ALL.iter().filter(|role| !role.is_staff()).count(), 3);
    }
}
