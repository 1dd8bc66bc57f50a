//! Reading at a million cases on file: the CPU of each request, server and database together, one request at a time.

use std::{io, path::Path};

use serde_json::Value;

use super::{
    Asked,
    city_of_clients::Bench,
    load::{Client, reading},
    machine::{children_of, cpu_of, percentile},
    table::{Goal, Table},
};

/// Milliseconds of CPU that 99 of 100 requests stay below.
const MOST: f64 = 5.0;
/// The same for a map of a hundred cases, which is five pages of a list.
const MOST_OF_A_MAP: f64 = 10.0;

/// Two characters that many cases have, that some have, and that none has.
const WORDS: &[&str] = &["路灯", "积水", "电线", "银雀", "飞碟"];

/// Measures the city that is on file in this database.
pub(crate) async fn measure(
    asked: &Asked,
    folder: &Path,
    database: Option<&str>,
    postmaster: &[u32],
    name: &str,
    table: &mut Table,
) -> io::Result<()> {
    let bench = Bench::start(folder, database).await?;
    let clerk = bench.staff("clerk", "3713.hotline").await?;
    let mut client = Client::connect(bench.server.address()).await?;
    let times = if asked.quick { 50 } else { 300 };
    let receipts = receipts(&mut client).await?;
    let lists: Vec<String> = [
        "",
        "&county=371323",
        "&category=facilities.street_light",
        "&status=open",
        "&status=closed",
        "&county=371302&category=facilities.manhole&status=open",
    ]
    .iter()
    .map(|filter| format!("/api/v1/public/cases?limit=20{filter}"))
    .collect();
    let details: Vec<String> = receipts
        .iter()
        .map(|receipt| format!("/api/v1/public/cases/{receipt}"))
        .collect();
    let searches: Vec<String> = WORDS
        .iter()
        .map(|word| format!("/api/v1/public/cases?limit=20&q={}", encoded(word)))
        .collect();
    let near: Vec<String> = (0..20)
        .map(|step| format!("/api/v1/public/map?latitude=35.{step:02}&longitude=118.3{step}&radius=2000"))
        .collect();
    let queue = vec!["/api/v1/staff/queues/acceptance?limit=20".to_owned()];
    let parts: [(&str, &[String], Option<&str>, f64); 5] = [
        ("public lists of 20", &lists, None, MOST),
        ("public detail", &details, None, MOST),
        ("search for two characters", &searches, None, MOST),
        ("the nearest 100 within 2 km", &near, None, MOST_OF_A_MAP),
        ("staff queue of 20", &queue, Some(&clerk), MOST),
    ];
    for (part, paths, token, most) in parts {
        let mut spent = Vec::new();
        for number in 0..times {
            let path = &paths[number % paths.len()];
            let bytes = reading(path, token);
            // A warm one first: a page that was never read says something about the disk.
            if number < paths.len() {
                answered(&mut client, &bytes, path).await?;
            }
            let before = cpu(&bench, postmaster);
            answered(&mut client, &bytes, path).await?;
            spent.push((cpu(&bench, postmaster) - before).max(0.0));
        }
        let (middle, p99) = (percentile(&mut spent, 0.5), percentile(&mut spent, 0.99));
        let seen = format!("{p99:.2} ms (median {middle:.2})");
        table.add(
            format!("CPU p99, {part}, {} cases, {name}", asked.cases),
            p99,
            Goal::AtMost(most),
            seen,
        );
    }
    Ok(())
}

/// CPU so far in milliseconds of the server and all processes of the database.
pub(crate) fn cpu(bench: &Bench, postmaster: &[u32]) -> f64 {
    let mut processes = vec![bench.server.pid()];
    processes.extend(postmaster.iter().flat_map(|pid| children_of(*pid)));
    cpu_of(&processes).as_secs_f64() * 1000.0
}

/// The body of what must be answered.
pub(crate) async fn answered(client: &mut Client, bytes: &[u8], path: &str) -> io::Result<Vec<u8>> {
    match client.ask(bytes).await? {
        (200, body) => Ok(body),
        (status, body) => Err(io::Error::other(format!(
            "{path}: {status} {}",
            String::from_utf8_lossy(&body)
        ))),
    }
}

async fn receipts(client: &mut Client) -> io::Result<Vec<String>> {
    let path = "/api/v1/public/cases?limit=50";
    let page: Value = serde_json::from_slice(&answered(client, &reading(path, None), path).await?)?;
    let items = page["items"].as_array().cloned().unwrap_or_default();
    Ok(items
        .iter()
        .filter_map(|case| case["receipt_no"].as_str().map(str::to_owned))
        .collect())
}

fn encoded(word: &str) -> String {
    word.bytes()
        .fold(String::new(), |text, byte| format!("{text}%{byte:02X}"))
}
