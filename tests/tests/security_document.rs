//! The page of security requirements does not rot: every requirement has its row, every row its verdict, and the tests, files
//! and sections that it names are there. Whether a test shows what the row says is for a reader to judge.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{collections::BTreeSet, fs, path::Path};

const PAGE: &str = include_str!("../../docs/security-requirements.md");
const OPERATING: &str = include_str!("../../docs/operating.md");
const VERDICTS: [&str; 4] = ["test", "configuration", "not applicable", "open"];
/// Requirements of ASVS 5.0.0: 70 of level 1 and 183 of level 2.
const OF_ASVS: usize = 253;

/// The rows of the two catalogues: numbers, verdict, and what the verdict rests on.
fn rows() -> Vec<(Vec<&'static str>, &'static str, &'static str)> {
    let numbered = |line: &&str| {
        let number = line.trim_start_matches("| ").trim_start_matches('V');
        line.starts_with("| ") && number.starts_with(|first: char| first.is_ascii_digit())
    };
    PAGE.lines()
        .filter(numbered)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [numbers, .., verdict, why] = cells.as_slice() else {
                panic!("a row without a verdict: {line}");
            };
            (numbers.split(", ").collect(), *verdict, *why)
        })
        .collect()
}

/// `file.rs::function`, as the page names tests.
fn named_tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('`')
        .filter_map(|word| word.split_once("::"))
        .filter(|(file, _)| Path::new(file).extension().is_some_and(|extension| extension == "rs"))
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut missing = BTreeSet::new();
    for (file, function) in named_tests(PAGE) {
        let source = fs::read_to_string(root.join(file)).unwrap_or_default();
        if !source.contains(&format!("fn {function}(")) {
            missing.insert(format!("{file}::{function}"));
        }
    }
    assert!(
        missing.is_empty(),
        "docs/security-requirements.md names what is gone: {missing:#?}"
    );
}

#[test]
fn every_requirement_has_one_row_with_a_verdict_and_what_it_rests_on() {
    let mut numbers = BTreeSet::new();
    for (named, verdict, why) in rows() {
        assert!(VERDICTS.contains(&verdict), "{named:?}: {verdict}");
        assert!(!why.is_empty(), "{named:?}");
        assert!(
            verdict != "test" || named_tests(why).next().is_some(),
            "{named:?} names no test"
        );
        for number in named {
            assert!(numbers.insert(number), "{number} is there twice");
        }
    }
    let of_asvs = numbers.iter().filter(|number| number.starts_with('V')).count();
    assert_eq!(of_asvs, OF_ASVS);
    for verdict in VERDICTS {
        let counted = |asvs: bool| -> usize {
            let of_catalogue = rows().into_iter().filter(|row| row.0[0].starts_with('V') == asvs);
            of_catalogue.filter(|row| row.1 == verdict).map(|row| row.0.len()).sum()
        };
        let told = format!(" | {} | {} |", counted(true), counted(false));
        let line = PAGE.lines().find(|line| line.starts_with(&format!("| `{verdict}` |")));
        assert!(line.unwrap().ends_with(&told), "the figures of {verdict} are{told}");
    }
}

#[test]
fn the_files_and_sections_that_the_page_names_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for file in PAGE.split('`').filter(|word| word.starts_with("deploy/")) {
        assert!(root.join(file).exists(), "{file}");
    }
    let anchor = |title: &str| -> String {
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    let anchors = |page: &str| -> BTreeSet<String> {
        page.lines()
            .filter_map(|line| line.strip_prefix("## "))
            .map(anchor)
            .collect()
    };
    let (own, operating) = (anchors(PAGE), anchors(OPERATING));
    for link in PAGE.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        match link.split_once('#') {
            Some(("", section)) => assert!(own.contains(section), "#{section}"),
            Some(("operating.md", section)) => assert!(operating.contains(section), "operating.md#{section}"),
            Some(_) => {}
            None if link.starts_with("https://") => {}
            None => assert!(root.join("docs").join(link).exists(), "{link}"),
        }
    }
}
