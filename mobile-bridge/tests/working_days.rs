//! The bridge promises the phone the same day that the server names, and a clear problem instead of a crash.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

use mobile_bridge::{CalendarProblem, WorkingDayCount, working_days_from};

fn calendar() -> Vec<String> {
    ["2024", "2025", "2026"]
        .iter()
        .map(|year| {
            let path = format!("{}/../api/city/calendar/{year}.json", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
        })
        .collect()
}

fn count(start: &str, days: u32) -> Result<WorkingDayCount, CalendarProblem> {
    working_days_from(start.to_owned(), days, calendar())
}

#[test]
fn the_count_knows_holidays_and_make_up_days() {
    for (start, days, due) in [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-14", 5, "2026-02-28"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2025-09-26", 5, "2025-10-10"),
    ] {
        assert_eq!(
            count(start, days),
            Ok(WorkingDayCount {
                date: due.to_owned(),
                provisional: false
            }),
            "{start}"
        );
    }
}

#[test]
fn an_unsettled_day_says_so() {
    assert_eq!(
        count("2026-12-24", 5),
        Ok(WorkingDayCount {
            date: "2026-12-31".to_owned(),
            provisional: true
        })
    );
    let without = working_days_from("2031-03-03".to_owned(), 5, Vec::new());
    assert_eq!(
        without,
        Ok(WorkingDayCount {
            date: "2031-03-10".to_owned(),
            provisional: true
        })
    );
}

#[test]
fn what_cannot_be_counted_is_a_problem_and_not_a_crash() {
    for start in ["", "明天", "2026-02-30", "13.02.2026", "2026-02-13T00:00:00Z"] {
        assert_eq!(count(start, 5), Err(CalendarProblem::NotADate), "{start:?}");
    }
    assert!(matches!(
        count("2026-02-13", u32::MAX),
        Err(CalendarProblem::TooManyDays { .. })
    ));
    for text in ["", "{}", "年"] {
        let answer = working_days_from("2026-02-13".to_owned(), 5, vec![text.to_owned()]);
        assert!(matches!(answer, Err(CalendarProblem::NotACalendar { .. })), "{text:?}");
    }
}
