//! The `shoufa` program. It reads the command line and calls the library.

use std::{io::Write, process::ExitCode};

use api::commands::CommandLine;
use clap::Parser;

fn main() -> ExitCode {
    let finished = actix_web::rt::System::new().block_on(CommandLine::parse().run());
    match finished {
        Ok(code) => code,
        Err(error) => {
            let _nowhere_to_tell = writeln!(std::io::stderr(), "shoufa: {error}");
            ExitCode::FAILURE
        }
    }
}
