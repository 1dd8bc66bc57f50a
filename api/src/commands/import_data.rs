//! `shoufa data import`: reads files, says what changes, and stores it unless it is only a trial.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use shared::domain::time::Timestamp;

use super::{data::DataError, preview_text};
use crate::{
    city::{CityKind, load::LARGEST_CONTENT},
    database::Database,
    usecases::city_data::{self, DataFile, Difference, ImportPlan},
};

/// Files taken at once, at most: all kinds and a calendar's years.
const MOST_FILES: usize = 300;

/// Reads, checks, tells, stores.
pub(super) async fn import(
    database: &Database,
    now: Timestamp,
    paths: &[PathBuf],
    kind: Option<CityKind>,
    dry_run: bool,
    out: &mut (dyn Write + Send),
) -> Result<(), DataError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            for path in known_files(path)? {
                files.push(read(&path, kind)?);
            }
        } else {
            files.push(read(path, kind)?);
        }
    }
    let plan = city_data::plan_import(database, files).await?;
    tell(&plan, out)?;
    if plan.changes.is_empty() {
        writeln!(out, "nothing to import")?;
    } else if dry_run {
        let effects = city_data::effects(database, now, &plan).await?;
        preview_text::tell(&effects, out)?;
        writeln!(out, "a trial only: nothing was stored")?;
    } else {
        city_data::import(database, now, &plan).await?;
        writeln!(out, "imported; running servers take it up within ten seconds")?;
    }
    Ok(())
}

fn tell(plan: &ImportPlan, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    for change in &plan.changes {
        let Difference {
            added,
            removed,
            changed,
        } = change.difference;
        writeln!(
            out,
            "{}: {} -> {}: {added} added, {removed} removed, {changed} changed",
            change.kind, change.before, change.after
        )?;
    }
    for same in &plan.unchanged {
        writeln!(out, "{}: {} is in force already", same.kind, same.version)?;
    }
    Ok(())
}

/// The files in a folder whose names tell a kind, with the years in its calendar folder. Others, such as notes, are passed over.
fn known_files(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let mut found = Vec::new();
    for folder in [folder.to_owned(), folder.join(CityKind::Calendar.file())] {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).map_err(|error| failed(&folder, error))? {
            let path = entry.map_err(|error| failed(&folder, error))?.path();
            if path.is_file() && CityKind::of_file(&own_name(&path)).is_some() && found.len() < MOST_FILES {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path, kind: Option<CityKind>) -> Result<DataFile, DataError> {
    let largest = u64::try_from(LARGEST_CONTENT).unwrap_or(u64::MAX);
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(largest + 1).read_to_string(&mut text))
        .map_err(|error| failed(path, error))?;
    if text.len() > LARGEST_CONTENT {
        let error = std::io::Error::other(format!("larger than {LARGEST_CONTENT} bytes"));
        return Err(failed(path, error));
    }
    Ok(DataFile {
        name: own_name(path),
        kind,
        text,
    })
}

fn own_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn failed(path: &Path, error: std::io::Error) -> DataError {
    DataError::File {
        path: path.display().to_string(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        commands::data::{DataCommand, DataError, run},
        database::{Database, tests::on_both},
    };
    use shared::domain::time::Timestamp;
    use std::fs;

    const NOON: Timestamp = Timestamp(1_795_000_000_000_000);

    async fn ran(database: &Database, command: DataCommand) -> Result<String, DataError> {
        let mut out = Vec::new();
        run(command, database, NOON, &mut out).await?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_folder_is_exported_edited_tried_and_imported() {
        on_both(async |database: Database| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().to_owned();
            let export = || DataCommand::Export {
                folder: path.clone(),
                overwrite: false,
            };
            let import = |dry_run| DataCommand::Import {
                files: vec![path.clone()],
                kind: None,
                dry_run,
            };
            ran(&database, export()).await.unwrap();
            assert!(matches!(ran(&database, export()).await, Err(DataError::Exists(_))));
            assert!(
                ran(&database, import(false))
                    .await
                    .unwrap()
                    .ends_with("nothing to import\n")
            );
            let units = fs::read_to_string(path.join("units.toml")).unwrap();
            let units = units
                .replacen("2026-11-23.1\"", "2026-12-01.1\"", 1)
                .replacen("市政府", "临沂市政府", 1);
            fs::write(path.join("units.toml"), &units).unwrap();
            fs::write(path.join("说明.txt"), "随手记的").unwrap();
            let tried = ran(&database, import(true)).await.unwrap();
            assert!(tried.contains("accepted cases: 0; to another unit: 0,"), "{tried}");
            assert!(
                tried.contains("units: 2026-11-23.1 -> 2026-12-01.1: 0 added, 0 removed, 1 changed"),
                "{tried}"
            );
            assert!(ran(&database, DataCommand::List).await.unwrap().contains("shipped"));
            ran(&database, import(false)).await.unwrap();
            let listed = ran(&database, DataCommand::List).await.unwrap();
            let line = listed.lines().find(|line| line.starts_with("units ")).unwrap();
            assert!(
                line.contains("2026-12-01.1") && line.ends_with("import: units.toml"),
                "{line}"
            );
        });
    }

    #[test]
    fn a_missing_file_is_named() {
        on_both(async |database: Database| {
            let missing = DataCommand::Import {
                files: vec!["没有.toml".into()],
                kind: None,
                dry_run: false,
            };
            let refused = ran(&database, missing).await.unwrap_err();
            assert!(refused.to_string().starts_with("没有.toml: "), "{refused}");
        });
    }
}
