//! The pages that lead from each row of the city's rules to its tests: they leave no row out, say of limits what the policy says,
//! and name only tests that exist.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{collections::BTreeSet, fs, path::Path};

use api::city::City;
use shared::domain::{
    case::{Action, CaseKind, Urgency},
    deadline::ClockKind,
    supervision::{Cause, Tier},
};

/// Acts of mediation, which nobody can do yet.
const MEDIATION: [Action; 3] = [
    Action::ReferToMediation,
    Action::ConcludeMediation,
    Action::FailMediation,
];

/// The words in backticks.
fn named(column: &str) -> impl Iterator<Item = &str> {
    column.split('`').skip(1).step_by(2)
}

/// The rows of a page, each its columns but the last one. The tests are there that these name, and those that the words around
/// the table do.
fn rows(page: &str, columns: usize) -> Vec<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("../docs").join(page)).unwrap();
    let proofs = text.lines().flat_map(named).filter(|word| word.contains(".rs::"));
    proofs.for_each(|test| exists(root, test));
    let lines = text.lines().filter(|line| line.starts_with("| ")).skip(2);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            assert_eq!(cells.len(), columns + 2, "{page}: {line}");
            let tests = cells[columns];
            assert!(named(tests).count() > 0, "{page}: nothing proves {line}");
            named(tests).for_each(|test| exists(root, test));
            cells[1..columns].iter().map(|cell| (*cell).to_owned()).collect()
        })
        .collect()
}

/// `file.rs::function` in tests/tests, or in shared/tests when it says so.
fn exists(root: &Path, test: &str) {
    let (file, function) = test.split_once("::").unwrap_or_else(|| panic!("{test}: no function"));
    let path = match file.strip_prefix("shared/") {
        Some(file) => root.join("../shared/tests").join(file),
        None => root.join("tests").join(file),
    };
    let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let there = source.contains(&format!("#[test]\nfn {function}()"));
    assert!(there, "{file} has no test {function}");
}

#[test]
fn every_row_and_every_act_leads_to_tests_that_exist() {
    let (mut seen, mut acts) = (BTreeSet::new(), BTreeSet::new());
    for row in rows("case-actions.md", 4) {
        seen.insert(row[0].parse::<u8>().unwrap());
        acts.extend(named(&row[1]).map(|act| act.parse::<Action>().unwrap_or_else(|_| panic!("no such act: {act}"))));
    }
    assert_eq!(seen, (1..=35).filter(|row| !matches!(row, 16 | 17)).collect());
    let missing: Vec<_> = Action::ALL.iter().filter(|act| !acts.contains(act)).collect();
    assert_eq!(missing, MEDIATION.iter().collect::<Vec<_>>());
}

#[test]
fn every_limit_is_that_of_the_policy_and_leads_to_tests_that_exist() {
    let policy = City::shipped().unwrap().policy;
    let mut seen = BTreeSet::new();
    for row in rows("deadlines.md", 7) {
        let mut words = named(&row[0]);
        let clock: ClockKind = words.next().unwrap().parse().unwrap();
        let kinds: Vec<CaseKind> = words.map(|kind| kind.parse().unwrap()).collect();
        seen.insert(clock);
        for act in named(&row[4]).chain(named(&row[5])) {
            assert!(act.parse::<Action>().is_ok(), "no such act: {act}");
        }
        if !clock.has_policy_limit() {
            continue;
        }
        for kind in if kinds.is_empty() {
            vec![CaseKind::Assistance]
        } else {
            kinds
        } {
            for (urgency, cell) in Urgency::ALL.into_iter().zip(&row[1..4]) {
                let limit = policy.limit(clock, kind, urgency, None).to_string();
                assert_eq!(*cell, limit, "{clock}, {kind}, {urgency}");
            }
        }
    }
    let mediation = |clock: &&ClockKind| clock.as_str().starts_with("mediation_");
    let missing: Vec<_> = ClockKind::ALL.iter().filter(|clock| !seen.contains(clock)).collect();
    assert_eq!(missing, ClockKind::ALL.iter().filter(mediation).collect::<Vec<_>>());
}

#[test]
fn every_cause_and_tier_of_supervision_leads_to_tests_that_exist() {
    let (mut causes, mut tiers) = (BTreeSet::new(), BTreeSet::new());
    for row in rows("supervision.md", 4) {
        causes.extend(named(&row[1]).map(|cause| {
            cause
                .parse::<Cause>()
                .unwrap_or_else(|_| panic!("no such cause: {cause}"))
        }));
        if row[0] == "result" {
            tiers.extend(row[2].parse().ok().and_then(Tier::of_number));
        }
    }
    assert_eq!(causes, Cause::ALL.iter().copied().collect());
    assert_eq!(tiers.len(), Tier::ALL.len(), "each tier has its result");
}

#[test]
fn every_row_of_what_is_public_leads_to_tests_that_exist() {
    assert_eq!(rows("visibility.md", 5).len(), 10);
}
