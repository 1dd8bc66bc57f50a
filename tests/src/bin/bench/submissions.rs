//! Submissions a second on both databases beside what the bare database can do, their CPU, and the server's memory.

use std::{io, path::Path, time::Duration};

use system_tests::schema::Schema;

use super::{
    Asked,
    city_of_clients::Bench,
    load::{self, Measured},
    machine::{children_of, cpu_of, memory_of},
    postgres_reference, sqlite_reference,
    table::{Goal, Table},
};

/// Residents who report at the same time.
pub(crate) const CLIENTS: usize = 64;

/// Measures both databases in turn.
pub(crate) async fn measure(asked: &Asked, postgres: &str, table: &mut Table) -> io::Result<()> {
    let length = Duration::from_secs(if asked.quick { 3 } else { 10 });
    on_sqlite(length, table).await?;
    on_postgres(length, postgres, table).await
}

async fn on_sqlite(length: Duration, table: &mut Table) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let bench = Bench::start(folder.path(), None).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (idle, _) = memory_of(bench.server.pid());
    table.add("idle memory, SQLite", idle, Goal::AtMost(40.0), format!("{idle:.0} MB"));
    let (ours, cpu) = load_of(&bench, &[bench.server.pid()], length).await?;
    let (_, peak) = memory_of(bench.server.pid());
    table.add(
        "memory under load, SQLite",
        peak,
        Goal::AtMost(150.0),
        format!("{peak:.0} MB at most"),
    );
    table.add(
        "CPU a submission, SQLite",
        cpu,
        Goal::AtMost(1.0),
        format!("{cpu:.2} ms"),
    );

    let rows = usize::try_from(ours.done).unwrap_or(1).min(20_000);
    let file = bench.sqlite_file();
    drop(bench);
    let rows = sqlite_reference::read(&file, rows).map_err(io::Error::other)?;
    let batch =
        sqlite_reference::insert(&rows, &empty(folder.path(), "batch")?, 32, usize::MAX).map_err(io::Error::other)?;
    let single =
        sqlite_reference::insert(&rows, &empty(folder.path(), "single")?, 1, 3_000).map_err(io::Error::other)?;
    let rate = ours.rate();
    let seen = format!("{:.2} ({rate:.0} against {batch:.0} a second)", rate / batch);
    table.add(
        "submissions, SQLite, to rusqlite with 32 a transaction",
        rate / batch,
        Goal::AtLeast(0.4),
        seen,
    );
    let seen = format!("{:.1} ({rate:.0} against {single:.0} a second)", rate / single);
    table.add(
        "submissions, SQLite, to rusqlite with one a transaction",
        rate / single,
        Goal::AtLeast(3.0),
        seen,
    );
    Ok(())
}

async fn on_postgres(length: Duration, postgres: &str, table: &mut Table) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let schema = Schema::make();
    let bench = Bench::start(folder.path(), Some(schema.url())).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (idle, _) = memory_of(bench.server.pid());
    table.add(
        "idle memory, PostgreSQL",
        idle,
        Goal::AtMost(40.0),
        format!("{idle:.0} MB"),
    );
    let mut processes = vec![bench.server.pid()];
    processes.extend(postmaster(postgres)?.into_iter().flat_map(children_of));
    let (ours, cpu) = load_of(&bench, &processes, length).await?;
    let (_, peak) = memory_of(bench.server.pid());
    table.add(
        "memory under load, PostgreSQL",
        peak,
        Goal::AtMost(150.0),
        format!("{peak:.0} MB at most"),
    );
    table.add(
        "CPU a submission, server and PostgreSQL",
        cpu,
        Goal::AtMost(1.0),
        format!("{cpu:.2} ms"),
    );
    let pgbench = postgres_reference::run(postgres, schema.name(), folder.path(), length.as_secs())?;
    let rate = ours.rate();
    let seen = format!("{:.2} ({rate:.0} against {pgbench:.0} a second)", rate / pgbench);
    table.add(
        "submissions, PostgreSQL, to pgbench with one a transaction",
        rate / pgbench,
        Goal::AtLeast(1.3),
        seen,
    );
    Ok(())
}

/// The load, after a warm-up, with the CPU in milliseconds that each submission took from these processes.
async fn load_of(bench: &Bench, processes: &[u32], length: Duration) -> io::Result<(Measured, f64)> {
    let tokens = bench.residents(CLIENTS).await?;
    load::run(bench.server.address(), &tokens, Duration::from_secs(2), 201, submission).await?;
    let before = cpu_of(processes);
    let measured = load::run(bench.server.address(), &tokens, length, 201, submission).await?;
    let used = cpu_of(processes).saturating_sub(before);
    if measured.refused > measured.done / 100 {
        return Err(io::Error::other(format!(
            "{} submissions were refused, {} taken",
            measured.refused, measured.done
        )));
    }
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let each = used.as_secs_f64() * 1000.0 / measured.done.max(1) as f64;
    Ok((measured, each))
}

/// A report as bytes.
pub(crate) fn submission(token: &str, _: u64) -> Vec<u8> {
    const BODY: &str = r#"{"text":"兰山区银雀山街道小区门口路灯不亮，夜班回家看不清路，请尽快处理。","category":"facilities.street_light","visibility":"public","place":{"latitude":35.0518,"longitude":118.3478,"accuracy_m":12,"words":"小区东门口"}}"#;
    let key = uuid::Uuid::new_v4();
    let head = format!(
        "POST /api/v1/cases HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        BODY.len()
    );
    [head.as_bytes(), BODY.as_bytes()].concat()
}

/// A database with the tables and no rows.
fn empty(folder: &Path, name: &str) -> io::Result<std::path::PathBuf> {
    let path = folder.join(format!("{name}.db"));
    let url = api::database::DatabaseUrl::Sqlite(path.display().to_string());
    let limits = api::database::DatabaseLimits::default();
    api::database::Database::open(&url, &limits, shared::domain::time::Timestamp(0)).map_err(io::Error::other)?;
    Ok(path)
}

/// The PostgreSQL server's first process, when it runs on this machine and its folder can be read.
pub(crate) fn postmaster(url: &str) -> io::Result<Option<u32>> {
    let output = std::process::Command::new("psql")
        .args(["-At", "-c", "SHOW data_directory", url])
        .output()?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let lock = std::fs::read_to_string(Path::new(&folder).join("postmaster.pid")).unwrap_or_default();
    Ok(lock.lines().next().and_then(|first| first.trim().parse().ok()))
}
