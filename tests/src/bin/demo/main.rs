//! `./dev demo`: what the platform promises, played over HTTP against servers of its own and told step by step. The first thing that
//! is not kept ends it. Plain: one case from registration to redo and rating. `--ladder`: a case that nobody touches. `--week`: a
//! city's week of thousands of cases.

mod acts_resident;
mod acts_staff;
mod caller;
mod ladder;
mod picture;
mod stage;
mod stepped;
mod story;
mod tale;
mod week;

use std::{io::Write, process::ExitCode};

use self::{caller::Told, tale::Tale};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [stepped::CHILD, setting] => ended(stepped::run_child(setting)),
        [] => tell(story::play),
        ["--ladder"] => tell(ladder::play),
        ["--week", rest @ ..] => match week::Asked::read(rest) {
            Ok(asked) => tell(async |tale: &mut Tale| week::play(asked, tale).await),
            Err(reason) => ended(Err(reason)),
        },
        _ => ended(Err(format!("demo: no arguments '{}'; see ./dev help", words.join(" ")))),
    }
}

/// Plays a story and tells what was not kept.
fn tell(story: impl AsyncFnOnce(&mut Tale) -> Told<()>) -> ExitCode {
    let mut tale = Tale::new();
    let played = actix_web::rt::System::new().block_on(story(&mut tale));
    ended(played.map_err(|reason| tale.broken(&reason)))
}

fn ended(played: Told<()>) -> ExitCode {
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _nowhere_to_tell = writeln!(std::io::stderr(), "{reason}");
            ExitCode::FAILURE
        }
    }
}
