//! The five tiers by name and number. Who owns one and what opens it is the ladder's matter.

use std::collections::BTreeSet;

use super::cause::Cause;
use crate::domain::case::words::closed_list;
use crate::domain::role::Role;

/// Those who supervise.
pub const SUPERVISORS: &[Role] = &[
    Role::HotlineSupervisor,
    Role::MediaSupervisor,
    Role::GovernmentInspector,
    Role::DeputyOffice,
    Role::DisciplineOfficer,
];

closed_list! {
    /// A tier of supervision, the lowest first.
    pub enum Tier as "tier" {
        /// 1: the hotline itself.
        Hotline = "hotline", "热线督办";
        /// 2: the media desk.
        Media = "media", "媒体督办";
        /// 3: the government's inspection office.
        Government = "government", "政务督办";
        /// 4: deputies of the congress and members of the CPPCC, through their office.
        Deputies = "deputies", "人大政协督办";
        /// 5: the discipline task force.
        Discipline = "discipline", "纪委督办";
    }
}

impl Tier {
    /// 1 to 5.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Hotline => 1,
            Self::Media => 2,
            Self::Government => 3,
            Self::Deputies => 4,
            Self::Discipline => 5,
        }
    }

    /// The tier of this number.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|tier| tier.number() == number)
    }

    /// Whether somebody with these roles may read what is done there: every supervisor, and of the fifth tier's closed file the
    /// task force alone.
    #[must_use]
    pub fn is_open_to(self, roles: &BTreeSet<Role>) -> bool {
        if self == Self::Discipline {
            roles.contains(&Role::DisciplineOfficer)
        } else {
            SUPERVISORS.iter().any(|role| roles.contains(role))
        }
    }

    /// Whether those whom the case concerns, and the public of a public one, are told why it holds a matter: what a person named
    /// stays in the closed file of the fifth tier.
    #[must_use]
    pub const fn tells_why(self, cause: Cause) -> bool {
        !matches!(self, Self::Discipline) || cause.is_found_by_platform()
    }

    /// The tier above; none above the highest.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::of_number(self.number() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closed_file_is_read_by_the_task_force_alone() {
        let inspector = BTreeSet::from([Role::GovernmentInspector]);
        let officer = BTreeSet::from([Role::DisciplineOfficer]);
        assert!(Tier::Media.is_open_to(&inspector) && !Tier::Discipline.is_open_to(&inspector));
        assert!(Tier::ALL.iter().all(|tier| tier.is_open_to(&officer)));
        assert!(!Tier::Hotline.is_open_to(&BTreeSet::from([Role::UnitLeader])));
    }

    #[test]
    fn the_fifth_tier_tells_no_cause_that_a_person_named() {
        assert!(Tier::Discipline.tells_why(Cause::TierFailed) && !Tier::Discipline.tells_why(Cause::Retaliation));
        assert!(Tier::Media.tells_why(Cause::PublicInterest));
    }

    #[test]
    fn each_tier_leads_to_the_next_and_the_fifth_to_none() {
        let numbers: Vec<u8> = Tier::ALL.iter().map(|tier| tier.number()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        assert_eq!(Tier::Hotline.next(), Some(Tier::Media));
        assert_eq!(Tier::Discipline.next(), None);
        assert_eq!(Tier::of_number(0), None);
    }
}
