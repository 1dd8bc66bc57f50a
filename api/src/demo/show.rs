//! What the terminal shows of the demonstration: how far it is, and who can sign in.

use std::io::{self, IsTerminal, Write};

use super::{
    people::{self, PASSWORD, Seat},
    script::Script,
};
use crate::city::City;

/// Counts up while the city is made: in place on a terminal, in a few lines elsewhere.
pub(super) struct Progress<'a> {
    out: &'a mut (dyn Write + Send),
    in_place: bool,
    done: usize,
    of: usize,
}

impl<'a> Progress<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send), of: usize) -> io::Result<Self> {
        writeln!(out, "Making the demonstration city, once: {of} steps, some seconds.")?;
        out.flush()?;
        Ok(Self {
            in_place: io::stdout().is_terminal(),
            out,
            done: 0,
            of,
        })
    }

    pub(super) fn step(&mut self) -> io::Result<()> {
        self.done += 1;
        if self.in_place {
            write!(self.out, "\r  {} of {}", self.done, self.of)?;
            self.out.flush()?;
        } else if self.done.is_multiple_of(100) {
            writeln!(self.out, "  {} of {}", self.done, self.of)?;
        }
        Ok(())
    }

    pub(super) fn end(self) -> io::Result<()> {
        writeln!(
            self.out,
            "{}The demonstration city is there.",
            if self.in_place { "\r" } else { "" }
        )
    }
}

/// The warning and the table of accounts.
pub(super) fn accounts(out: &mut dyn Write, city: &City, script: &Script) -> io::Result<()> {
    let line = "=".repeat(78);
    writeln!(out, "\n{line}")?;
    writeln!(
        out,
        "  DEMONSTRATION. Accounts, people and cases are invented, the pictures are drawn,"
    )?;
    writeln!(
        out,
        "  and everybody knows the password. Never for real use; this machine only."
    )?;
    writeln!(
        out,
        "  演示环境：账号、人物、诉求均为虚构，口令公开，切勿用于真实业务。"
    )?;
    writeln!(out, "{line}\n")?;
    writeln!(out, "Staff sign in with this password: {PASSWORD}\n")?;
    let seats = people::seats(script);
    for Seat {
        username,
        name,
        grant,
        unit,
        ..
    } in &seats
    {
        let role = grant.role.name_zh();
        writeln!(
            out,
            "  {}{}{}{}",
            padded(username, 24),
            padded(name, 10),
            padded(role, 20),
            city.unit_name(unit)
        )?;
    }
    writeln!(
        out,
        "\nResidents sign in with {} to {}; the code is printed here when they ask for one.\n",
        people::number(1),
        people::number(script.resident.len())
    )?;
    out.flush()
}

/// The text with blanks up to a width; a Chinese character is two wide.
fn padded(text: &str, width: usize) -> String {
    let wide: usize = text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(wide)))
}
