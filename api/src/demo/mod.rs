//! The demonstration city: accounts, residents and cases that are made at the first start of `shoufa serve --demo`.
//!
//! Everything comes about through the use cases, at the moments of the script, while the clock is held in the past. Of its
//! own this room writes one mark, so that a second start makes nothing and nobody serves such a database for real.

mod as_resident;
mod clock;
mod look;
mod people;
mod pictures;
mod play;
mod script;
mod show;

use std::{
    io::{self, Write},
    sync::Arc,
};

use shared::domain::time::Timestamp;

pub use self::people::PASSWORD;
use self::{
    clock::DemonstrationClock,
    people::People,
    play::Player,
    script::{Moment, Script},
    show::Progress,
};
use crate::{
    background,
    clock::Clock,
    config::{Config, SecondFactorPolicy},
    database::{DbConnection, StoreError},
    errors::Failure,
    services::{Services, StartError},
    stores::{counter_store, staff_store},
};

/// The counter that marks a demonstration, with its dimensions.
const MARK: &str = "demonstration";
const BEGUN: &str = "begun";
const COMPLETE: &str = "complete";
/// Minutes before the first report at which the accounts are made.
const BEFORE_THE_FIRST_REPORT: i64 = 24 * 60;
/// Minutes of the played past between two sweeps over what is due.
const SWEEP_EVERY: i64 = 12 * 60;

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemonstrationError {
    /// The database is somebody's.
    #[error("the database holds other data: a demonstration needs an empty one, such as SHOUFA_DATA=./demo-data")]
    InUse,
    /// The program was stopped while it made the city.
    #[error("the demonstration was not finished at its first start: remove its data folder and start again")]
    Unfinished,
    /// A step was refused.
    #[error("the demonstration stopped at {0}: {1:?}")]
    Refused(String, Failure),
    /// The script cannot be read.
    #[error("the demonstration's script: {0}")]
    Script(#[from] toml::de::Error),
    /// The services did not start.
    #[error("{0}")]
    Start(#[from] StartError),
    /// The database failed.
    #[error("the database: {0}")]
    Database(#[from] StoreError),
    /// Nobody reads the terminal.
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// What the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    Part,
    Demonstration,
    OtherData,
}

/// Whether the database holds a demonstration, whole or not: known passwords, not for real use.
///
/// # Errors
/// The database's failure.
pub async fn is_demonstration(services: &Services) -> Result<bool, DemonstrationError> {
    Ok(matches!(look(services).await?, Holds::Part | Holds::Demonstration))
}

/// Opens the services of a demonstration. At the first start the city is made; each time the terminal shows who can sign in.
///
/// # Errors
/// When the database holds something else, or a step of the script is refused.
pub async fn open(mut config: Config, out: &mut (dyn Write + Send)) -> Result<Arc<Services>, DemonstrationError> {
    // Known passwords are no secret that could grow old, and nobody has an authenticator app for invented people.
    config.staff.password_days = 0;
    config.staff.second_factor = SecondFactorPolicy::Enrolled;
    let script = Script::shipped()?;
    let clock = Arc::new(DemonstrationClock::default());
    let mut services = start(&config, &clock).await?;
    match look(&services).await? {
        Holds::Nothing => {
            // Ids rise with time within a process, and those made while looking were made at present: begin anew in the past.
            services.database.release_process(clock.now()).await?;
            drop(services);
            let present = clock.now();
            clock.hold(present.plus_minutes(-script.longest_ago() - BEFORE_THE_FIRST_REPORT));
            services = start(&config, &clock).await?;
            mark(&services, BEGUN).await?;
            make(&services, &clock, present, &script, out).await?;
            mark(&services, COMPLETE).await?;
            services.database.renew_process(clock.now()).await?;
        }
        Holds::Demonstration => {}
        Holds::Part => return Err(DemonstrationError::Unfinished),
        Holds::OtherData => return Err(DemonstrationError::InUse),
    }
    if let Some(file) = config.demo_clock {
        tokio::spawn(clock::follow(Arc::downgrade(&clock), file));
    }
    show::accounts(out, &services.city(), &script)?;
    Ok(services)
}

async fn start(config: &Config, clock: &Arc<DemonstrationClock>) -> Result<Arc<Services>, DemonstrationError> {
    let clock: Arc<dyn Clock> = Arc::<DemonstrationClock>::clone(clock);
    Ok(Arc::new(Services::start(config.clone(), clock).await?))
}

async fn make(
    services: &Arc<Services>,
    clock: &DemonstrationClock,
    present: Timestamp,
    script: &Script,
    out: &mut (dyn Write + Send),
) -> Result<(), DemonstrationError> {
    let moments = script.moments();
    let mut progress = Progress::new(out, moments.len())?;
    let people = People::make(services, script)
        .await
        .map_err(|failure| DemonstrationError::Refused("the accounts".to_owned(), failure))?;
    let mut player = Player::new(services, script, &people);
    let mut swept = script.longest_ago();
    for moment in moments {
        while swept - SWEEP_EVERY > moment.ago {
            swept -= SWEEP_EVERY;
            clock.hold(present.plus_minutes(-swept));
            sweep(services).await?;
        }
        clock.hold(present.plus_minutes(-moment.ago));
        player
            .play(moment)
            .await
            .map_err(|failure| DemonstrationError::Refused(named(script, moment), failure))?;
        progress.step()?;
    }
    clock.release();
    sweep(services).await?;
    progress.end()?;
    Ok(())
}

/// What fell due meanwhile: signed for by the clock, closed without a rating, never answered.
async fn sweep(services: &Arc<Services>) -> Result<(), DemonstrationError> {
    let swept = background::sweep_once(services).await;
    swept
        .map(drop)
        .map_err(|failure| DemonstrationError::Refused("the sweep".to_owned(), failure))
}

/// A moment for the person who wrote the script.
fn named(script: &Script, moment: Moment<'_>) -> String {
    let case = &script.case[moment.case].name;
    match moment.step {
        Some(step) => format!("case {case}, {:?}", step.act),
        None => format!("case {case}, its report"),
    }
}

async fn look(services: &Services) -> Result<Holds, DemonstrationError> {
    services
        .database
        .readers
        .read(|connection| holds(connection).map_err(StoreError::from))
        .await
        .map_err(DemonstrationError::Database)
}

fn holds(connection: &mut DbConnection) -> diesel::QueryResult<Holds> {
    let counters = counter_store::list_counters(connection, &[MARK, "cases_received", "accounts"])?;
    let marked = |dimension: &str| counters.contains_key(&(MARK.to_owned(), dimension.to_owned()));
    if marked(COMPLETE) {
        Ok(Holds::Demonstration)
    } else if marked(BEGUN) {
        Ok(Holds::Part)
    } else if counters.is_empty() && staff_store::list_staff(connection, 0, 1)?.is_empty() {
        Ok(Holds::Nothing)
    } else {
        Ok(Holds::OtherData)
    }
}

async fn mark(services: &Services, dimension: &'static str) -> Result<(), DemonstrationError> {
    services
        .database
        .writer
        .write(move |transaction| {
            transaction.count(MARK, dimension, 1);
            Ok::<_, StoreError>(())
        })
        .await
        .map_err(DemonstrationError::Database)
}
