//! The table of figures: what was measured, what it must reach, whether it does. Printed, and written for the documents.

use std::fmt::Write as _;

/// Which way a figure is good.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

/// One line.
pub(crate) struct Line {
    /// What was measured.
    pub(crate) figure: String,
    /// What was seen, in words.
    pub(crate) seen: String,
    /// The number that is held against the goal.
    pub(crate) value: f64,
    /// The goal.
    pub(crate) goal: Goal,
}

/// The lines so far.
#[derive(Default)]
pub(crate) struct Table {
    lines: Vec<Line>,
}

impl Table {
    /// Adds a figure and tells it at once.
    #[expect(clippy::print_stdout, reason = "a program that prints what it measured")]
    pub(crate) fn add(&mut self, figure: impl Into<String>, value: f64, goal: Goal, seen: impl Into<String>) {
        let line = Line {
            figure: figure.into(),
            seen: seen.into(),
            value,
            goal,
        };
        println!(
            "{:<4} {}: {} (goal {})",
            line.verdict(),
            line.figure,
            line.seen,
            line.goal_words()
        );
        self.lines.push(line);
    }

    /// Whether every figure reaches its goal.
    pub(crate) fn all_reached(&self) -> bool {
        self.lines.iter().all(Line::is_reached)
    }

    /// As Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from("| figure | goal | seen | |\n| --- | --- | --- | --- |\n");
        for line in &self.lines {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                line.figure,
                line.goal_words(),
                line.seen,
                line.verdict()
            );
        }
        text
    }
}

impl Line {
    fn is_reached(&self) -> bool {
        match self.goal {
            Goal::AtMost(most) => self.value <= most,
            Goal::AtLeast(least) => self.value >= least,
        }
    }

    fn verdict(&self) -> &'static str {
        if self.is_reached() { "ok" } else { "MISS" }
    }

    fn goal_words(&self) -> String {
        match self.goal {
            Goal::AtMost(most) => format!("≤ {most}"),
            Goal::AtLeast(least) => format!("≥ {least}"),
        }
    }
}
