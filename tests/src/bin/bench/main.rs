//! `./dev bench`: what the platform must reach, measured against references in the same run and printed as a table.
//!
//! Ratios are the point: this machine's own speed cancels out. `--quick` measures less of everything; `--only NAME` one part;
//! `--write FILE` writes the table as a document.

#![allow(clippy::print_stdout, reason = "a program that prints what it measured")]

mod backup;
mod city_of_clients;
mod fill;
mod load;
mod machine;
mod on_file;
mod open_city;
mod overload;
mod photos;
mod postgres_reference;
mod queues;
mod reads;
mod sqlite_reference;
mod submissions;
mod sweep;
mod table;

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use table::Table;

/// What was asked for on the command line.
pub(crate) struct Asked {
    quick: bool,
    only: Option<String>,
    write: Option<PathBuf>,
    cases: i64,
}

impl Asked {
    fn read() -> io::Result<Self> {
        let mut asked = Self {
            quick: false,
            only: None,
            write: None,
            cases: 1_000_000,
        };
        let mut arguments = std::env::args().skip(1);
        let value =
            |next: Option<String>, name: &str| next.ok_or_else(|| io::Error::other(format!("{name} wants a value")));
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => asked.quick = true,
                "--only" => asked.only = Some(value(arguments.next(), "--only")?),
                "--write" => asked.write = Some(value(arguments.next(), "--write")?.into()),
                "--cases" => {
                    asked.cases = value(arguments.next(), "--cases")?.parse().map_err(io::Error::other)?;
                }
                other => {
                    let words = "--quick, --only submissions|overload|reads|backup|sweep|queues|photos, --cases N, --write FILE";
                    return Err(io::Error::other(format!("{other} is not one of {words}")));
                }
            }
        }
        Ok(asked)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == part)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // What is measured in a process of its own.
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["render-photo", path @ ..] => photos::child(path.first().map(Path::new)).map(|()| true),
        ["sweep-once", postgres] => sweep::child(postgres).map(|()| true),
        _ => measure(),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            println!("Some figures miss their goals.");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> io::Result<bool> {
    let asked = Asked::read()?;
    let postgres = std::env::var("SHOUFA_TEST_DATABASE_URL")
        .map_err(|_| io::Error::other("SHOUFA_TEST_DATABASE_URL names no PostgreSQL: use ./dev bench"))?;
    // One thread: the clients must not take more of the machine than they need.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut table = Table::default();
    if asked.wants("submissions") {
        runtime.block_on(submissions::measure(&asked, &postgres, &mut table))?;
    }
    if asked.wants("overload") {
        runtime.block_on(overload::measure(&asked, &mut table))?;
    }
    if asked.wants("reads") || asked.wants("backup") {
        runtime.block_on(on_file::measure(&asked, &postgres, &mut table))?;
    }
    if asked.wants("sweep") || asked.wants("queues") {
        runtime.block_on(sweep::measure(&asked, &postgres, &mut table))?;
    }
    if asked.wants("photos") {
        photos::report(&asked, &mut table)?;
    }
    println!("\n{}", table.markdown());
    if let Some(path) = &asked.write {
        std::fs::write(path, document(&table))?;
    }
    Ok(table.all_reached())
}

fn document(table: &Table) -> String {
    let today = std::process::Command::new("date").arg("+%Y-%m-%d").output();
    let today = today
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!(
        "# Performance\n\nMeasured on {today} by `./dev bench --write docs/performance.md` on {cores} cores, which client, server and \
         database share.\nRatios are against a reference measured in the same run; single times depend on the machine.\n\n{}",
        table.markdown()
    )
}
