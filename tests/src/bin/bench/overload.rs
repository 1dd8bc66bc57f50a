//! More than it can take: ten times the clients of the best throughput, and a crowd that signs in by password.

use std::{
    io,
    time::{Duration, Instant},
};

use super::{
    Asked,
    city_of_clients::{Bench, sign_in_request},
    load::{self, Client, Measured},
    machine::{memory_of, percentile},
    submissions::{CLIENTS, submission},
    table::{Goal, Table},
};

/// As many as sign in at the same time.
const SIGNING_IN: usize = 64;
/// An answer within this is what a calm server gives.
const CALM: Duration = Duration::from_millis(250);

/// Measures on SQLite: what is under test is the server in front of its writer.
pub(crate) async fn measure(asked: &Asked, table: &mut Table) -> io::Result<()> {
    let length = Duration::from_secs(if asked.quick { 3 } else { 10 });
    let folder = tempfile::tempdir()?;
    let bench = Bench::start(folder.path(), None).await?;
    let tokens = bench.residents(CLIENTS).await?;
    crowd(&bench, &tokens, length, table).await?;
    sign_ins(&bench, &tokens, length, table).await
}

async fn crowd(bench: &Bench, tokens: &[String], length: Duration, table: &mut Table) -> io::Result<()> {
    let address = bench.server.address();
    let many: Vec<String> = tokens.iter().cycle().take(tokens.len() * 10).cloned().collect();
    load::run(address, tokens, length / 5, 201, submission).await?;
    let best = load::run(address, tokens, length, 201, submission).await?;
    let over = load::run(address, &many, length, 201, submission).await?;
    let ended = Instant::now();
    let mut client = Client::connect(address).await?;
    let recovered = loop {
        let asked = Instant::now();
        let (status, _) = client.ask(&submission(&tokens[0], 0)).await?;
        if status == 201 && asked.elapsed() < CALM {
            break ended.elapsed().as_secs_f64();
        }
    };
    let (good, usual) = (over.rate(), best.rate());
    let Measured { done, refused, .. } = over;
    let seen = format!(
        "{:.2} ({good:.0} against {usual:.0} a second; {refused} refused, {done} taken)",
        good / usual
    );
    table.add(
        "goodput with ten times the clients, to the best",
        good / usual,
        Goal::AtLeast(0.8),
        seen,
    );
    let (_, peak) = memory_of(bench.server.pid());
    table.add(
        "memory with ten times the clients",
        peak,
        Goal::AtMost(200.0),
        format!("{peak:.0} MB at most"),
    );
    let seen = format!("{recovered:.2} s");
    table.add(
        "until an answer is calm again after ten times the clients",
        recovered,
        Goal::AtMost(5.0),
        seen,
    );
    Ok(())
}

async fn sign_ins(bench: &Bench, tokens: &[String], length: Duration, table: &mut Table) -> io::Result<()> {
    let _clerk = bench.staff("clerk", "3713.hotline").await?;
    let address = bench.server.address();
    // A calm city: sixteen residents report, each ten times a second.
    let (few, every) = (&tokens[..16], Some(Duration::from_millis(100)));
    let calm = tokio::time::sleep(length);
    let (mut alone, ()) = load::run_until(address, few, every, calm, 201, submission).await?;
    let nobody = vec![String::new(); SIGNING_IN];
    let signing_in = load::run(address, &nobody, length, 201, |_, _| sign_in_request());
    let (mut beside, signed_in) = load::run_until(address, few, every, signing_in, 201, submission).await?;
    let signed_in = signed_in?;
    let (quiet, busy) = (
        percentile(&mut alone.milliseconds, 0.99),
        percentile(&mut beside.milliseconds, 0.99),
    );
    let seen = format!(
        "{:.1} ({busy:.1} ms against {quiet:.1} ms; {:.0} sign-ins a second)",
        busy / quiet,
        signed_in.rate()
    );
    table.add(
        "p99 of submissions beside 64 clients who sign in by password",
        busy / quiet,
        Goal::AtMost(3.0),
        seen,
    );
    Ok(())
}
