//! Whether a member of staff may act at all, and what he owes before anything is open to him. Decided from the account's row
//! and the operator's settings; what a role may do is decided elsewhere.

use shared::domain::{
    role::{Grant, Role},
    time::Timestamp,
};

use super::actor::Owed;
use crate::{
    config::{SecondFactorPolicy, StaffConfig},
    stores::staff_store::StaffRow,
};

const DAY_SECONDS: i64 = 24 * 3600;

/// Whether the account is neither blocked nor closed, and its time is not over.
#[must_use]
pub fn may_act(staff: &StaffRow, now: Timestamp) -> bool {
    staff.status == "active" && staff.active_until.is_none_or(|until| now.0 < until)
}

/// What the account owes. The password comes first: whoever knows an old one must not enrol with it.
#[must_use]
pub fn owed(config: &StaffConfig, staff: &StaffRow, grants: &[Grant], now: Timestamp) -> Option<Owed> {
    let ended = password_ends_at(config, staff).is_some_and(|end| end <= now);
    if staff.must_change_password || ended {
        return Some(Owed::NewPassword);
    }
    let wanted = match config.second_factor {
        SecondFactorPolicy::All => true,
        SecondFactorPolicy::Administrators => grants.iter().any(|grant| Role::is_administrator(grant.role)),
        SecondFactorPolicy::Enrolled => false,
    };
    (wanted && staff.second_factor_since.is_none()).then_some(Owed::SecondFactor)
}

/// When the password has to be changed; none when passwords do not age.
#[must_use]
pub fn password_ends_at(config: &StaffConfig, staff: &StaffRow) -> Option<Timestamp> {
    let ages = config.password_days > 0;
    ages.then(|| Timestamp(staff.password_set_at).plus_seconds(config.password_days.saturating_mul(DAY_SECONDS)))
}

#[cfg(test)]
mod tests {
    use super::{SecondFactorPolicy as P, *};

    const NOON: Timestamp = Timestamp(1_795_000_000_000_000);

    fn staff() -> StaffRow {
        StaffRow {
            id: 1,
            version: 1,
            username: "wang.li".into(),
            display_name: "王丽".into(),
            post: String::new(),
            unit: "3713.hotline".into(),
            password_hash: String::new(),
            must_change_password: false,
            password_set_at: NOON.0,
            status: "active".into(),
            active_until: None,
            second_factor_since: None,
        }
    }

    #[test]
    fn a_password_is_good_for_ninety_days_unless_it_was_somebody_elses() {
        let config = StaffConfig::default();
        let after = |days: i64| NOON.plus_seconds(days * DAY_SECONDS);
        assert_eq!(owed(&config, &staff(), &[], after(90).plus_seconds(-1)), None);
        assert_eq!(owed(&config, &staff(), &[], after(90)), Some(Owed::NewPassword));
        let forever = StaffConfig {
            password_days: 0,
            ..config
        };
        assert_eq!(owed(&forever, &staff(), &[], after(9000)), None);
        let given = StaffRow {
            must_change_password: true,
            ..staff()
        };
        assert_eq!(owed(&forever, &given, &[], NOON), Some(Owed::NewPassword));
    }

    #[test]
    fn the_setting_says_who_must_have_a_second_factor() {
        let (clerk, auditor) = ([Grant::everywhere(Role::Clerk)], [Grant::everywhere(Role::AuditAdmin)]);
        let under = |second_factor, grants: &[Grant], staff: &StaffRow| {
            let config = StaffConfig {
                second_factor,
                ..StaffConfig::default()
            };
            owed(&config, staff, grants, NOON)
        };
        assert_eq!(under(P::All, &clerk, &staff()), Some(Owed::SecondFactor));
        assert_eq!(under(P::Administrators, &clerk, &staff()), None);
        assert_eq!(under(P::Administrators, &auditor, &staff()), Some(Owed::SecondFactor));
        assert_eq!(under(P::Enrolled, &auditor, &staff()), None);
        let enrolled = StaffRow {
            second_factor_since: Some(NOON.0),
            ..staff()
        };
        assert_eq!(under(P::All, &auditor, &enrolled), None);
    }

    #[test]
    fn an_account_for_some_hours_ends_by_itself() {
        let short = StaffRow {
            active_until: Some(NOON.plus_seconds(3600).0),
            ..staff()
        };
        assert!(may_act(&short, NOON.plus_seconds(3599)));
        assert!(!may_act(&short, NOON.plus_seconds(3600)));
    }
}
