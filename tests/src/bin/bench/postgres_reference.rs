//! The reference for PostgreSQL: pgbench sends the inserts of one submission, one transaction each, from 16 clients.
//!
//! The statements are made from the rows of a submission that the server wrote, with new ids each time.

use std::{fmt::Write as _, io, path::Path, process::Command};

/// Tables with the columns that must be new in each transaction.
const TABLES: &[&str] = &[
    "cases",
    "case_events",
    "consents",
    "clocks",
    "notices",
    "audit_records",
    "outbox",
    "idempotency_keys",
];

/// Submissions a second that pgbench reaches in `seconds`. `url` names the database in which the server wrote.
pub(crate) fn run(url: &str, schema: &str, folder: &Path, seconds: u64) -> io::Result<f64> {
    let script = folder.join("submission.sql");
    std::fs::write(&script, script_of(url, schema)?)?;
    let output = Command::new("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-c",
            "16",
            "-j",
            "2",
            "-T",
            &seconds.to_string(),
            "-f",
        ])
        .arg(&script)
        .arg(url)
        .env("PGOPTIONS", format!("-c search_path={schema}"))
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    rate.ok_or_else(|| io::Error::other(format!("pgbench: {}", String::from_utf8_lossy(&output.stderr))))
}

fn script_of(url: &str, schema: &str) -> io::Result<String> {
    let mut script = String::from("\\set id random(1, 4000000000000000000)\nBEGIN;\n");
    for (number, table) in TABLES.iter().enumerate() {
        let columns = psql(
            url,
            schema,
            &format!(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = '{schema}' \
                 AND table_name = '{table}' ORDER BY ordinal_position"
            ),
        )?;
        let values: Vec<String> = columns.lines().map(|column| value_of(column, number)).collect();
        let order = if *table == "idempotency_keys" {
            "kept_until"
        } else {
            "id"
        };
        let row = psql(
            url,
            schema,
            &format!(
                "SELECT {} FROM {table} ORDER BY {order} DESC LIMIT 1",
                values.join(" || ', ' || ")
            ),
        )?;
        let _ = writeln!(script, "INSERT INTO {table} VALUES ({});", row.trim_end());
    }
    for (name, dimension) in [
        ("cases_received", "all"),
        ("cases_received", "371302"),
        ("cases_by_state", "submitted"),
    ] {
        let _ = writeln!(
            script,
            "INSERT INTO counters VALUES ('{name}', '{dimension}', 1) ON CONFLICT (name, dimension) \
             DO UPDATE SET amount = counters.amount + 1;"
        );
    }
    script.push_str("COMMIT;\n");
    Ok(script)
}

/// SQL that answers the value as a literal, or the variable where it must be new.
fn value_of(column: &str, number: usize) -> String {
    match column {
        "id" => format!("':id::bigint + {number}'"),
        "case_id" | "object_id" | "subject_id" | "position" => "':id::bigint'".to_owned(),
        "idempotency_key" => "':id::text'".to_owned(),
        // pgbench takes a colon before a letter or digit for a variable: written as an escape.
        other => format!(
            r"CASE WHEN {other} IS NULL THEN 'NULL' ELSE 'E''' || replace(replace(replace({other}::text, '\', '\\'), '''', ''''''), ':', '\x3a') || '''' END"
        ),
    }
}

fn psql(url: &str, schema: &str, statement: &str) -> io::Result<String> {
    let output = Command::new("psql")
        .args(["-At", "-v", "ON_ERROR_STOP=1", "-c", statement, url])
        .env("PGOPTIONS", format!("-c search_path={schema}"))
        .output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}
