//! What a week shows: how far it is, and at its end a table of what became of the cases, with what must hold for every one of them.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
    io::{self, IsTerminal, Write},
};

use crate::{
    caller::{Told, expect},
    stepped::CaseSeen,
};

/// Width of the bar.
const BAR: usize = 40;

/// A bar on a terminal, a line a day elsewhere.
pub(super) struct Progress {
    name: String,
    in_place: bool,
    days: i64,
}

impl Progress {
    pub(super) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            in_place: io::stderr().is_terminal(),
            days: -1,
        }
    }

    /// So far, of so much, after so many acts.
    pub(super) fn show(&mut self, done: i64, of: i64, acts: usize) {
        let day = done / (24 * 3600 * 1_000_000);
        let mut out = io::stderr().lock();
        let filled = usize::try_from(done * i64::try_from(BAR).unwrap_or(1) / of.max(1))
            .unwrap_or(0)
            .min(BAR);
        let bar = format!("{}{}", "█".repeat(filled), "·".repeat(BAR - filled));
        // Who closed the terminal does not want to hear more.
        let _closed = if self.in_place {
            write!(out, "\r{} {bar} 第 {:>2} 天，{acts} 步 ", self.name, day + 1).and_then(|()| out.flush())
        } else if day > self.days {
            writeln!(out, "{} {bar} 第 {:>2} 天，{acts} 步", self.name, day + 1)
        } else {
            Ok(())
        };
        self.days = day;
    }

    pub(super) fn end(&self) {
        if self.in_place {
            let _closed = writeln!(io::stderr().lock());
        }
    }
}

/// What became of all cases.
pub(super) fn table(
    cases: &[(usize, CaseSeen)],
    acts: &BTreeMap<String, usize>,
    refusals: &BTreeMap<String, usize>,
) -> String {
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let mut tiers: BTreeMap<String, usize> = BTreeMap::new();
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (_, case) in cases {
        *states.entry(format!("{} {}", case.state, case.outcome)).or_default() += 1;
        *tiers.entry(format!("{}", case.tier)).or_default() += 1;
        *kinds.entry(case.kind.clone()).or_default() += 1;
        if case.was_late {
            let answer = case
                .answer
                .map_or_else(|| "-".to_owned(), |answer| format!("{answer:?}"));
            *answers.entry(answer).or_default() += 1;
        }
    }
    let told: usize = cases.iter().map(|(_, case)| case.told.len()).sum();
    let mut text = String::new();
    for (name, rows) in [
        ("种类", &kinds),
        ("去向", &states),
        ("督办级别", &tiers),
        ("超期的有了", &answers),
        ("做了", acts),
        ("被拒绝的", refusals),
    ] {
        let _infallible = writeln!(text, "\n{name}（{}）", rows.values().sum::<usize>());
        for (row, count) in rows {
            let _infallible = writeln!(text, "  {count:>6}  {row}");
        }
    }
    let _infallible = writeln!(text, "\n通知 {told} 条");
    text
}

/// What must hold at the end: nobody who is late was let go, and nobody was told anything twice.
pub(super) fn check(cases: &[(usize, CaseSeen)]) -> Told<()> {
    for (number, case) in cases {
        expect(!case.was_late || case.answer.is_some(), || {
            format!(
                "第 {number} 件（{}，{}）超期了，没有答复、理由、转接，也没有督办",
                case.receipt, case.state
            )
        })?;
        let mut heard = HashSet::new();
        let twice = case.told.iter().find(|told| !heard.insert(*told));
        expect(twice.is_none(), || format!("第 {number} 件重复通知：{twice:?}"))?;
        let climbs = case
            .told
            .iter()
            .filter(|told| told.to == "requester" && told.topic == "supervise");
        let climbs = climbs.count();
        // Who is merged under another case hears of that one's too.
        expect(climbs == case.supervisions.len() || case.state == "merged", || {
            format!(
                "第 {number} 件有 {} 次督办，告诉了诉求人 {climbs} 次",
                case.supervisions.len()
            )
        })?;
    }
    Ok(())
}
