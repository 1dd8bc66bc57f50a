//! The lists that staff work from, in a city of open cases: the CPU of a page of each list of each role, server and database together.

use std::{io, path::Path};

use shared::domain::{queue::Queue, role::Role, supervision::Tier};

use super::{
    Asked,
    city_of_clients::Bench,
    load::{Client, reading},
    machine::percentile,
    reads::{answered, cpu},
    table::{Goal, Table},
};

/// Milliseconds of CPU that 99 of 100 pages stay below.
const MOST: f64 = 5.0;
/// The unit whose staff ask.
const UNIT: &str = "3713.housing";
const HOTLINE: &str = "3713.hotline";
/// Who holds each tier, the lowest first.
const HOLDERS: [Role; 5] = [
    Role::HotlineSupervisor,
    Role::MediaSupervisor,
    Role::GovernmentInspector,
    Role::DeputyOffice,
    Role::DisciplineOfficer,
];

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
    let mut client = Client::connect(bench.server.address()).await?;
    let mut lists: Vec<(Role, String)> = Vec::new();
    for queue in Queue::ALL {
        lists.extend(
            queue
                .roles()
                .iter()
                .map(|role| (*role, format!("/api/v1/staff/queues/{queue}?limit=20"))),
        );
    }
    for (tier, holder) in Tier::ALL.iter().zip(HOLDERS) {
        lists.push((
            holder,
            format!("/api/v1/staff/supervisions?tier={}&limit=20", tier.as_str()),
        ));
    }
    let times = if asked.quick { 20 } else { 60 };
    let mut worst: Option<(f64, f64, String)> = None;
    let mut all = Vec::new();
    let mut tokens = std::collections::HashMap::new();
    for (role, path) in &lists {
        if !tokens.contains_key(role) {
            let unit = if matches!(role, Role::UnitLiaison | Role::UnitHandler | Role::UnitLeader) {
                UNIT
            } else {
                HOTLINE
            };
            tokens.insert(*role, bench.staff(role.as_str(), unit).await?);
        }
        let bytes = reading(path, tokens.get(role).map(String::as_str));
        // A warm one first: a page that was never read says something about the disk.
        answered(&mut client, &bytes, path).await?;
        let mut spent = Vec::new();
        for _ in 0..times {
            let before = cpu(&bench, postmaster);
            answered(&mut client, &bytes, path).await?;
            spent.push((cpu(&bench, postmaster) - before).max(0.0));
        }
        let (middle, p99) = (percentile(&mut spent, 0.5), percentile(&mut spent, 0.99));
        all.push(middle);
        if worst.as_ref().is_none_or(|(most, ..)| p99 > *most) {
            worst = Some((
                p99,
                middle,
                format!("{} of {role}", path.rsplit('/').next().unwrap_or_default()),
            ));
        }
    }
    if let Some((p99, middle, list)) = worst {
        let usual = percentile(&mut all, 0.5);
        table.add(
            format!(
                "CPU p99, worst of {} lists of staff, {} open cases, {name}",
                lists.len(),
                asked.cases
            ),
            p99,
            Goal::AtMost(MOST),
            format!("{p99:.2} ms (median {middle:.2}; {list}; median of all lists {usual:.2})"),
        );
    }
    Ok(())
}
