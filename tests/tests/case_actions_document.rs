//! The page that leads from each row of the case's rules to its tests names every row and act, and only tests that exist.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{collections::BTreeSet, fs, path::Path};

use shared::domain::case::Action;

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

#[test]
fn every_row_and_every_act_leads_to_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../docs/case-actions.md")).unwrap();
    let (mut rows, mut acts) = (BTreeSet::new(), BTreeSet::new());
    for line in page.lines().filter(|line| line.starts_with("| ")).skip(2) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, row, done, _, tests, _] = columns[..] else {
            panic!("four columns: {line}")
        };
        rows.insert(row.parse::<u8>().unwrap());
        acts.extend(named(done).map(|act| act.parse::<Action>().unwrap_or_else(|_| panic!("no such act: {act}"))));
        assert!(named(tests).count() > 0, "nothing proves row {row}");
        for test in named(tests) {
            let (file, function) = test.split_once("::").unwrap();
            let text = fs::read_to_string(root.join("tests").join(file));
            let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
            let there = text.contains(&format!("#[test]\nfn {function}()"));
            assert!(there, "{file} has no test {function}");
        }
    }
    assert_eq!(rows, (1..=35).filter(|row| !matches!(row, 16 | 17)).collect());
    let missing: Vec<_> = Action::ALL.iter().filter(|act| !acts.contains(act)).collect();
    assert_eq!(missing, MEDIATION.iter().collect::<Vec<_>>());
}
