//! How the story looks on the terminal: who, what, what came of it, how long it took. Coloured only where a person looks.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
    time::Instant,
};

/// Columns of the role and of the act; a Chinese character is two wide.
const ROLE: usize = 14;
const ACT: usize = 14;

/// The story so far.
pub(crate) struct Tale {
    begun: Instant,
    step_begun: Instant,
    steps: usize,
    now: String,
    coloured: bool,
}

impl Tale {
    /// Nothing told yet.
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self {
            begun: now,
            step_begun: now,
            steps: 0,
            now: "开始".to_owned(),
            coloured: io::stdout().is_terminal(),
        }
    }

    /// A part of the story begins.
    pub(crate) fn chapter(&mut self, name: &str) {
        self.line(&format!("\n{}", self.paint("1", name)));
        self.step_begun = Instant::now();
    }

    /// Somebody is about to do something: named when it goes wrong.
    pub(crate) fn begin(&mut self, role: &str, act: &str) {
        self.steps += 1;
        self.step_begun = Instant::now();
        self.now = format!("{role} {act}");
    }

    /// It is done.
    pub(crate) fn done(&mut self, outcome: impl Display) {
        let (role, act) = self.now.split_once(' ').unwrap_or((&self.now, ""));
        let took = self.step_begun.elapsed().as_secs_f64();
        let text = format!(
            "{:>3}  {}{}{outcome}  {}",
            self.steps,
            self.paint("36", &padded(role, ROLE)),
            padded(act, ACT),
            self.paint("2", &format!("{took:.2} 秒")),
        );
        self.line(&text);
    }

    /// Something that belongs to the step before: what somebody reads or hears.
    pub(crate) fn aside(&self, mark: &str, words: impl Display) {
        let text = format!("{}{} {words}", " ".repeat(5 + ROLE), mark);
        self.line(&self.paint("2", &text));
    }

    /// The end, as a table of what was kept.
    pub(crate) fn end(&self, kept: &[String]) {
        self.line(&format!("\n{}", self.paint("1", "核对")));
        for promise in kept {
            self.line(&format!("  {} {promise}", self.paint("32", "✓")));
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        self.line(&format!("\n{} 步，全部符合，{seconds:.1} 秒。", self.steps));
    }

    /// What to say when a promise was not kept.
    pub(crate) fn broken(&self, reason: &str) -> String {
        let heading = format!("✗ 第 {} 步（{}）没有做到：", self.steps, self.now);
        format!("\n{}\n  {reason}", self.paint("31;1", &heading))
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.coloured {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    #[expect(clippy::unused_self, reason = "the tale is what speaks")]
    fn line(&self, text: &str) {
        let mut out = io::stdout().lock();
        // Who closed the terminal does not want to hear more; the exit code still tells.
        let _closed = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}

/// The text with blanks up to a width.
fn padded(text: &str, width: usize) -> String {
    let wide: usize = text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(wide).max(1)))
}
