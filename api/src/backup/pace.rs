//! How fast a backup goes, so that residents do not wait for it, and what the person at the terminal sees of it.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use crate::database::copies::Pacing;

/// A terminal sees progress this often, a log every half minute.
const AT_TERMINAL: Duration = Duration::from_millis(250);
const IN_LOG: Duration = Duration::from_secs(30);
const MEGABYTE: u64 = 1_000_000;

/// Keeps the pace and tells it on standard error.
#[derive(Debug)]
pub struct Pace {
    limit: Option<u64>,
    started: Instant,
    bytes: u64,
    /// When the present step began, and what had been copied then: a pause before it is not made up for.
    step_began: (Instant, u64),
    step: &'static str,
    told: Instant,
    terminal: bool,
}

impl Pace {
    /// At most so many megabytes a second; as fast as it goes when 0.
    #[must_use]
    pub fn new(megabytes: u64) -> Self {
        let now = Instant::now();
        Self {
            limit: (megabytes > 0).then(|| megabytes.saturating_mul(MEGABYTE)),
            started: now,
            bytes: 0,
            step_began: (now, 0),
            step: "",
            told: now,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Names what is being done now.
    pub fn begin(&mut self, step: &'static str) {
        self.step = step;
        self.step_began = (Instant::now(), self.bytes);
        self.tell();
    }

    /// Ends the line at a terminal.
    pub fn end(&mut self) {
        self.tell();
        if self.terminal {
            let _nobody_looks = writeln!(std::io::stderr());
        }
    }

    fn tell(&mut self) {
        self.told = Instant::now();
        let seconds = self.started.elapsed().as_secs();
        let (step, megabytes) = (self.step, self.bytes / MEGABYTE);
        let mut out = std::io::stderr().lock();
        let _nobody_looks = if self.terminal {
            write!(out, "\r\x1b[K{step}: {megabytes} MB in {seconds} s").and_then(|()| out.flush())
        } else {
            writeln!(out, "{step}: {megabytes} MB in {seconds} s")
        };
    }
}

impl Pacing for Pace {
    fn copied(&mut self, bytes: u64) {
        self.bytes += bytes;
        if let Some(limit) = self.limit {
            let (began, before) = self.step_began;
            let due = Duration::from_micros((self.bytes - before).saturating_mul(1_000_000) / limit);
            std::thread::sleep(due.saturating_sub(began.elapsed()));
        }
        if self.told.elapsed() >= if self.terminal { AT_TERMINAL } else { IN_LOG } {
            self.tell();
        }
    }
}
