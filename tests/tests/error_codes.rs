//! The page of error codes names every code with what a person reads, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use shared::{contract::problem::ProblemCode, domain::case::Refusal};

const PAGE: &str = include_str!("../../docs/error-codes.md");

#[test]
fn the_page_lists_every_problem_code_and_every_reason_and_no_other() {
    let listed: Vec<&str> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let problems = ProblemCode::ALL.iter().map(|code| code.as_str());
    let reasons = Refusal::ALL.iter().map(|refusal| refusal.code());
    let known: Vec<&str> = problems.chain(reasons).collect();
    assert_eq!(
        listed, known,
        "docs/error-codes.md lists the codes in the order of the code"
    );
    for title in ProblemCode::ALL
        .iter()
        .map(|code| code.title())
        .chain(Refusal::ALL.iter().map(|r| r.message_zh()))
    {
        assert!(PAGE.contains(title), "docs/error-codes.md does not say: {title}");
    }
}
