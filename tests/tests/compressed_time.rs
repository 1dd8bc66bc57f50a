//! What `./dev demo --ladder` and `./dev demo --week` promise, played small: a case that nobody touches climbs by itself, and a week
//! of cases comes to the same end when the process is killed, and when two processes work on one database.
#![allow(clippy::unwrap_used, reason = "a test may end where its premise fails")]

use std::process::Command;

use system_tests::schema::VARIABLE;

/// Plays it; answers what was told, of a play that kept all its promises.
fn demo(arguments: &[&str], postgres: bool) -> String {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_demo"));
    demo.args(arguments).env_remove("DATABASE_URL");
    if postgres {
        demo.env("DATABASE_URL", std::env::var(VARIABLE).unwrap());
    }
    let played = demo.output().unwrap();
    let told = String::from_utf8(played.stdout).unwrap();
    let wrong = String::from_utf8_lossy(&played.stderr);
    assert!(played.status.success(), "{told}\n{wrong}");
    told
}

#[test]
fn a_case_that_nobody_touches_climbs_through_the_five_tiers_before_everybodys_eyes() {
    for postgres in [false, true] {
        let told = demo(&["--ladder"], postgres);
        for (day, tier) in [
            ("2026-02-14", "热线督办"),
            ("2026-02-27", "媒体督办"),
            ("2026-03-11", "政务督办"),
            ("2026-03-26", "人大政协督办"),
            ("2026-04-18", "纪委督办"),
        ] {
            let climbs = |line: &str| line.contains(day) && line.contains("升为") && line.contains(tier);
            assert!(told.lines().any(climbs), "{day} {tier}:\n{told}");
        }
        assert_eq!(
            told.matches("诉求人收到").count(),
            6,
            "one promise and five climbs:\n{told}"
        );
    }
}

/// The digests that were told.
fn digests(told: &str) -> Vec<&str> {
    let words = told.split_whitespace();
    words
        .filter(|word| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect()
}

#[test]
fn a_week_comes_to_the_same_end_undisturbed_killed_and_with_two_processes() {
    let small = ["--week", "--cases", "25", "--kills", "2"];
    let on_sqlite = demo(&[&small[..], &["--kill"]].concat(), false);
    let on_postgres = demo(&[&small[..], &["--all"]].concat(), true);
    let (one, other) = (digests(&on_sqlite), digests(&on_postgres));
    assert!(one.len() >= 4 && other.len() >= 6, "{on_sqlite}\n{on_postgres}");
    assert!(
        one.iter().chain(&other).all(|digest| *digest == one[0]),
        "{on_sqlite}\n{on_postgres}"
    );
}
