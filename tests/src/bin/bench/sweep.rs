//! The sweep over a city of open cases: what it costs, server and database together, and whether the size of the city shows in it.

use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

use api::{
    city::City,
    clock::{Clock, SystemClock},
};
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

/// Of a million cases.
const DUE: i64 = 10_000;
/// Seconds of CPU for what is due among a million cases.
const MOST_SECONDS: f64 = 2.0;
const MOST_MEMORY: f64 = 150.0;
/// A due case of a million to one of ten thousand.
const MOST_GROWTH: f64 = 1.5;
const PATIENCE: Duration = Duration::from_mins(3);

/// What a sweep took.
struct Seen {
    cpu: Duration,
    memory: f64,
    elapsed: Duration,
}

/// Fills and measures both databases in turn; the lists of the staff are measured in the same city before it is swept.
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
                due: if asked.wants("sweep") {
                    DUE.min(asked.cases / 100)
                } else {
                    0
                },
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
                seen.push(sweep(folder.path(), url, &database, open.due).await?);
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
    let due = DUE.min(asked.cases / 100);
    let seconds = large.cpu.as_secs_f64();
    table.add(
        format!("CPU of a sweep, {due} due of {} open cases, {name}", asked.cases),
        seconds,
        Goal::AtMost(MOST_SECONDS),
        format!(
            "{seconds:.2} s, server and database (done after {:.1} s)",
            large.elapsed.as_secs_f64()
        ),
    );
    table.add(
        format!("memory of a sweep, {name}"),
        large.memory,
        Goal::AtMost(MOST_MEMORY),
        format!("{:.0} MB at most", large.memory),
    );
    let growth = seconds / small.cpu.as_secs_f64();
    table.add(
        format!(
            "CPU of a due case, {} open cases to {}, {name}",
            asked.cases,
            asked.cases / 100
        ),
        growth,
        Goal::AtMost(MOST_GROWTH),
        format!("{growth:.2} ({seconds:.2} s against {:.2} s)", small.cpu.as_secs_f64()),
    );
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

/// From the start of the server, which sweeps by itself, until all that was due is done.
async fn sweep(folder: &Path, database: Option<&str>, postmaster: &[u32], due: i64) -> io::Result<Seen> {
    let bench = Bench::start(folder, database).await?;
    let processes = || {
        let backends = postmaster.iter().flat_map(|pid| children_of(*pid));
        [bench.server.pid()].into_iter().chain(backends).collect::<Vec<u32>>()
    };
    let (before, started) = (cpu_of(&processes()), Instant::now());
    while bench.swept().await? < due {
        if started.elapsed() > PATIENCE {
            return Err(io::Error::other(format!(
                "{} of {due} were swept",
                bench.swept().await?
            )));
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(Seen {
        cpu: cpu_of(&processes()).saturating_sub(before),
        memory: memory_of(bench.server.pid()).1,
        elapsed: started.elapsed(),
    })
}
