//! Each list walks its own index in its own order, on both databases: none sorts, none reads the whole table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use api::database::{DbConnection, StoreError};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use system_tests::server::{TestServer, on_both};

/// What is listed, the conditions and order of the list, the index that it must walk.
const LISTS: &[(&str, &str, &str)] = &[
    (
        "public cases",
        "FROM cases WHERE visibility = 'public' AND id < 9 ORDER BY id DESC LIMIT 21",
        "public_cases",
    ),
    (
        "public cases by status",
        "FROM cases WHERE visibility = 'public' AND id < 9 AND is_open = true ORDER BY id DESC LIMIT 21",
        "public_cases_by_progress",
    ),
    (
        "public cases of a county",
        "FROM cases WHERE visibility = 'public' AND id < 9 AND county = 'd2' ORDER BY id DESC LIMIT 21",
        "public_cases_by_county",
    ),
    (
        "public cases of a category",
        "FROM cases WHERE visibility = 'public' AND id < 9 AND category = 'c3' ORDER BY id DESC LIMIT 21",
        "public_cases_by_category",
    ),
    (
        "public cases of a cell",
        "FROM cases WHERE visibility = 'public' AND h3_cell = 5 ORDER BY id DESC LIMIT 60",
        "public_cases_by_cell",
    ),
    (
        "cases to moderate",
        "FROM cases WHERE publication = 'pending' AND id > 0 ORDER BY id ASC LIMIT 500",
        "cases_to_moderate",
    ),
    (
        "a resident's own cases",
        "FROM cases WHERE requester_id = 4 AND id < 9 ORDER BY id DESC LIMIT 21",
        "cases_by_requester",
    ),
    (
        "a clerk's queue",
        "FROM cases WHERE state = 'submitted' AND id > 0 ORDER BY id ASC LIMIT 21",
        "cases_by_state",
    ),
    (
        "a county's queue",
        "FROM cases WHERE state = 'submitted' AND county = 'd2' AND id > 0 ORDER BY id ASC LIMIT 21",
        "cases_by_state_and_county",
    ),
    (
        "a unit's orders",
        "FROM work_orders WHERE unit = '3713.gov' AND stage = 'to_sign' AND id > 0 ORDER BY id ASC LIMIT 21",
        "work_orders_by_unit",
    ),
    (
        "a handler's orders",
        "FROM work_orders WHERE handler_id = 4 AND stage = 'handling' AND id > 0 ORDER BY id ASC LIMIT 21",
        "work_orders_by_handler",
    ),
    (
        "a case's timeline",
        "FROM case_events WHERE case_id = 4 ORDER BY id ASC LIMIT 200",
        "case_events_by_case",
    ),
    (
        "decisions on a case's words",
        "FROM publications WHERE case_id = 4 ORDER BY id DESC LIMIT 200",
        "publications_by_case",
    ),
    (
        "a case's photos",
        "FROM case_photos WHERE case_id = 4 ORDER BY id ASC LIMIT 500",
        "case_photos_by_case",
    ),
    (
        "an inbox",
        "FROM notices WHERE recipient_id = 4 AND id < 9 ORDER BY id DESC LIMIT 21",
        "notices_by_recipient",
    ),
    (
        "tasks that are due",
        "FROM outbox WHERE task = 'index_case' AND next_at <= 9 ORDER BY next_at ASC, id ASC LIMIT 100",
        "outbox_due",
    ),
    (
        "clocks that are due",
        "FROM clocks WHERE wake_at <= 9 ORDER BY wake_at ASC, id ASC LIMIT 100",
        "clocks_to_wake",
    ),
    (
        "the privacy officer's queue",
        "FROM rights_requests WHERE outcome IS NULL ORDER BY due_at ASC, id ASC LIMIT 200",
        "rights_requests_open",
    ),
    (
        "a resident's own requests about data",
        "FROM rights_requests WHERE person_id = 4 ORDER BY id DESC LIMIT 50",
        "rights_requests_by_person",
    ),
    (
        "accounts that close",
        "FROM closings WHERE due_at <= 9 ORDER BY due_at ASC LIMIT 50",
        "closings_due",
    ),
    (
        "new numbers that are due",
        "FROM number_changes WHERE due_at <= 9 ORDER BY due_at ASC LIMIT 100",
        "number_changes_due",
    ),
];

#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// The plan in the database's own words.
fn plan(connection: &mut DbConnection, query: &str) -> String {
    match connection {
        DbConnection::Sqlite(inner) => {
            let steps: Vec<SqliteStep> = sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(inner).unwrap();
            steps.into_iter().map(|step| step.detail + "\n").collect()
        }
        DbConnection::Postgres(inner) => {
            // The tables are small here: reading them whole would be cheapest, and is what must not be needed.
            for setting in ["enable_seqscan", "enable_sort", "enable_bitmapscan"] {
                sql_query(format!("SET {setting} = off")).execute(inner).unwrap();
            }
            let steps: Vec<PostgresStep> = sql_query(format!("EXPLAIN (COSTS OFF) {query}")).load(inner).unwrap();
            steps.into_iter().map(|step| step.line + "\n").collect()
        }
    }
}

/// Cases enough for the planner to tell the indexes apart: thirteen counties, sixty categories, one in twenty open.
const CASES: &str = "INSERT INTO cases (id, version, channel, kind, category, county, h3_cell, place, title, body, answers, \
    visibility, urgency, state, is_open, cycle, redo_count, return_count, dispatch_count, designated, tier, publication, \
    memory, updated_at) \
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000) \
    SELECT n, 1, 'app', 'assistance', 'c' || n % 60, 'd' || n % 13, n % 5000, '{}', '路灯', '路灯坏了', '{}', \
    CASE WHEN n % 3 = 0 THEN 'private' ELSE 'public' END, 'routine', \
    CASE WHEN n % 20 = 0 THEN 'submitted' ELSE 'closed' END, n % 20 = 0, 1, 0, 0, 0, 1 = 0, 0, \
    CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'none' END, '{}', 0 FROM numbers";

#[test]
fn each_list_walks_its_index_and_sorts_nothing() {
    on_both(async |server: TestServer| {
        let writer = &server.services.database.writer;
        let filled = writer.write(|transaction| {
            transaction.change(|connection| sql_query(CASES).execute(connection))?;
            transaction.change(|connection| sql_query("ANALYZE cases").execute(connection))
        });
        filled.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        for (name, list, index) in LISTS {
            let told = server
                .services
                .database
                .readers
                .read(move |connection| Ok::<_, StoreError>(plan(connection, &format!("SELECT * {list}"))))
                .await
                .unwrap();
            let walks = told.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            assert!(
                walks.clone().any(|word| word == *index),
                "{name} does not use {index}:\n{told}"
            );
            assert!(
                !told.contains("Sort") && !told.contains("TEMP B-TREE"),
                "{name} is sorted:\n{told}"
            );
        }
    });
}

#[test]
fn a_search_asks_the_index_of_words() {
    on_both(async |server: TestServer| {
        let told = server
            .services
            .database
            .readers
            .read(|connection| {
                let query = match connection {
                    DbConnection::Sqlite(_) => {
                        "SELECT rowid FROM case_search WHERE case_search MATCH '\"路灯\"' AND rowid < 9 ORDER BY rowid DESC LIMIT 21"
                    }
                    DbConnection::Postgres(inner) => {
                        sql_query("SET enable_seqscan = off").execute(inner).unwrap();
                        let query = "SELECT case_id FROM case_search WHERE tokens @@ '''路灯'''::tsquery \
                                     ORDER BY case_id + 0 DESC LIMIT 21";
                        let steps: Vec<PostgresStep> = sql_query(format!("EXPLAIN {query}")).load(inner).unwrap();
                        let lines: String = steps.into_iter().map(|step| step.line + "\n").collect();
                        return Ok(lines);
                    }
                };
                Ok::<_, StoreError>(plan(connection, query))
            })
            .await
            .unwrap();
        let walks_postings = told.contains("case_search_by_token") || told.contains("VIRTUAL TABLE INDEX");
        assert!(walks_postings && !told.contains("TEMP B-TREE"), "{told}");
    });
}
