//! Plans an import and carries it out. The plan checks; the import only stores what the plan checked, unless somebody else
//! was faster.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use shared::domain::{knowledge::KnowledgeArticle, time::Timestamp};

use super::{DataFile, Difference, ImportError, difference, merge};
use crate::{
    city::{City, CityKind, articles, load::fingerprint, versions},
    database::{Database, StoreError, Transaction},
    stores::{
        audit_store::NewAuditRow,
        city_store::{self, CityVersionRow, NewCityVersionRow},
    },
};

/// Longest description of where a version came from, in characters.
const LONGEST_SOURCE: usize = 200;

/// What an import will store.
#[derive(Debug, Clone)]
pub struct ImportPlan {
    /// One for each kind that gets a new version.
    pub changes: Vec<KindChange>,
    /// Kinds whose content is in force already.
    pub unchanged: Vec<Unchanged>,
    /// The knowledge articles of the city as it would be.
    articles: Vec<KnowledgeArticle>,
    /// Id of the newest version when the plan was made.
    based_on: i64,
    /// The content of every kind in force.
    pub(super) present: BTreeMap<CityKind, String>,
    /// As it would be.
    pub(super) planned: BTreeMap<CityKind, String>,
}

/// A kind that is in force as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    /// The kind.
    pub kind: CityKind,
    /// Its version.
    pub version: String,
}

/// A new version of one kind.
#[derive(Debug, Clone)]
pub struct KindChange {
    /// The kind.
    pub kind: CityKind,
    /// The version in force.
    pub before: String,
    /// The version to be stored.
    pub after: String,
    /// What differs.
    pub difference: Difference,
    /// The whole new text.
    content: String,
    /// Names of the files it was taken from.
    source: String,
}

/// Checks the whole city with these files in place of the present ones and says what would change. Stores nothing.
///
/// # Errors
/// When a file's kind is not known, data are given twice, the city would not be sound, or the database fails.
pub async fn plan_import(database: &Database, files: Vec<DataFile>) -> Result<ImportPlan, ImportError> {
    let stored = versions::read_stored(database).await?;
    let planned = tokio::task::spawn_blocking(move || plan(&stored, &files)).await;
    planned.unwrap_or_else(|error| Err(StoreError::Database(format!("the check failed: {error}")).into()))
}

fn plan(stored: &versions::StoredCity, files: &[DataFile]) -> Result<ImportPlan, ImportError> {
    let given = merge::new_contents(files, &stored.contents)?;
    let mut contents: BTreeMap<CityKind, String> = stored.contents.clone();
    contents.extend(given.clone());
    let city = City::from_content(&contents).map_err(ImportError::Unsound)?;
    let (mut changes, mut unchanged, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, content) in given {
        let present = stored.versions.get(&kind);
        let before = present.map_or_else(String::new, |row| row.version.clone());
        let after = kind.version_of(&content).unwrap_or_default();
        if present.is_some_and(|row| row.sha256 == fingerprint(&content)) {
            unchanged.push(Unchanged { kind, version: after });
            continue;
        }
        // Cases keep the version they were decided with, so one name must never mean two contents. The calendar's version is
        // made from its days, so an equal one only means that the text was laid out anew.
        if before == after && kind != CityKind::Calendar {
            problems.push(format!(
                "{}: the content differs, but the version is still {after}; raise it",
                kind.file()
            ));
        } else if kind != CityKind::Calendar && named_before(stored, kind, &after, &content) {
            problems.push(format!(
                "{}: other content was called {after} before; give it another version",
                kind.file()
            ));
        }
        let old = stored.contents.get(&kind).map_or("", String::as_str);
        changes.push(KindChange {
            kind,
            before,
            after,
            difference: difference::between(kind, old, &content),
            content,
            source: source_of(files, kind),
        });
    }
    if problems.is_empty() {
        Ok(ImportPlan {
            changes,
            unchanged,
            articles: city.knowledge.article,
            based_on: stored.newest,
            present: stored.contents.clone(),
            planned: contents,
        })
    } else {
        Err(ImportError::Unsound(problems))
    }
}

/// Whether another content of the kind had the version already.
fn named_before(stored: &versions::StoredCity, kind: CityKind, version: &str, content: &str) -> bool {
    let of_name = |row: &&CityVersionRow| row.kind == kind.as_str() && row.version == version;
    let mut named = stored.all.iter().filter(of_name);
    named.any(|row| row.sha256 != fingerprint(content))
}

fn source_of(files: &[DataFile], kind: CityKind) -> String {
    let names: Vec<&str> = files
        .iter()
        .filter(|file| file.kind().is_ok_and(|of_file| of_file == kind))
        .map(|file| file.name.as_str())
        .collect();
    format!("import: {}", names.join(", "))
        .chars()
        .take(LONGEST_SOURCE)
        .collect()
}

/// Stores what the plan checked, with a line in the audit trail for each kind; knowledge articles that no editor changed follow it.
/// Does nothing when nothing changes.
///
/// # Errors
/// `Overtaken` when somebody imported after the plan was made; the database's failure.
pub async fn import(database: &Database, now: Timestamp, plan: &ImportPlan) -> Result<(), ImportError> {
    if plan.changes.is_empty() {
        return Ok(());
    }
    let rows: Vec<(NewCityVersionRow, NewAuditRow)> = plan
        .changes
        .iter()
        .map(|change| {
            let row = versions::new_version(database, now, change.kind, change.content.clone(), &change.source);
            (row, audit_row(change))
        })
        .collect();
    let (based_on, ids) = (plan.based_on, Arc::clone(&database.ids));
    let changes_articles = plan.changes.iter().any(|change| change.kind == CityKind::Knowledge);
    let articles = changes_articles.then(|| plan.articles.clone());
    let stored: Result<(), StoreError> = database
        .writer
        .write(move |transaction: &mut Transaction<'_>| {
            if transaction.read(city_store::newest_id)? != based_on {
                return Err(StoreError::Stale);
            }
            let (versions, audits): (Vec<_>, Vec<_>) = rows.iter().cloned().unzip();
            city_store::insert_versions(transaction, versions)?;
            if let Some(articles) = &articles {
                articles::take_up(transaction, &ids, now, articles)?;
            }
            for row in audits {
                // Records of one process follow each other by their ids, which are therefore given here.
                transaction.append(NewAuditRow {
                    id: ids.next(now),
                    ..row
                });
            }
            Ok(())
        })
        .await;
    stored.map_err(|error| match error {
        StoreError::Stale => ImportError::Overtaken,
        other => other.into(),
    })
}

fn audit_row(change: &KindChange) -> NewAuditRow {
    let Difference {
        added,
        removed,
        changed,
    } = change.difference;
    NewAuditRow {
        id: 0,
        actor_id: None,
        actor_kind: "system".to_owned(),
        action: "city_data.import".to_owned(),
        object_kind: "city_data".to_owned(),
        object_id: None,
        result: "done".to_owned(),
        source_address: None,
        request_id: None,
        detail: json!({
            "kind": change.kind.as_str(), "before": change.before, "after": change.after,
            "added": added, "removed": removed, "changed": changed,
        })
        .to_string(),
    }
}
