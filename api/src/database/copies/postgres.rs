//! PostgreSQL: every table of the schema, row by row as JSON, within one snapshot. No other program is needed, no lock is
//! held that a server would wait for, and an older copy is read into the tables of its own time.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use diesel::{PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};

use super::{CopyError, DatabaseCopy, DbConnection, PHOTO_KEYS, Pacing, TableCount, tables};

/// Folder of the tables.
const FOLDER: &str = "database";
/// Rows fetched at once.
const ROWS: usize = 500;
/// Bytes of rows inserted at once.
const BATCH: usize = 1024 * 1024;
const TABLES: &str = "SELECT table_name::text AS line FROM information_schema.tables WHERE table_schema = current_schema() \
    AND table_type = 'BASE TABLE' AND table_name <> '__diesel_schema_migrations' ORDER BY 1";
const MIGRATIONS: &str = "SELECT version::text AS line FROM __diesel_schema_migrations ORDER BY 1";
const SCHEMA: &str = "SELECT current_schema()::text AS line";

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(connection: &mut PgConnection, query: &str) -> Result<Vec<String>, CopyError> {
    let found: Vec<Found> = sql_query(query).load(connection)?;
    Ok(found.into_iter().map(|row| row.line).collect())
}

pub(super) fn write(
    connection: &mut PgConnection,
    folder: &Path,
    pacing: &mut dyn Pacing,
) -> Result<DatabaseCopy, CopyError> {
    fs::DirBuilder::new()
        .mode(0o700)
        .create(folder.join(FOLDER))
        .map_err(CopyError::file(folder))?;
    connection.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let migrations = lines(connection, MIGRATIONS)?;
    let mut copy = DatabaseCopy {
        files: Vec::new(),
        tables: Vec::new(),
        migrations,
        photos: lines(connection, PHOTO_KEYS)?,
    };
    for name in lines(connection, TABLES)? {
        let file = file_of(&name);
        let rows = write_table(connection, &name, &folder.join(&file), pacing)?;
        copy.files.push(file);
        copy.tables.push(TableCount { name, rows });
    }
    connection.batch_execute("COMMIT")?;
    Ok(copy)
}

fn file_of(table: &str) -> String {
    format!("{FOLDER}/{table}.jsonl")
}

fn write_table(
    connection: &mut PgConnection,
    name: &str,
    path: &Path,
    pacing: &mut dyn Pacing,
) -> Result<u64, CopyError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = BufWriter::new(file.map_err(CopyError::file(path))?);
    connection.batch_execute(&format!(
        "DECLARE copied NO SCROLL CURSOR FOR SELECT row_to_json(one)::text AS line FROM \"{name}\" AS one"
    ))?;
    let mut rows = 0;
    loop {
        let fetched = lines(connection, &format!("FETCH {ROWS} FROM copied"))?;
        let mut bytes = 0;
        for line in &fetched {
            writeln!(file, "{line}").map_err(CopyError::file(path))?;
            bytes += line.len() as u64 + 1;
        }
        pacing.copied(bytes);
        rows += fetched.len() as u64;
        if fetched.len() < ROWS {
            break;
        }
    }
    connection.batch_execute("CLOSE copied")?;
    let file = file
        .into_inner()
        .map_err(|error| CopyError::file(path)(error.into_error()))?;
    file.sync_all().map_err(CopyError::file(path))?;
    Ok(rows)
}

pub(super) fn is_taken(connection: &mut DbConnection) -> Result<bool, CopyError> {
    Ok(!lines(postgres(connection)?, TABLES)?.is_empty())
}

/// The schema is renamed with all that is in it, and an empty one takes its name.
pub(super) fn put_aside(connection: &mut DbConnection, mark: &str) -> Result<(), CopyError> {
    let connection = postgres(connection)?;
    let name = schema(connection)?;
    connection.batch_execute(&format!(
        "BEGIN; ALTER SCHEMA \"{name}\" RENAME TO \"{name}_{mark}\"; CREATE SCHEMA \"{name}\"; COMMIT"
    ))?;
    Ok(())
}

pub(super) fn read_back(
    connection: &mut DbConnection,
    folder: &Path,
    migrations: &[String],
    pacing: &mut dyn Pacing,
) -> Result<Vec<TableCount>, CopyError> {
    tables::make(connection, migrations)?;
    let connection = postgres(connection)?;
    connection.batch_execute("BEGIN")?;
    // As long as rows arrive, the one that a row points to may not be there yet; and the trail's guards must let it in.
    let keys = foreign_keys(connection)?;
    for key in &keys {
        connection.batch_execute(&format!("ALTER TABLE {} DROP CONSTRAINT {}", key.owner, key.name))?;
    }
    let mut read = Vec::new();
    for name in lines(connection, TABLES)? {
        connection.batch_execute(&format!(
            "ALTER TABLE \"{name}\" DISABLE TRIGGER USER; DELETE FROM \"{name}\""
        ))?;
        let rows = read_table(connection, &name, &folder.join(file_of(&name)), pacing)?;
        connection.batch_execute(&format!("ALTER TABLE \"{name}\" ENABLE TRIGGER USER"))?;
        read.push(TableCount { name, rows });
    }
    for key in &keys {
        let (owner, name, rule) = (&key.owner, &key.name, &key.rule);
        connection.batch_execute(&format!("ALTER TABLE {owner} ADD CONSTRAINT {name} {rule}"))?;
    }
    connection.batch_execute("COMMIT")?;
    connection.batch_execute("ANALYZE")?;
    Ok(read)
}

#[derive(diesel::QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    rule: String,
}

fn foreign_keys(connection: &mut PgConnection) -> Result<Vec<ForeignKey>, CopyError> {
    Ok(sql_query(
        "SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS rule \
         FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::text::regnamespace ORDER BY oid",
    )
    .load(connection)?)
}

fn read_table(
    connection: &mut PgConnection,
    name: &str,
    path: &Path,
    pacing: &mut dyn Pacing,
) -> Result<u64, CopyError> {
    let mut lines = BufReader::new(File::open(path).map_err(CopyError::file(path))?).lines();
    let mut rows = 0;
    loop {
        let mut batch = String::from("[");
        while batch.len() < BATCH
            && let Some(line) = lines.next()
        {
            if batch.len() > 1 {
                batch.push(',');
            }
            batch.push_str(&line.map_err(CopyError::file(path))?);
        }
        if batch.len() == 1 {
            return Ok(rows);
        }
        batch.push(']');
        pacing.copied(batch.len() as u64);
        let insert =
            format!("INSERT INTO \"{name}\" SELECT * FROM json_populate_recordset(NULL::\"{name}\", $1::json)");
        rows += sql_query(insert).bind::<Text, _>(batch).execute(connection)? as u64;
    }
}

/// A schema of its own, in the same database, for as long as the trial takes.
pub(super) fn try_out(
    connection: &mut DbConnection,
    folder: &Path,
    migrations: &[String],
    pacing: &mut dyn Pacing,
) -> Result<Vec<TableCount>, CopyError> {
    let name = format!("shoufa_trial_{}", uuid::Uuid::new_v4().simple());
    postgres(connection)?.batch_execute(&format!("CREATE SCHEMA {name}; SET search_path TO {name}"))?;
    let tried = read_back(connection, folder, migrations, pacing);
    let connection = postgres(connection)?;
    if tried.is_err() {
        connection.batch_execute("ROLLBACK")?;
    }
    connection.batch_execute(&format!("DROP SCHEMA {name} CASCADE"))?;
    tried
}

fn schema(connection: &mut PgConnection) -> Result<String, CopyError> {
    lines(connection, SCHEMA)?
        .pop()
        .ok_or_else(|| CopyError::Unsound("the database URL names a schema that is not there".to_owned()))
}

fn postgres(connection: &mut DbConnection) -> Result<&mut PgConnection, CopyError> {
    match connection {
        DbConnection::Postgres(connection) => Ok(connection),
        DbConnection::Sqlite(_) => Err(CopyError::Unsound("not a PostgreSQL connection".to_owned())),
    }
}
