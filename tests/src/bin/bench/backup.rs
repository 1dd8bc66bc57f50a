//! A backup beside half of the best load: how much longer submissions take than without it.

use std::{io, path::Path, time::Duration};

use super::{
    Asked,
    city_of_clients::Bench,
    load::{self, Measured},
    machine::percentile,
    submissions::{CLIENTS, submission},
    table::{Goal, Table},
};

/// How many times as long the slowest of a hundred submissions may take while the backup runs.
const MOST: f64 = 3.0;

/// Measures the city that is on file in this database.
pub(crate) async fn measure(
    asked: &Asked,
    folder: &Path,
    database: Option<&str>,
    name: &str,
    table: &mut Table,
) -> io::Result<()> {
    let seconds = |usual: u64| Duration::from_secs(if asked.quick { usual / 4 } else { usual });
    let bench = Bench::start(folder, database).await?;
    let tokens = bench.residents(CLIENTS).await?;
    let address = bench.server.address();
    load::run(address, &tokens, seconds(4), 201, submission).await?;
    let best = load::run(address, &tokens, seconds(12), 201, submission).await?;
    #[expect(clippy::cast_precision_loss, reason = "a few clients")]
    let every = Some(Duration::from_secs_f64(CLIENTS as f64 / (best.rate() / 2.0)));

    let alone = tokio::time::sleep(seconds(40));
    let (mut alone, ()) = load::run_until(address, &tokens, every, alone, 201, submission).await?;
    let store = tempfile::tempdir()?;
    let mut backup = bench.shoufa(&["backup", &store.path().display().to_string()])?;
    let backup = tokio::task::spawn_blocking(move || backup.output());
    let (mut beside, backup) = load::run_until(address, &tokens, every, backup, 201, submission).await?;
    let backup = backup??;
    let told = String::from_utf8_lossy(&backup.stdout);
    if !backup.status.success() {
        let why = String::from_utf8_lossy(&backup.stderr);
        return Err(io::Error::other(format!("the backup failed: {told}{why}")));
    }
    none_refused(&alone)?;
    none_refused(&beside)?;

    let (quiet, busy) = (
        percentile(&mut alone.milliseconds, 0.99),
        percentile(&mut beside.milliseconds, 0.99),
    );
    let seen = format!(
        "{:.1} ({busy:.1} ms against {quiet:.1} ms at {:.0} a second; the backup took {:.0} s)",
        busy / quiet,
        beside.rate(),
        beside.elapsed.as_secs_f64()
    );
    table.add(
        format!(
            "p99 of submissions beside a backup of {} cases to that without, at half of the best load, {name}",
            asked.cases
        ),
        busy / quiet,
        Goal::AtMost(MOST),
        seen,
    );
    Ok(())
}

fn none_refused(measured: &Measured) -> io::Result<()> {
    match measured.refused {
        0 => Ok(()),
        refused => Err(io::Error::other(format!(
            "{refused} submissions were refused, {} taken",
            measured.done
        ))),
    }
}
