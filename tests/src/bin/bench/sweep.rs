//! The sweep over a city of open cases: what it costs, server and database together, and whether the size of the city shows in it.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Instant,
};

use api::{
    background::sweep_once,
    city::City,
    clock::{Clock, SystemClock},
    config::Config,
    database::{Transaction, schema},
    services::Services,
};
use diesel::RunQueryDsl;
use system_tests::schema::Schema;

use super::{
    Asked,
    city_of_clients::Bench,
    fill::{CopySink, Sink, SqliteSink},
    machine::{children_of, cpu_of, memory_of},
    open_city::OpenCity,
    queues,
    submissions::postmaster,
    table::{Goal, Table},
};

/// One open case of so many is due, in a city of any size: where more are, neighbours share the pages that are read and written.
const ONE_OF: i64 = 100;
/// Seconds of CPU for what is due among a million cases.
const MOST_SECONDS: f64 = 2.0;
const MOST_MEMORY: f64 = 150.0;
/// A due case of a million to one of ten thousand.
const MOST_GROWTH: f64 = 1.5;

/// What a sweep took.
struct Seen {
    /// Seconds, of the process and the database.
    cpu: f64,
    /// Megabytes at most.
    memory: f64,
    /// Seconds.
    elapsed: f64,
}

/// Fills and measures both databases in turn; the lists of the staff are measured in the same city after it was swept.
pub(crate) async fn measure(asked: &Asked, postgres: &str, table: &mut Table) -> io::Result<()> {
    let city = City::shipped().map_err(|problems| io::Error::other(problems.join("; ")))?;
    for name in ["SQLite", "PostgreSQL"] {
        let mut seen = Vec::new();
        let sizes = [asked.cases / 100, asked.cases];
        for cases in sizes {
            if cases != asked.cases && !asked.wants("sweep") {
                continue;
            }
            let folder = tempfile::tempdir()?;
            let schema = (name == "PostgreSQL").then(Schema::make);
            let url = schema.as_ref().map(Schema::url);
            drop(Bench::start(folder.path(), url).await?);
            let mut sink: Box<dyn Sink> = match &schema {
                Some(schema) => Box::new(CopySink::new(postgres, schema.name())),
                None => Box::new(SqliteSink::open(&folder.path().join("shoufa.db"))?),
            };
            let open = OpenCity {
                city: &city,
                cases,
                due: if asked.wants("sweep") { cases / ONE_OF } else { 0 },
                now: SystemClock.now(),
            };
            fill(&open, sink.as_mut(), name)?;
            drop(sink);
            let database: Vec<u32> = if schema.is_some() {
                postmaster(postgres)?.into_iter().collect()
            } else {
                Vec::new()
            };
            if asked.wants("sweep") {
                seen.push(sweep(folder.path(), url, postgres, open.due)?);
            }
            if cases == asked.cases && asked.wants("queues") {
                queues::measure(asked, folder.path(), url, &database, name, table).await?;
            }
        }
        if let [small, large] = seen.as_slice() {
            report(asked, name, (small, large), table);
        }
    }
    Ok(())
}

fn report(asked: &Asked, name: &str, (small, large): (&Seen, &Seen), table: &mut Table) {
    let due = asked.cases / ONE_OF;
    let seconds = large.cpu;
    table.add(
        format!("CPU of a sweep, {due} due of {} open cases, {name}", asked.cases),
        seconds,
        Goal::AtMost(MOST_SECONDS),
        format!(
            "{seconds:.2} s, server and database (done after {:.1} s)",
            large.elapsed
        ),
    );
    table.add(
        format!("memory of a sweep, {name}"),
        large.memory,
        Goal::AtMost(MOST_MEMORY),
        format!("{:.0} MB at most", large.memory),
    );
    let (each, each_of_few) = (micros_a_case(seconds, due), micros_a_case(small.cpu, due / 100));
    let growth = each / each_of_few;
    table.add(
        format!(
            "CPU of a due case, {} open cases to {}, {name}",
            asked.cases,
            asked.cases / 100
        ),
        growth,
        Goal::AtMost(MOST_GROWTH),
        format!("{growth:.2} ({each:.0} µs against {each_of_few:.0} µs)"),
    );
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn micros_a_case(seconds: f64, due: i64) -> f64 {
    seconds * 1e6 / due.max(1) as f64
}

#[expect(clippy::print_stderr, reason = "the person who waits sees how far it is")]
fn fill(open: &OpenCity<'_>, sink: &mut dyn Sink, name: &str) -> io::Result<()> {
    let started = Instant::now();
    let cases = open.cases;
    open.fill(sink, &|done| eprint!("\r{name}: {done} of {cases} open cases "))?;
    eprintln!(
        "\r{name}: {cases} open cases after {:.0} s      ",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Runs the sweep in a process of its own, as a server's loop does, without what else a server does meanwhile.
fn sweep(folder: &Path, database: Option<&str>, postgres: &str, due: i64) -> io::Result<Seen> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("sweep-once")
        .arg(postgres)
        .env_remove("DATABASE_URL")
        .env("SHOUFA_DATA", folder)
        // There are phones to be reached, and nobody reaches them.
        .env("SHOUFA_SMS_URL", "http://127.0.0.1:9/")
        .env("SHOUFA_SMS_TOKEN", "nobody");
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let done: Option<(i64, Seen)> = (|| {
        let (swept, rest) = text.trim().split_once(' ')?;
        let figures: Vec<f64> = rest.split(' ').filter_map(|figure| figure.parse().ok()).collect();
        let [cpu, memory, elapsed] = figures.try_into().ok()?;
        Some((swept.parse().ok()?, Seen { cpu, memory, elapsed }))
    })();
    match done {
        Some((swept, seen)) if swept >= due => Ok(seen),
        _ => Err(io::Error::other(format!("{due} were due, this was swept: {text}"))),
    }
}

/// Runs in the child: opens the city, sweeps once, and prints what was done, seconds of CPU of this process and the database,
/// most memory in megabytes, and seconds.
pub(crate) fn child(postgres: &str) -> io::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let config = Config::read(None, std::env::vars()).map_err(io::Error::other)?;
        let on_postgres = config.database.url.is_some();
        let services = Services::start(config, Arc::new(SystemClock)).await;
        let services = Arc::new(services.map_err(io::Error::other)?);
        let postmaster = if on_postgres { postmaster(postgres)? } else { None };
        let backends = postmaster.into_iter().flat_map(children_of);
        let processes: Vec<u32> = [std::process::id()].into_iter().chain(backends).collect();
        let (before, started) = (cpu_of(&processes), Instant::now());
        let swept = sweep_once(&services)
            .await
            .map_err(|failure| io::Error::other(format!("{failure:?}")))?;
        let (cpu, elapsed) = (cpu_of(&processes).saturating_sub(before), started.elapsed());
        println!(
            "{} {} {} {}",
            swept.warned + swept.stepped + swept.overdue,
            cpu.as_secs_f64(),
            memory_of(std::process::id()).1,
            elapsed.as_secs_f64()
        );
        // Else the server that answers for the lists would first deliver all this.
        let forget = |transaction: &mut Transaction<'_>| {
            transaction.change(|connection| diesel::delete(schema::outbox::table).execute(connection))
        };
        services.database.writer.write(forget).await.map_err(io::Error::other)?;
        Ok(())
    })
}
