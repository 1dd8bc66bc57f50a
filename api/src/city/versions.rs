//! Which version of each kind is in force: the newest one stored. At the start what is missing, or was only ever shipped and
//! has a newer shipped version now, is filled from the program's own files. What somebody imported is never replaced by them.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use shared::domain::{knowledge::KnowledgeArticle, time::Timestamp};

use super::{City, CityKind, CurrentCity, articles, load::fingerprint, shipped};
use crate::{
    database::{Database, StoreError},
    services::Services,
    stores::city_store::{self, CityVersionRow, NewCityVersionRow},
};

/// What `source` says of versions that came with the program.
pub const SHIPPED: &str = "shipped";
/// How often a process looks whether another one imported or changed something.
const POLL: Duration = Duration::from_secs(10);

/// Why there is no city to work with.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data do not fit together; each entry is one readable sentence.
    #[error("the city's data do not fit together:\n{}", .0.join("\n"))]
    Unsound(Vec<String>),
}

/// The versions in force and the content of each.
#[derive(Debug, Clone)]
pub struct StoredCity {
    /// Id of the newest version of any kind.
    pub newest: i64,
    /// The newest version of each kind that is stored.
    pub versions: BTreeMap<CityKind, CityVersionRow>,
    /// Its content.
    pub contents: BTreeMap<CityKind, String>,
    /// Every version that is stored, in the order in which they came.
    pub all: Vec<CityVersionRow>,
}

/// Reads the versions in force with their contents.
///
/// # Errors
/// The database's failure.
pub async fn read_stored(database: &Database) -> Result<StoredCity, StoreError> {
    database
        .readers
        .read(|connection| {
            let all = city_store::list_versions(connection)?;
            // Kinds of a later version of the program are left alone; of each kind the last one stays.
            let versions: BTreeMap<CityKind, CityVersionRow> = all
                .iter()
                .filter_map(|row| CityKind::parse(&row.kind).map(|kind| (kind, row.clone())))
                .collect();
            let ids: Vec<i64> = versions.values().map(|row| row.id).collect();
            let contents = city_store::list_contents(connection, &ids)?;
            Ok(StoredCity {
                newest: city_store::newest_id(connection)?,
                contents: contents
                    .into_iter()
                    .filter_map(|(kind, content)| CityKind::parse(&kind).map(|kind| (kind, content)))
                    .collect(),
                versions,
                all,
            })
        })
        .await
}

/// The city in force at the start of a process, after the shipped files have filled what they may.
///
/// # Errors
/// When the database fails, or what is stored does not fit together.
pub async fn load_current(database: &Database, now: Timestamp) -> Result<City, CityError> {
    let mut stored = read_stored(database).await?;
    let fresh = shipped_to_take(&stored);
    if !fresh.is_empty() {
        let mut contents = stored.contents.clone();
        contents.extend(fresh.clone());
        match build(contents, stored.newest).await {
            Ok(city) => {
                let knowledge = fresh
                    .contains_key(&CityKind::Knowledge)
                    .then_some(city.knowledge.article);
                match store(database, now, fresh, knowledge).await {
                    // Another process that starts at the same moment has filled them.
                    Ok(()) | Err(StoreError::Duplicate("article")) => {}
                    Err(error) => return Err(error.into()),
                }
                stored = read_stored(database).await?;
            }
            // New shipped files that do not fit what somebody imported: go on with what worked, and say so.
            Err(CityError::Unsound(problems))
                if CityKind::ALL.iter().all(|kind| stored.contents.contains_key(kind)) =>
            {
                tracing::warn!(
                    problems = problems.join("; "),
                    "shipped city data do not fit the imported ones; not taken"
                );
            }
            Err(error) => return Err(error),
        }
    }
    build(stored.contents, stored.newest).await
}

/// Takes up what another process imported; `false` when nothing did. One small query when nothing changed.
///
/// # Errors
/// When the database fails, or what is stored does not fit together: the present city stays in force.
pub async fn refresh_if_changed(database: &Database, current: &CurrentCity) -> Result<bool, CityError> {
    let newest = database
        .readers
        .read(|connection| Ok::<_, StoreError>(city_store::newest_id(connection)?))
        .await?;
    if newest == current.snapshot().newest {
        return Ok(false);
    }
    let stored = read_stored(database).await?;
    current.replace(build(stored.contents, stored.newest).await?);
    Ok(true)
}

/// Follows imports and changed articles of other processes for as long as it is polled: spawn it beside the server.
pub async fn follow(services: Arc<Services>) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match refresh_if_changed(&services.database, &services.city).await {
            Ok(true) => tracing::info!("new city data are in force"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "city data were not taken up; the present ones stay in force"),
        }
        if let Err(error) = services.articles.refresh_if_changed(&services.database).await {
            tracing::warn!(%error, "knowledge articles were not read; the present ones stay in use");
        }
    }
}

/// Builds the city off the async threads: reading everything takes tens of milliseconds.
async fn build(contents: BTreeMap<CityKind, String>, newest: i64) -> Result<City, CityError> {
    let built = tokio::task::spawn_blocking(move || City::from_content(&contents)).await;
    let mut city = built
        .unwrap_or_else(|error| Err(vec![format!("reading the data failed: {error}")]))
        .map_err(CityError::Unsound)?;
    city.newest = newest;
    Ok(city)
}

/// The shipped contents that are missing in the table, or newer than a shipped version that nobody replaced.
fn shipped_to_take(stored: &StoredCity) -> BTreeMap<CityKind, String> {
    let mut shipped = shipped::contents();
    shipped.retain(|kind, content| {
        stored.versions.get(kind).is_none_or(|row| {
            row.source == SHIPPED
                && row.sha256 != fingerprint(content)
                && kind
                    .version_of(content)
                    .is_some_and(|version| kind.is_newer(&version, &row.version))
        })
    });
    shipped
}

async fn store(
    database: &Database,
    now: Timestamp,
    contents: BTreeMap<CityKind, String>,
    knowledge: Option<Vec<KnowledgeArticle>>,
) -> Result<(), StoreError> {
    let rows: Vec<NewCityVersionRow> = contents
        .into_iter()
        .map(|(kind, content)| new_version(database, now, kind, content, SHIPPED))
        .collect();
    let ids = Arc::clone(&database.ids);
    database
        .writer
        .write(move |transaction| {
            city_store::insert_versions(transaction, rows.clone())?;
            if let Some(articles) = &knowledge {
                articles::take_up(transaction, &ids, now, articles)?;
            }
            Ok(())
        })
        .await
}

/// The row of a new version.
#[must_use]
pub fn new_version(
    database: &Database,
    now: Timestamp,
    kind: CityKind,
    content: String,
    source: &str,
) -> NewCityVersionRow {
    NewCityVersionRow {
        id: database.ids.next(now),
        kind: kind.as_str().to_owned(),
        version: kind.version_of(&content).unwrap_or_default(),
        sha256: fingerprint(&content),
        content,
        source: source.to_owned(),
        imported_by: None,
    }
}
