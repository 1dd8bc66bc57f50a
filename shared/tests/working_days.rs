//! What the product promises about working days and working hours, on the calendar that it ships.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own data has to fail")]

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use shared::domain::calendar::{Calendar, CalendarError, HolidayYear, MAX_WORKING_DAYS, WorkingHours};
use shared::domain::time::Timestamp;

const YEAR_2024: &str = include_str!("../../api/city/calendar/2024.json");
const YEAR_2025: &str = include_str!("../../api/city/calendar/2025.json");
const YEAR_2026: &str = include_str!("../../api/city/calendar/2026.json");

fn shipped_calendar() -> Calendar {
    Calendar::from_holiday_cn(&[YEAR_2025, YEAR_2026, YEAR_2024]).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// City time, as `2026-02-13 16:00`.
fn at(text: &str) -> Timestamp {
    Timestamp::from_city_time(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

#[test]
fn golden_working_days() {
    let calendar = shipped_calendar();
    let golden = [
        ("2026-02-13", 5, "2026-02-27", false), // over Spring Festival
        ("2026-02-14", 5, "2026-02-28", false), // from one make-up Saturday to another
        ("2026-04-30", 2, "2026-05-07", false), // over Labour Day
        ("2026-09-24", 5, "2026-10-09", false), // over Mid-Autumn and National Day
        ("2026-09-30", 5, "2026-10-13", false), // Saturday 10 October counts
        ("2025-09-26", 5, "2025-10-10", false),
        ("2026-01-01", 1, "2026-01-04", false), // a make-up Sunday
        ("2026-12-24", 5, "2026-12-31", true),  // until the notice for 2027
    ];
    for (start, n, due, provisional) in golden {
        let found = calendar.add_working_days(day(start), n);
        assert_eq!(
            (found.date, found.provisional),
            (day(due), provisional),
            "{start} + {n} working days"
        );
        assert_eq!(
            calendar.working_days_between(day(start), day(due)),
            u32::from(n),
            "{start} to {due}"
        );
    }
}

#[test]
fn holidays_and_make_up_days_are_those_of_the_notices() {
    let calendar = shipped_calendar();
    let worked = |text: &str| calendar.is_working_day(day(text)).working;
    for holiday in [
        "2024-02-10",
        "2025-01-28",
        "2025-10-08",
        "2026-02-23",
        "2026-06-19",
        "2026-10-07",
    ] {
        assert!(!worked(holiday), "{holiday} is a holiday");
    }
    for make_up in [
        "2024-02-04",
        "2025-01-26",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-09-20",
    ] {
        assert!(worked(make_up), "{make_up} is worked in exchange");
    }
    assert_eq!(calendar.previous_working_day(day("2026-02-24")).date, day("2026-02-14"));
    assert_eq!(calendar.next_working_day(day("2026-02-14")).date, day("2026-02-24"));
}

#[test]
fn what_no_notice_has_settled_is_counted_as_an_ordinary_week_and_says_so() {
    let calendar = shipped_calendar();
    let new_year = calendar.is_working_day(day("2027-01-01"));
    assert!(new_year.working && new_year.provisional);
    assert!(calendar.is_working_day(day("2023-06-01")).provisional);
    assert!(
        !calendar.is_working_day(day("2025-12-31")).provisional,
        "the notice for 2026 is known"
    );
    assert!(!calendar.is_working_day(day("2026-11-30")).provisional);
    assert!(
        calendar.is_working_day(day("2026-12-01")).provisional,
        "the notice for 2027 may move it"
    );
}

#[test]
fn the_next_notice_settles_december_and_has_the_last_word_on_it() {
    let year_2027 = r#"{"year": 2027, "papers": [], "days": [
        {"name": "元旦", "date": "2026-12-31", "isOffDay": true},
        {"name": "元旦", "date": "2026-12-27", "isOffDay": false},
        {"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}"#;
    let before = shipped_calendar();
    let after = Calendar::from_holiday_cn(&[year_2027, YEAR_2024, YEAR_2025, YEAR_2026]).unwrap();
    assert_eq!(before.add_working_days(day("2026-12-24"), 5).date, day("2026-12-31"));
    let due = after.add_working_days(day("2026-12-24"), 5);
    assert_eq!((due.date, due.provisional), (day("2026-12-30"), false));
    assert_ne!(before.version(), after.version());
    assert_eq!(
        after,
        before.with_year(serde_json::from_str(year_2027).unwrap()).unwrap()
    );
}

#[test]
fn a_placeholder_without_days_settles_nothing() {
    let placeholder = r#"{"$schema": "x", "year": 2027, "papers": [], "days": []}"#;
    let calendar = Calendar::from_holiday_cn(&[YEAR_2024, YEAR_2025, YEAR_2026, placeholder]).unwrap();
    assert_eq!(calendar, shipped_calendar());
    assert!(calendar.missing_next_year(day("2026-11-23")));
}

#[test]
fn administrators_are_warned_from_november_on_while_the_next_year_is_missing() {
    let calendar = shipped_calendar();
    assert!(!calendar.missing_next_year(day("2025-12-31")));
    assert!(!calendar.missing_next_year(day("2026-10-31")));
    assert!(calendar.missing_next_year(day("2026-11-01")));
    assert!(
        calendar.missing_next_year(day("2027-03-01")),
        "the current year itself is missing"
    );
}

#[test]
fn a_calendar_is_written_and_read_back_in_the_form_it_was_imported_in() {
    let calendar = shipped_calendar();
    assert_eq!(calendar.years().collect::<Vec<_>>(), [2024, 2025, 2026]);
    let exported = serde_json::to_string_pretty(calendar.notice(2026).unwrap()).unwrap() + "\n";
    assert_eq!(exported, YEAR_2026);
    let again: Calendar = serde_json::from_str(&serde_json::to_string(&calendar).unwrap()).unwrap();
    assert_eq!(again, calendar);
    assert!(again.version().starts_with("2024-2026."), "{}", again.version());
}

#[test]
fn a_wrong_calendar_file_is_refused_with_the_reason() {
    let refused = |files: &[&str]| Calendar::from_holiday_cn(files).unwrap_err();
    let of = |year: i32, days: &str| format!(r#"{{"year": {year}, "days": [{days}]}}"#);
    let holiday = |date: &str, off: bool| format!(r#"{{"name": "春节", "date": "{date}", "isOffDay": {off}}}"#);

    assert!(matches!(
        refused(&[YEAR_2026, "<html>"]),
        CalendarError::Malformed { file: 1, .. }
    ));
    assert!(matches!(
        refused(&[&of(2026, &holiday("2026-02-30", true))]),
        CalendarError::Malformed { file: 0, .. }
    ));
    assert_eq!(
        refused(&[YEAR_2026, YEAR_2026]),
        CalendarError::YearTwice { year: 2026 }
    );
    assert_eq!(
        refused(&[&of(20266, "")]),
        CalendarError::YearOutOfRange { year: 20266 }
    );
    let foreign = CalendarError::ForeignDay {
        year: 2026,
        date: day("2025-11-30"),
    };
    assert_eq!(refused(&[&of(2026, &holiday("2025-11-30", true))]), foreign);
    let both = [holiday("2026-02-17", true), holiday("2026-02-17", false)].join(",");
    let contradiction = CalendarError::Contradiction {
        year: 2026,
        date: day("2026-02-17"),
    };
    assert_eq!(refused(&[&of(2026, &both)]), contradiction);
    let many = vec![holiday("2026-02-17", true); 367].join(",");
    assert_eq!(refused(&[&of(2026, &many)]), CalendarError::TooMuch { year: 2026 });
    assert_eq!(refused(&[&" ".repeat(300_000)]), CalendarError::TooLarge { file: 0 });
}

// --- working hours ---

#[test]
fn working_minutes_skip_lunch_nights_and_holidays() {
    let (calendar, hours) = (shipped_calendar(), WorkingHours::default());
    let golden = [
        ("2026-11-23 08:30", 240, "2026-11-23 14:30"), // over lunch
        ("2026-11-23 16:00", 240, "2026-11-24 10:30"), // over night
        ("2026-11-23 22:15", 60, "2026-11-24 09:30"),  // sent in the evening
        ("2026-11-23 12:30", 30, "2026-11-23 14:30"),  // sent at lunch
        ("2026-11-23 08:30", 210, "2026-11-23 12:00"), // ends with the session
        ("2026-02-14 16:00", 240, "2026-02-24 10:30"), // over Spring Festival, from a make-up Saturday
        ("2026-11-21 10:00", 1, "2026-11-23 08:31"),   // sent on a Saturday
    ];
    for (start, minutes, end) in golden {
        let found = calendar.add_working_minutes(&hours, at(start), minutes);
        assert_eq!(
            (found.at, found.provisional),
            (at(end), false),
            "{start} + {minutes} working minutes"
        );
        assert_eq!(
            calendar.working_minutes_between(&hours, at(start), at(end)),
            i64::from(minutes)
        );
    }
    assert!(
        calendar
            .add_working_minutes(&hours, at("2026-12-01 09:00"), 5)
            .provisional
    );
    assert_eq!(
        calendar.working_minutes_between(&hours, at("2026-11-24 09:00"), at("2026-11-23 09:00")),
        0
    );
}

#[test]
fn working_hours_are_data_and_nonsense_is_refused() {
    let read = |json: &str| serde_json::from_str::<WorkingHours>(json);
    let summer = read(r#"["08:30-12:00", "14:30-18:30"]"#).unwrap();
    assert_eq!(summer.daily_minutes(), 450);
    assert_eq!(
        serde_json::to_string(&summer).unwrap(),
        r#"["08:30-12:00","14:30-18:30"]"#
    );
    assert_eq!(read(r#"["00:00-24:00"]"#).unwrap().daily_minutes(), 1440);
    for nonsense in [
        "[]",
        r#"["12:00-08:30"]"#,
        r#"["08:30-12:00", "11:00-18:00"]"#,
        r#"["14:00-18:00", "08:30-12:00"]"#,
        r#"["8:30-12:00"]"#,
        r#"["08:60-12:00"]"#,
        r#"["08:30-24:01"]"#,
        r#"["08:30-09:00"]"#,
        r#"["上午八点半"]"#,
    ] {
        assert!(read(nonsense).is_err(), "{nonsense} was taken for working hours");
    }
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
    fn a_longer_limit_is_never_due_earlier(start in any_day(), n in 0_u16..60, more in 0_u16..60) {
        let calendar = shipped_calendar();
        let (short, long) = (calendar.add_working_days(start, n), calendar.add_working_days(start, n + more));
        prop_assert!(short.date <= long.date);
        prop_assert!(!short.provisional || long.provisional);
    }

    #[test]
    fn a_later_start_is_never_due_earlier(start in any_day(), later in 0_u64..30, n in 0_u16..60) {
        let calendar = shipped_calendar();
        let due = calendar.add_working_days(start, n).date;
        prop_assert!(due <= calendar.add_working_days(start + Days::new(later), n).date);
    }

    #[test]
    fn nothing_is_due_on_a_day_off(start in any_day(), n in 1_u16..60) {
        let calendar = shipped_calendar();
        let due = calendar.add_working_days(start, n).date;
        prop_assert!(calendar.is_working_day(due).working);
        prop_assert_eq!(calendar.working_days_between(start, due), u32::from(n));
    }

    #[test]
    fn counting_in_two_steps_is_counting_in_one(start in any_day(), a in 0_u16..60, b in 0_u16..60) {
        let calendar = shipped_calendar();
        let (first, whole) = (calendar.add_working_days(start, a), calendar.add_working_days(start, a + b));
        let second = calendar.add_working_days(first.date, b);
        prop_assert_eq!(second.date, whole.date);
        prop_assert_eq!(first.provisional || second.provisional, whole.provisional);
    }

    #[test]
    fn no_day_and_no_count_breaks_the_calendar(days in any::<i32>(), n in any::<u16>()) {
        let calendar = shipped_calendar();
        let start = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(NaiveDate::MAX);
        let due = calendar.add_working_days(start, n);
        prop_assert_eq!(due.date, calendar.add_working_days(start, n.min(MAX_WORKING_DAYS)).date);
        prop_assert!(n == 0 || (2023..=2026).contains(&start.year()) || due.provisional);
        let before = calendar.previous_working_day(start).date;
        prop_assert!(before < start || start == NaiveDate::MIN);
    }

    #[test]
    fn working_minutes_added_are_the_minutes_between(
        start in any_moment(), minutes in 0_u32..20_000, more in 1_u32..5_000,
    ) {
        let (calendar, hours) = (shipped_calendar(), WorkingHours::default());
        let end = calendar.add_working_minutes(&hours, start, minutes).at;
        prop_assert_eq!(calendar.working_minutes_between(&hours, start, end), i64::from(minutes));
        let in_two = calendar.add_working_minutes(&hours, end, more).at;
        prop_assert_eq!(in_two, calendar.add_working_minutes(&hours, start, minutes + more).at);
    }

    #[test]
    fn no_file_breaks_the_import(text in any::<String>(), year in any::<i32>()) {
        prop_assert!(Calendar::from_holiday_cn(&[&text]).is_err());
        let empty = HolidayYear { year, papers: Vec::new(), days: Vec::new() };
        prop_assert_eq!(Calendar::from_years(vec![empty]).is_ok(), (1990..=2199).contains(&year));
    }
}
