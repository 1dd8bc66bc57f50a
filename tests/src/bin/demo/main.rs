//! `./dev demo`: one case from registration to redo and rating, played over HTTP against a server of its own, and told
//! step by step. What the platform promises on the way is checked; the first thing that is not kept ends it.

mod acts_resident;
mod acts_staff;
mod caller;
mod picture;
mod stage;
mod story;
mod tale;

use std::{io::Write, process::ExitCode};

use self::tale::Tale;

fn main() -> ExitCode {
    if let Some(unknown) = std::env::args().nth(1) {
        let _nowhere_to_tell = writeln!(std::io::stderr(), "demo: no argument '{unknown}'; see ./dev help");
        return ExitCode::FAILURE;
    }
    let mut tale = Tale::new();
    let played = actix_web::rt::System::new().block_on(story::play(&mut tale));
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _nowhere_to_tell = writeln!(std::io::stderr(), "{}", tale.broken(&reason));
            ExitCode::FAILURE
        }
    }
}
