//! Puts everything about one person into one file, as that person sees it: a page at a time, so that a long history needs no
//! more memory than a short one. Who may ask for it and how often is decided in `usecases`.

mod archive;
mod content;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use shared::domain::export::ExportState;

use self::{archive::Archive, content::Content};
use crate::{
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::export_store::{self, ExportRow},
    usecases::account_notice,
};

/// Rows removed in one run; the next run goes on.
const MOST: i64 = 500;
/// Files asked about in one read.
const PAGE: usize = 500;

/// Where the files lie.
fn folder(services: &Services) -> PathBuf {
    services.config.data.join("exports")
}

/// The file of an export. It is there only when the export is ready.
#[must_use]
pub fn file_of(services: &Services, id: i64) -> PathBuf {
    folder(services).join(format!("{id}.zip"))
}

/// Whether anybody waits for an export: asked by readers, so that an idle server never wakes the writer.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn is_any_to_make(services: &Services) -> Result<bool, Failure> {
    let next = services
        .database
        .readers
        .read(|connection| export_store::find_to_make(connection).map_err(StoreError::from))
        .await?;
    Ok(next.is_some())
}

/// Makes the oldest export that is asked for; `false` when there is none.
///
/// # Errors
/// The database's failure. An export that could not be made is marked as failed.
pub async fn make_next(services: &Arc<Services>) -> Result<bool, Failure> {
    let next = services
        .database
        .readers
        .read(|connection| export_store::find_to_make(connection).map_err(StoreError::from))
        .await?;
    let Some(row) = next else { return Ok(false) };
    match make(services, &row).await {
        Ok(bytes) => finish(services, &row, ExportState::Ready, Some(bytes)).await?,
        Err(failure) => {
            tracing::error!(export = row.id, cause = ?failure.cause, "an export could not be made");
            finish(services, &row, ExportState::Failed, None).await?;
        }
    }
    Ok(true)
}

async fn make(services: &Arc<Services>, row: &ExportRow) -> Result<i64, Failure> {
    let mut archive = Archive::begin(folder(services)).await?;
    let mut content = Content::of(services, row.person_id).await?;
    let mut told = 0;
    while content.add_next(&mut archive).await? {
        // 100 is for a file that is closed and in its place.
        let percent = content.percent().min(99);
        if percent > told {
            told = percent;
            step(services, row.id, ExportState::Working, percent, None).await?;
        }
    }
    archive.finish(file_of(services, row.id)).await
}

async fn step(
    services: &Services,
    id: i64,
    state: ExportState,
    percent: i64,
    bytes: Option<i64>,
) -> Result<(), StoreError> {
    services
        .database
        .writer
        .write(move |transaction| export_store::move_export(transaction, id, state, percent, bytes))
        .await
}

async fn finish(
    services: &Arc<Services>,
    row: &ExportRow,
    state: ExportState,
    bytes: Option<i64>,
) -> Result<(), Failure> {
    let (shared, id, person) = (Arc::clone(services), row.id, row.person_id);
    let percent = if state == ExportState::Ready { 100 } else { row.percent };
    let days = services.config.residents.export_days;
    let words = match state {
        ExportState::Ready => format!("您的个人数据已经备好，{days} 天内可以下载。"),
        _ => "个人数据没有导出成功，请再申请一次。".to_owned(),
    };
    let moved = services
        .database
        .writer
        .write(move |transaction| {
            export_store::move_export(transaction, id, state, percent, bytes)?;
            account_notice::tell(&shared, transaction, person, "export", "个人数据导出", &words);
            Ok::<_, StoreError>(())
        })
        .await;
    match moved {
        // The account closed meanwhile: the file goes with the next tidying.
        Err(StoreError::Stale) => Ok(()),
        other => Ok(other?),
    }
}

/// Removes exports that are kept no longer, and files that belong to none; answers how many files went. Nobody makes an export
/// meanwhile: what is half written was left by a process that died.
///
/// # Errors
/// The database's failure, or the folder's.
pub async fn remove_ended(services: &Arc<Services>) -> Result<usize, Failure> {
    let now = services.now();
    services
        .database
        .writer
        .write(move |transaction| export_store::delete_ended(transaction, now, MOST))
        .await?;
    let Found { finished, mut ended } = files_in(&folder(services)).await.map_err(Failure::internal)?;
    for page in finished.chunks(PAGE) {
        let ids: Vec<i64> = page.iter().map(|(id, _)| *id).collect();
        let known = services
            .database
            .readers
            .read(move |connection| export_store::list_known(connection, &ids).map_err(StoreError::from))
            .await?;
        let unknown = page.iter().filter(|(id, _)| !known.contains(id));
        ended.extend(unknown.map(|(_, path)| path.clone()));
    }
    for path in &ended {
        tokio::fs::remove_file(path).await.map_err(Failure::internal)?;
    }
    Ok(ended.len())
}

/// What lies in the folder.
#[derive(Default)]
struct Found {
    /// Finished files with the ids that their names tell.
    finished: Vec<(i64, PathBuf)>,
    /// Files that were never finished.
    ended: Vec<PathBuf>,
}

async fn files_in(folder: &Path) -> std::io::Result<Found> {
    let mut found = Found::default();
    let mut entries = match tokio::fs::read_dir(folder).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        other => other?,
    };
    while let Some(entry) = entries.next_entry().await? {
        let path = entry.path();
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        if stem.starts_with(archive::UNFINISHED) {
            found.ended.push(path);
        } else if let Ok(id) = stem.parse() {
            found.finished.push((id, path));
        }
    }
    Ok(found)
}
