//! The two folders of migrations are twins: the same names, the same tables and columns, and each way up can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{prelude::*, sql_types::Text};

use super::{Database, DatabaseUrl, DbConnection, StoreError, migrate};

#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug, Clone)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

/// What PostgreSQL calls a type, as SQLite does.
const TYPES: &[(&str, &str)] = &[
    ("bigint", "INTEGER"),
    ("text", "TEXT"),
    ("double precision", "REAL"),
    ("boolean", "BOOLEAN"),
    ("bytea", "BLOB"),
];

fn columns(connection: &mut DbConnection) -> BTreeSet<ColumnRow> {
    let query = match connection {
        DbConnection::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind, \
             CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 'no' ELSE 'yes' END AS nullable \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        DbConnection::Postgres(_) => {
            "SELECT table_name::text, column_name::text, data_type::text AS kind, lower(is_nullable::text) AS nullable \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        }
    };
    let rows: Vec<ColumnRow> = diesel::sql_query(query).load(connection).unwrap();
    rows.into_iter()
        .filter(|row| {
            let own = row.table_name.contains("_search")
                || row.table_name.starts_with("__")
                || row.table_name.starts_with("sqlite_");
            !own
        })
        .map(|mut row| {
            if let Some((_, name)) = TYPES.iter().find(|(name, _)| *name == row.kind) {
                (*name).clone_into(&mut row.kind);
            }
            row
        })
        .collect()
}

#[test]
fn the_folders_have_the_same_names_and_each_migration_can_be_taken_back() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");
    let names = |backend: &str| -> BTreeMap<String, usize> {
        let folders = std::fs::read_dir(format!("{root}/{backend}")).unwrap();
        folders
            .map(|folder| {
                let folder = folder.unwrap();
                let files = std::fs::read_dir(folder.path()).unwrap().count();
                (folder.file_name().into_string().unwrap(), files)
            })
            .collect()
    };
    let sqlite = names("sqlite");
    assert_eq!(sqlite, names("postgres"));
    assert!(
        !sqlite.is_empty() && sqlite.values().all(|files| *files == 2),
        "an up.sql and a down.sql each"
    );
}

#[test]
fn both_databases_have_the_same_columns_and_come_up_again_after_going_down() {
    let seen = std::sync::Mutex::new(Vec::new());
    super::tests::on_both_urls(|url: &DatabaseUrl| {
        let limits = super::DatabaseLimits::default();
        let now = shared::domain::time::Timestamp(0);
        drop(Database::open(url, &limits, now).unwrap());
        let mut connection = super::connection::open_for_writing(url, &std::sync::Arc::default()).unwrap();
        let up = columns(&mut connection);
        migrate::take_all_back(&mut connection).unwrap();
        assert!(columns(&mut connection).is_empty(), "going down leaves nothing behind");
        migrate::bring_up_to_date(&mut connection).unwrap();
        assert_eq!(columns(&mut connection), up);
        seen.lock().unwrap().push(up);
        Ok::<_, StoreError>(())
    });
    let seen = seen.into_inner().unwrap();
    assert!(seen[0].len() > 150, "the comparison sees the tables");
    assert_eq!(seen[0], seen[1], "SQLite and PostgreSQL have the same columns");
}
