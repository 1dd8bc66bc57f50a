//! What is measured on a city with years on file: each database is filled once, and all parts that want it run on it.

use std::{io, path::Path, time::Instant};

use api::city::City;
use shared::domain::time::Timestamp;
use system_tests::schema::Schema;

use super::{
    Asked, backup,
    city_of_clients::Bench,
    fill::{self, CopySink, Sink, SqliteSink},
    reads,
    submissions::postmaster,
    table::{Goal, Table},
};

/// Fills and measures both databases in turn.
pub(crate) async fn measure(asked: &Asked, postgres: &str, table: &mut Table) -> io::Result<()> {
    let city = City::shipped().map_err(|problems| io::Error::other(problems.join("; ")))?;
    let folder = tempfile::tempdir()?;
    let name = "SQLite";
    // The server makes the tables; it is stopped while they are filled.
    drop(Bench::start(folder.path(), None).await?);
    let mut sink = SqliteSink::open(&folder.path().join("shoufa.db"))?;
    filled(&city, &mut sink, asked.cases, name)?;
    drop(sink);
    // What is only looked at comes before what adds to it.
    if asked.wants("reads") {
        cold_start(asked, folder.path(), None, name, table).await?;
        reads::measure(asked, folder.path(), None, &[], name, table).await?;
    }
    if asked.wants("backup") {
        backup::measure(asked, folder.path(), None, name, table).await?;
    }

    let schema = Schema::make();
    let name = "PostgreSQL";
    drop(Bench::start(folder.path(), Some(schema.url())).await?);
    let mut sink = CopySink::new(postgres, schema.name());
    filled(&city, &mut sink, asked.cases, name)?;
    let database: Vec<u32> = postmaster(postgres)?.into_iter().collect();
    if asked.wants("reads") {
        cold_start(asked, folder.path(), Some(schema.url()), name, table).await?;
        reads::measure(asked, folder.path(), Some(schema.url()), &database, name, table).await?;
    }
    if asked.wants("backup") {
        backup::measure(asked, folder.path(), Some(schema.url()), name, table).await?;
    }
    Ok(())
}

/// From the start of the program to its first "ready".
async fn cold_start(
    asked: &Asked,
    folder: &Path,
    database: Option<&str>,
    name: &str,
    table: &mut Table,
) -> io::Result<()> {
    // The first start after the fill finds what the fill left to be tidied.
    drop(Bench::start(folder, database).await?);
    let started = Instant::now();
    let bench = Bench::start(folder, database).await?;
    let took = started.elapsed().as_secs_f64();
    drop(bench);
    let figure = format!("cold start to ready, {} cases, {name}", asked.cases);
    table.add(figure, took, Goal::AtMost(0.5), format!("{took:.2} s"));
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the person who waits sees how far it is")]
fn filled(city: &City, sink: &mut dyn Sink, cases: i64, name: &str) -> io::Result<()> {
    let started = Instant::now();
    let newest = Timestamp(1_795_398_000_000_000);
    fill::fill(city, sink, cases, newest, &|done| {
        eprint!("\r{name}: {done} of {cases} cases on file ");
    })?;
    eprintln!(
        "\r{name}: {cases} cases on file after {:.0} s      ",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
