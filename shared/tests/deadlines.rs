//! What the product promises about due dates and reminders, on the deadline policy and the calendar that it ships.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own data has to fail")]

use chrono::{Days, NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use shared::domain::calendar::{Calendar, WorkingHours};
use shared::domain::case::{CaseKind, Urgency};
use shared::domain::deadline::{ClockKind, DeadlinePolicy, Limit, Wake};
use shared::domain::time::Timestamp;

const YEAR_2024: &str = include_str!("../../api/city/calendar/2024.json");
const YEAR_2025: &str = include_str!("../../api/city/calendar/2025.json");
const YEAR_2026: &str = include_str!("../../api/city/calendar/2026.json");
const DEADLINES: &str = include_str!("../../api/city/deadlines.toml");

fn shipped_calendar() -> Calendar {
    Calendar::from_holiday_cn(&[YEAR_2025, YEAR_2026, YEAR_2024]).unwrap()
}

fn shipped_policy() -> DeadlinePolicy {
    toml::from_str(DEADLINES).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// City time, as `2026-02-13 16:00`.
fn at(text: &str) -> Timestamp {
    Timestamp::from_city_time(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

#[test]
fn the_shipped_policy_holds_every_limit_of_the_rule_book() {
    use CaseKind::{Assistance, Commendation, Complaint, Inquiry, Suggestion, ViolationReport};
    use ClockKind as Clock;
    let policy = shipped_policy();
    // clock, kind: emergency, livelihood, routine
    let table = [
        (Clock::Accept, Assistance, ["15min", "1h", "1wd"]),
        (Clock::Information, Assistance, ["5wd", "5wd", "5wd"]),
        (Clock::SupplyAfterExpiry, Assistance, ["30d", "30d", "30d"]),
        (Clock::AppealWindow, Complaint, ["5wd", "5wd", "5wd"]),
        (Clock::AppealDecision, Complaint, ["2wd", "2wd", "2wd"]),
        (Clock::Dispatch, Assistance, ["15min", "30min", "4wh"]),
        (Clock::SignFor, Assistance, ["15min", "30min", "1wd"]),
        (Clock::FirstContact, Assistance, ["1h", "2h", "1wd"]),
        (Clock::FirstAction, Assistance, ["2h", "none", "none"]),
        (Clock::FirstAction, Complaint, ["2h", "none", "none"]),
        (Clock::FirstAction, ViolationReport, ["2h", "none", "none"]),
        (Clock::FirstAction, Inquiry, ["none", "none", "none"]),
        (Clock::Handle, Inquiry, ["24h", "24h", "2wd"]),
        (Clock::Handle, Assistance, ["24h", "24h", "5wd"]),
        (Clock::Handle, Complaint, ["24h", "24h", "5wd"]),
        (Clock::Handle, Suggestion, ["5wd", "5wd", "5wd"]),
        (Clock::Handle, ViolationReport, ["24h", "24h", "5wd"]),
        (Clock::Handle, Commendation, ["2wd", "2wd", "2wd"]),
        (Clock::Extension, Assistance, ["none", "24h", "10wd"]),
        (Clock::ReturnRequest, Assistance, ["5min", "15min", "1wd"]),
        (Clock::ReturnRequestComplex, Assistance, ["5min", "15min", "2wd"]),
        (Clock::ReturnDecision, Assistance, ["5min", "15min", "1wd"]),
        (Clock::SecondPerson, Assistance, ["1wd", "1wd", "1wd"]),
        (Clock::ExtensionDecision, Assistance, ["1wd", "1wd", "1wd"]),
        (Clock::CommitmentDecision, Assistance, ["1wd", "1wd", "1wd"]),
        (Clock::ExclusionDecision, Assistance, ["1wd", "1wd", "1wd"]),
        (Clock::Promise, Assistance, ["730d", "730d", "730d"]),
        (Clock::Redo, Assistance, ["2h", "12h", "3wd"]),
        (Clock::ReplyReview, Assistance, ["30min", "2h", "1wd"]),
        (Clock::FollowUp, Assistance, ["24h", "24h", "2wd"]),
        (Clock::RatingWindow, Assistance, ["5wd", "5wd", "5wd"]),
        (Clock::JudgeDemand, Assistance, ["1wd", "1wd", "1wd"]),
        (Clock::ReopenWindow, Assistance, ["30d", "30d", "30d"]),
        (Clock::Archive, Assistance, ["30d", "30d", "30d"]),
        (Clock::FirstLookBack, Assistance, ["30d", "30d", "30d"]),
        (Clock::SecondLookBack, Assistance, ["90d", "90d", "90d"]),
        (Clock::LookBackVisit, Assistance, ["5wd", "5wd", "5wd"]),
        (Clock::MediationAssign, Complaint, ["1wd", "1wd", "1wd"]),
        (Clock::MediationContact, Complaint, ["24h", "24h", "24h"]),
        (Clock::MediationEnd, Complaint, ["30d", "30d", "30d"]),
        (Clock::MediationExtension, Complaint, ["30d", "30d", "30d"]),
        (Clock::MediationFirstCheck, Complaint, ["7d", "7d", "7d"]),
        (Clock::MediationSecondCheck, Complaint, ["30d", "30d", "30d"]),
    ];
    for (clock, kind, expected) in table {
        let found = Urgency::ALL.map(|urgency| policy.limit(clock, kind, urgency, None).to_string());
        assert_eq!(found, expected, "{clock}, {kind}");
    }
    for &clock in ClockKind::ALL.iter().filter(|clock| clock.has_policy_limit()) {
        assert!(
            table.iter().any(|(named, ..)| *named == clock),
            "the table above forgets {clock}"
        );
        assert_eq!(clock.as_str().parse(), Ok(clock));
        assert_eq!(serde_json::to_string(&clock).unwrap(), format!("\"{clock}\""));
    }
    assert_eq!(policy.counts.automatic_redos, 2);
    assert_eq!(policy.counts.dispatches_until_designation, 3);
    assert_eq!(policy.working_hours, WorkingHours::default());
}

#[test]
fn no_case_is_ever_left_without_a_handling_limit() {
    let policy = shipped_policy();
    for kind in CaseKind::ALL {
        for urgency in Urgency::ALL {
            for clock in [
                ClockKind::Accept,
                ClockKind::Dispatch,
                ClockKind::Handle,
                ClockKind::Redo,
            ] {
                assert_ne!(
                    policy.limit(clock, kind, urgency, None),
                    Limit::None,
                    "{clock}, {kind}, {urgency}"
                );
            }
        }
    }
}

#[test]
fn due_dates_as_a_resident_would_count_them() {
    let (calendar, policy) = (shipped_calendar(), shipped_policy());
    let due = |clock, kind, urgency, start| policy.due(&calendar, clock, kind, urgency, None, at(start)).unwrap();

    // A dark street lamp, dispatched on the Friday before Spring Festival: five working days.
    let lamp = due(
        ClockKind::Handle,
        CaseKind::Assistance,
        Urgency::Routine,
        "2026-02-13 16:20",
    );
    assert_eq!((lamp.at, lamp.last_day()), (at("2026-02-28 00:00"), day("2026-02-27")));
    assert!(!lamp.provisional && !lamp.is_over(at("2026-02-27 23:59")) && lamp.is_over(at("2026-02-28 00:00")));
    assert_eq!(
        (lamp.policy_version.as_str(), lamp.calendar_version.as_str()),
        (&*policy.version, calendar.version())
    );

    // No water on a holiday's night: the clock on the wall.
    let water = due(
        ClockKind::SignFor,
        CaseKind::Assistance,
        Urgency::Livelihood,
        "2026-02-17 23:50",
    );
    assert_eq!(
        (water.at, water.last_day()),
        (at("2026-02-18 00:20"), day("2026-02-18"))
    );
    let gas = due(
        ClockKind::Accept,
        CaseKind::Assistance,
        Urgency::Emergency,
        "2026-10-01 03:00",
    );
    assert_eq!(gas.at, at("2026-10-01 03:15"));

    // Accepted on Friday afternoon: the dispatcher has four working hours.
    let dispatch = due(
        ClockKind::Dispatch,
        CaseKind::Complaint,
        Urgency::Routine,
        "2026-11-20 16:30",
    );
    assert_eq!(dispatch.at, at("2026-11-23 11:00"));

    // Thirty days are thirty days of the calendar, to the end of the last.
    let reopen = due(
        ClockKind::ReopenWindow,
        CaseKind::Complaint,
        Urgency::Routine,
        "2026-09-10 09:00",
    );
    assert_eq!(reopen.last_day(), day("2026-10-10"));

    let december = due(
        ClockKind::Handle,
        CaseKind::Complaint,
        Urgency::Routine,
        "2026-12-24 09:00",
    );
    assert!(december.provisional && december.last_day() == day("2026-12-31"));

    let no_clock = policy.due(
        &calendar,
        ClockKind::FirstAction,
        CaseKind::Inquiry,
        Urgency::Routine,
        None,
        lamp.at,
    );
    assert_eq!(no_clock, None);
}

#[test]
fn an_extension_continues_where_the_limit_ended_and_is_cut_to_what_is_allowed() {
    let (calendar, policy) = (shipped_calendar(), shipped_policy());
    let extended = |urgency, current, asked| {
        let clock = ClockKind::Extension;
        policy.extended_due(&calendar, clock, CaseKind::Complaint, urgency, None, at(current), asked)
    };
    // Until 24:00 of Friday 27 February; Saturday the 28th is worked and is the first day more.
    let one = extended(Urgency::Routine, "2026-02-28 00:00", Limit::WorkingDays(1)).unwrap();
    assert_eq!(one.last_day(), day("2026-02-28"));
    let most = extended(Urgency::Routine, "2026-02-28 00:00", Limit::WorkingDays(40)).unwrap();
    assert_eq!(
        (most.limit, most.last_day()),
        (Limit::WorkingDays(10), day("2026-03-12"))
    );
    let water = extended(Urgency::Livelihood, "2026-02-18 10:00", Limit::Hours(24)).unwrap();
    assert_eq!(water.at, at("2026-02-19 10:00"));
    assert_eq!(extended(Urgency::Emergency, "2026-02-18 10:00", Limit::Hours(1)), None);
    assert_eq!(extended(Urgency::Routine, "2026-02-28 00:00", Limit::Hours(1)), None);
}

#[test]
fn reminders_and_cards_come_when_somebody_can_still_act() {
    let (calendar, policy) = (shipped_calendar(), shipped_policy());
    // Water: 24 hours on the wall clock.
    let (start, due) = (at("2026-11-23 10:00"), at("2026-11-24 10:00"));
    let water = policy.reminders(&calendar, Urgency::Livelihood, Limit::Hours(24), start, due);
    assert_eq!(water, [at("2026-11-23 22:00"), at("2026-11-24 05:12")]);
    assert_eq!(policy.red_at(&calendar, Urgency::Livelihood, due), due);
    assert_eq!(policy.yellow_at(&calendar, Urgency::Livelihood, start, due), None);
    let soon = policy.due_soon_at(&calendar, Urgency::Livelihood, Limit::Hours(24), start, due);
    assert_eq!(soon, at("2026-11-24 05:12"));

    // Limits in working days are shared out in working time: two days over a weekend.
    let (start, due) = (at("2026-11-20 08:30"), at("2026-11-24 00:00"));
    let shared_out = policy.reminders(&calendar, Urgency::Livelihood, Limit::WorkingDays(1), start, due);
    assert_eq!(shared_out, [at("2026-11-20 18:00"), at("2026-11-23 15:00")]);

    // A lamp: yellow on the working day before the last one, red on the first one after it.
    let (start, due) = (at("2026-02-13 16:20"), at("2026-02-28 00:00"));
    assert_eq!(
        policy.yellow_at(&calendar, Urgency::Routine, start, due),
        Some(at("2026-02-26 08:30"))
    );
    assert_eq!(policy.red_at(&calendar, Urgency::Routine, due), at("2026-02-28 08:30"));
    let soon = policy.due_soon_at(&calendar, Urgency::Routine, Limit::WorkingDays(5), start, due);
    assert_eq!(soon, at("2026-02-26 08:30"));

    // A limit too short for a yellow card is due soon after four fifths of its working time.
    let (start, due) = (at("2026-11-23 08:30"), at("2026-11-25 00:00"));
    assert_eq!(policy.yellow_at(&calendar, Urgency::Routine, start, due), None);
    let soon = policy.due_soon_at(&calendar, Urgency::Routine, Limit::WorkingDays(1), start, due);
    assert_eq!(soon, at("2026-11-24 15:00"));
}

#[test]
fn a_category_can_have_its_own_limit_and_the_closest_exception_counts() {
    let exceptions = r#"
        [[category_limits]]
        category = "market.*"
        clock = "handle"
        limit = "7wd"
        basis = "市场监管投诉"
        [[category_limits]]
        category = "market.food"
        clock = "handle"
        limit = "8wd"
        basis = "食品投诉"
        [[category_limits]]
        category = "market.food"
        clock = "handle"
        kind = "violation_report"
        limit = "15wd"
        basis = "法定期限"
        [[category_limits]]
        category = "water*"
        clock = "extension"
        limit = "none"
        basis = "不得延期"
    "#;
    let policy: DeadlinePolicy = toml::from_str(&format!("{DEADLINES}\n{exceptions}")).unwrap();
    let limit = |clock, kind, category| policy.limit(clock, kind, Urgency::Routine, Some(category)).to_string();
    assert_eq!(limit(ClockKind::Handle, CaseKind::Complaint, "market.price"), "7wd");
    assert_eq!(limit(ClockKind::Handle, CaseKind::Complaint, "market.food"), "8wd");
    assert_eq!(
        limit(ClockKind::Handle, CaseKind::ViolationReport, "market.food"),
        "15wd"
    );
    assert_eq!(
        limit(ClockKind::Handle, CaseKind::ViolationReport, "marketplace"),
        "5wd"
    );
    assert_eq!(
        limit(ClockKind::Extension, CaseKind::Complaint, "water.pressure"),
        "none"
    );
    assert_eq!(limit(ClockKind::Redo, CaseKind::Complaint, "market.food"), "3wd");
}

#[test]
fn a_wrong_policy_file_is_refused_with_the_reason() {
    let refused = |from: &str, to: &str| {
        assert!(DEADLINES.contains(from), "the file no longer has {from}");
        toml::from_str::<DeadlinePolicy>(&DEADLINES.replacen(from, to, 1))
            .unwrap_err()
            .to_string()
    };
    let redo = "[limits.redo]\nall = { emergency = \"2h\", livelihood = \"12h\", routine = \"3wd\" }";
    assert!(refused(redo, "").contains("says nothing about the clock `redo`"));
    assert!(refused(redo, "[limits.redo]\nall = {}").contains("gives the clock `redo` no limit"));
    assert!(refused("routine = \"3wd\"", "routine = \"3天\"").contains("is not a limit"));
    assert!(refused("[limits.redo]", "[limits.rodeo]").contains("rodeo"));
    assert!(refused("automatic_redos = 2", "automatic_redos = 200").contains("automatic_redos"));
    assert!(refused("at_percent = [50, 80]", "at_percent = [80, 50]").contains("at_percent"));
    assert!(refused("version = \"shandong-2026.1\"", "version = \"\"").contains("needs a version"));
    assert!(refused("appeals = 1", "appeals = 1\nappeal = 1").contains("unknown field"));
    assert!(refused("\"08:30-12:00\"", "\"12:00-08:30\"").contains("is not a session"));
}

#[test]
fn a_policy_is_written_and_read_back() {
    let policy = shipped_policy();
    let again: DeadlinePolicy = serde_json::from_str(&serde_json::to_string(&policy).unwrap()).unwrap();
    assert_eq!(again, policy);
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    // Years with a file, years without one before and after, and the borders between them.
    (0_u64..366 * 8).prop_map(|offset| NaiveDate::from_ymd_opt(2022, 1, 1).unwrap() + Days::new(offset))
}

fn any_moment() -> impl Strategy<Value = Timestamp> {
    (any_day(), 0_i64..86_400)
        .prop_map(|(date, second)| Timestamp::from_city_time(date.and_hms_opt(0, 0, 0).unwrap()).plus_seconds(second))
}

proptest! {
    #[test]
    fn no_instant_breaks_a_deadline(micros in any::<i64>(), other in any::<i64>(), clock in 0..ClockKind::ALL.len()) {
        let (calendar, policy) = (shipped_calendar(), shipped_policy());
        let (start, end, clock) = (Timestamp(micros), Timestamp(other), ClockKind::ALL[clock]);
        for urgency in Urgency::ALL {
            if let Some(due) = policy.due(&calendar, clock, CaseKind::Complaint, urgency, None, start) {
                prop_assert!(due.at >= Timestamp(0));
                let soon = policy.due_soon_at(&calendar, urgency, due.limit, start, end);
                prop_assert!(soon <= end.max(start).max(Timestamp(0)));
            }
            prop_assert!(policy.red_at(&calendar, urgency, end) >= end);
        }
    }

    #[test]
    fn reminders_stand_between_start_and_due(start in any_moment(), clock in 0..ClockKind::ALL.len()) {
        let (calendar, policy) = (shipped_calendar(), shipped_policy());
        let clock = ClockKind::ALL[clock];
        for urgency in Urgency::ALL {
            let Some(due) = policy.due(&calendar, clock, CaseKind::Complaint, urgency, None, start) else {
                continue;
            };
            let reminders = policy.reminders(&calendar, urgency, due.limit, start, due.at);
            prop_assert_eq!(reminders.len(), policy.reminders.rule(urgency).at_percent.len());
            prop_assert!(reminders.is_sorted());
            prop_assert!(reminders.iter().all(|reminder| start < *reminder && *reminder < due.at));
            let soon = policy.due_soon_at(&calendar, urgency, due.limit, start, due.at);
            prop_assert!(start < soon && soon < due.at);
            prop_assert!(policy.red_at(&calendar, urgency, due.at) >= due.at);
        }
    }
}

#[test]
fn a_clock_is_looked_at_at_half_at_four_fifths_when_it_is_over_and_for_its_cards() {
    let (policy, calendar) = (shipped_policy(), shipped_calendar());
    let wakes = |urgency, limit, start, due| policy.wakes(&calendar, urgency, limit, at(start), at(due));
    // The limit ends on Friday the 13th; the yellow card comes on Thursday, the red one on the worked Saturday.
    assert_eq!(
        wakes(
            Urgency::Routine,
            Limit::WorkingDays(5),
            "2026-02-06 10:00",
            "2026-02-14 00:00"
        ),
        [
            (at("2026-02-12 08:30"), Wake::Reminder),
            (at("2026-02-14 00:00"), Wake::Due),
            (at("2026-02-14 08:30"), Wake::Red),
        ]
    );
    assert_eq!(
        wakes(
            Urgency::Emergency,
            Limit::Hours(2),
            "2026-02-17 10:00",
            "2026-02-17 12:00"
        ),
        [
            (at("2026-02-17 11:00"), Wake::Reminder),
            (at("2026-02-17 11:36"), Wake::Reminder),
            (at("2026-02-17 12:00"), Wake::Due),
            (at("2026-02-17 12:00"), Wake::Red),
        ]
    );
}
