//! SQLite: the online backup of one read transaction. The server's writer never waits for it; its log grows meanwhile.

use std::{
    fs::{self, File, OpenOptions},
    io::Read,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{CopyError, DatabaseCopy, PHOTO_KEYS, Pacing, TableCount};

/// The copy's name.
const FILE: &str = "database.sqlite";
/// Pages at a time, between which the pace is kept.
const PAGES: i32 = 64;
/// The disk is given what was written in portions, so that commits of the server never wait behind a large one.
const PORTION: u64 = 8 * 1024 * 1024;

pub(super) fn write(source: &Path, folder: &Path, pacing: &mut dyn Pacing) -> Result<DatabaseCopy, CopyError> {
    let target = folder.join(FILE);
    let file = new_file(&target)?;
    copy_pages(source, &target, &file, pacing)?;
    file.sync_all().map_err(CopyError::file(&target))?;
    let copy = open(&target)?;
    Ok(DatabaseCopy {
        files: vec![FILE.to_owned()],
        tables: count_tables(&copy)?,
        migrations: lines(&copy, "SELECT version FROM __diesel_schema_migrations ORDER BY version")?,
        photos: lines(&copy, PHOTO_KEYS)?,
    })
}

/// A read transaction holds the moment; without one each commit of the server would begin the backup anew.
fn copy_pages(source: &Path, target: &Path, file: &File, pacing: &mut dyn Pacing) -> Result<(), CopyError> {
    let source = open(source)?;
    source.execute_batch("BEGIN")?;
    let _moment: i64 = source.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    let page: i64 = source.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let page = u64::try_from(page).unwrap_or(4096);
    let mut copy = Connection::open(target)?;
    // A copy that a power cut ends is thrown away whole.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let mut unsynced = 0;
    {
        let backup = Backup::new(&source, &mut copy)?;
        loop {
            let before = backup.progress();
            let step = backup.step(PAGES)?;
            let after = backup.progress();
            let left_before = if before.pagecount == 0 {
                after.pagecount
            } else {
                before.remaining
            };
            let bytes = u64::try_from(left_before - after.remaining).unwrap_or(0) * page;
            pacing.copied(bytes);
            unsynced += bytes;
            if unsynced >= PORTION {
                file.sync_data().map_err(CopyError::file(target))?;
                unsynced = 0;
            }
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
    // One file, without a log beside it; the server turns its own log on again.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(())
}

/// Copies beside the place, looks whether the copy is sound, and only then gives it its name.
pub(super) fn read_back(target: &Path, folder: &Path, pacing: &mut dyn Pacing) -> Result<Vec<TableCount>, CopyError> {
    let source = folder.join(FILE);
    let partial = target.with_extension("restoring");
    if partial.exists() {
        fs::remove_file(&partial).map_err(CopyError::file(&partial))?;
    }
    let mut file = new_file(&partial)?;
    let mut from = File::open(&source).map_err(CopyError::file(&source))?;
    loop {
        let moved = std::io::copy(&mut Read::by_ref(&mut from).take(1024 * 1024), &mut file);
        match moved.map_err(CopyError::file(&partial))? {
            0 => break,
            bytes => pacing.copied(bytes),
        }
    }
    file.sync_all().map_err(CopyError::file(&partial))?;
    let tables = examine(&partial)?;
    fs::rename(&partial, target).map_err(CopyError::file(target))?;
    Ok(tables)
}

fn examine(path: &Path) -> Result<Vec<TableCount>, CopyError> {
    let connection = open(path)?;
    let verdict = lines(&connection, "PRAGMA integrity_check(1)")?;
    if verdict != ["ok"] {
        return Err(CopyError::Unsound(format!(
            "the database is damaged: {}",
            verdict.join("; ")
        )));
    }
    let orphans: i64 = connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if orphans > 0 {
        return Err(CopyError::Unsound(format!(
            "{orphans} rows point to rows that are not there"
        )));
    }
    count_tables(&connection)
}

pub(super) fn put_aside(path: &str, mark: &str) -> Result<(), CopyError> {
    for ending in ["", "-wal", "-shm"] {
        let from = format!("{path}{ending}");
        if Path::new(&from).exists() {
            fs::rename(&from, format!("{path}.{mark}{ending}")).map_err(CopyError::file(Path::new(&from)))?;
        }
    }
    Ok(())
}

fn open(path: &Path) -> Result<Connection, CopyError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

fn new_file(path: &Path) -> Result<File, CopyError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(CopyError::file(path))
}

fn lines(connection: &Connection, query: &str) -> Result<Vec<String>, CopyError> {
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The tables of the index of words are left out: it is made of others.
fn count_tables(connection: &Connection) -> Result<Vec<TableCount>, CopyError> {
    let tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
        AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let count = |name: String| {
        let rows: i64 = connection.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
        Ok(TableCount {
            name,
            rows: u64::try_from(rows).unwrap_or(0),
        })
    };
    lines(connection, tables)?.into_iter().map(count).collect()
}
