//! Each list walks its own index in its own order, on both databases: none sorts, none reads the whole table.
//! The statements are those that the server sends for real requests, with the values it sends them with.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::sync::{Arc, Mutex};

use api::{
    background::{deliver_once, recount_once, sweep::sweep_once, tell_owners_once, tend_accounts::tend_accounts_once},
    config::Config,
    database::{DbConnection, StoreError},
    usecases::index_cases::index_waiting_cases,
};
use diesel::{
    Connection, QueryableByName, RunQueryDsl,
    connection::{InstrumentationEvent, SimpleConnection},
    sql_query,
    sql_types::Text,
};
use serde_json::{Value, json};
use shared::domain::role::{Grant, Role};
use system_tests::server::{TestActor, TestServer, on_both_with};
use town::{ACCEPT, HOTLINE, Town, acceptance};

/// What a connection was asked, as it was asked.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    fn listen(&self, connection: &mut DbConnection) {
        let asked = self.clone();
        let listener = move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                asked.0.lock().unwrap().push(query.to_string());
            }
        };
        match connection {
            DbConnection::Sqlite(inner) => inner.set_instrumentation(listener),
            DbConnection::Postgres(inner) => inner.set_instrumentation(listener),
        }
    }

    /// The queries since the last time, with their values in place.
    fn take(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.0.lock().unwrap());
        let queries = asked
            .into_iter()
            .filter(|text| text.trim_start_matches('(').starts_with("SELECT"));
        queries.filter_map(|text| spoken(&text)).collect()
    }
}

/// A statement with its values where the placeholders were: a partial index is only found by its value. None for one whose values
/// cannot be said, as of keys and hashes: no list is found by those.
fn spoken(asked: &str) -> Option<String> {
    let (text, binds) = asked.rsplit_once(" -- binds: ").unwrap();
    let values = values(binds)?;
    let (mut said, mut rest, mut next) = (String::new(), text, 0);
    while let Some(at) = rest.find(['?', '$']) {
        let (before, mark) = rest.split_at(at);
        let digits = mark[1..].bytes().take_while(u8::is_ascii_digit).count();
        let place = mark[1..=digits].parse().unwrap_or(next + 1);
        said.push_str(before);
        said.push_str(&values[place - 1]);
        (rest, next) = (&mark[1 + digits..], place);
    }
    Some(said + rest)
}

/// The values of `[1, "a", [2, 3], None]`, as SQL says them. What Rust shows of numbers, words and lists is JSON.
fn values(binds: &str) -> Option<Vec<String>> {
    let shown: Vec<Value> = serde_json::from_str(&binds.replace("None", "null")).ok()?;
    Some(shown.iter().map(in_sql).collect())
}

fn in_sql(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Array(many) if many.is_empty() => "'{}'".to_owned(),
        Value::Array(many) => format!("ARRAY[{}]", many.iter().map(in_sql).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

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
            sql_query("SET enable_seqscan = off").execute(inner).unwrap();
            let steps: Vec<PostgresStep> = sql_query(format!("EXPLAIN (COSTS OFF) {query}")).load(inner).unwrap();
            sql_query("RESET enable_seqscan").execute(inner).unwrap();
            steps.into_iter().map(|step| step.line + "\n").collect()
        }
    }
}

/// Cases enough for the planner to tell the indexes apart: nine counties, sixty categories, one in a hundred open.
const CASES: &str = "INSERT INTO cases (id, version, channel, kind, category, county, h3_cell, place, title, body, answers, \
    visibility, urgency, state, is_open, cycle, redo_count, return_count, dispatch_count, designated, tier, publication, \
    memory, updated_at) \
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000) \
    SELECT 382000000000000000 + n, 1, 'app', 'assistance', CASE WHEN n % 60 = 0 THEN 'facilities.street_light' ELSE 'c' || n % 60 END, \
    CAST(371321 + n % 9 AS TEXT), n % 5000, '{}', '路灯', '路灯坏了', '{}', \
    CASE WHEN n % 3 = 0 THEN 'private' ELSE 'public' END, 'routine', \
    CASE WHEN n % 100 = 1 THEN 'submitted' ELSE 'closed' END, n % 100 = 1, 1, 0, 0, 0, 1 = 0, 0, \
    CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'none' END, '{}', 0 FROM numbers";

/// Orders in other units, a third each to be signed for, in handling and of old times.
const ORDERS: &str = "INSERT INTO work_orders (id, version, case_id, cycle, role, unit, stage, urgency, reason, deemed_signed) \
    SELECT id, 1, id, 1, 'lead', 'u' || id % 50, CASE id % 3 WHEN 0 THEN 'to_sign' WHEN 1 THEN 'handling' ELSE 'finished' END, \
    'routine', '', 1 = 0 FROM cases";

/// More texts than are looked at before the index of words is asked. SQLite always asks its own.
const TEXTS: &str = "INSERT INTO case_search SELECT id, to_tsvector('simple', '电梯') FROM cases; \
    INSERT INTO public_case_search SELECT id, to_tsvector('simple', '电梯') FROM cases;";

/// A server with many cases, and what it asks its database.
struct Plans {
    server: TestServer,
    asked: Asked,
    wrong: Vec<String>,
}

impl Plans {
    async fn begin(server: &TestServer) -> Self {
        let filled = server.services.database.writer.write(|transaction| {
            transaction.change(|connection| {
                let texts = match connection {
                    DbConnection::Sqlite(_) => "",
                    DbConnection::Postgres(_) => TEXTS,
                };
                connection.batch_execute(&format!("{CASES}; {ORDERS}; {texts} ANALYZE"))?;
                Ok(1)
            })
        });
        filled.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        let asked = Asked::default();
        let listening = asked.clone();
        let reading = server.services.database.readers.read(move |connection| {
            listening.listen(connection);
            Ok::<_, StoreError>(())
        });
        reading.await.unwrap();
        let listening = asked.clone();
        let writing = server.services.database.writer.write(move |transaction| {
            let listening = listening.clone();
            transaction.change(move |connection| {
                listening.listen(connection);
                Ok(0)
            })
        });
        writing.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        Self {
            server: server.clone(),
            asked,
            wrong: Vec::new(),
        }
    }

    /// Asks for a list, which must walk one of these indexes.
    async fn list(&mut self, actor: &TestActor, path: &str, indexes: &[&str]) {
        self.ask(actor, path).await;
        self.walks(path, indexes).await;
    }

    async fn ask(&self, actor: &TestActor, path: &str) -> Value {
        self.asked.take();
        actor.get(&format!("/api/v1/{path}")).await.expect(200).value()
    }

    /// What was asked since the last time uses one of these indexes, and sorts nothing where it does.
    async fn walks(&mut self, name: &str, indexes: &[&str]) {
        for (told, query) in self.finds(name, indexes).await {
            // A merge of parts that lie in their order names the key by which they are sorted already.
            if told.lines().any(|step| step.ends_with("Sort")) || told.contains("TEMP B-TREE") {
                self.wrong.push(format!("{name} is sorted:\n{query}\n{told}"));
            }
        }
    }

    /// The plans and queries of what was asked since the last time with one of these indexes: at least one.
    async fn finds(&mut self, name: &str, indexes: &[&str]) -> Vec<(String, String)> {
        let queries = self.asked.take();
        let sent = queries.len();
        let plans = self.server.services.database.readers.read(move |connection| {
            let told = queries.into_iter().map(|query| (plan(connection, &query), query));
            Ok::<_, StoreError>(told.collect::<Vec<_>>())
        });
        let plans = plans.await.unwrap();
        self.asked.take();
        let uses = |told: &str| {
            let mut words = told.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            words.any(|word| indexes.contains(&word))
        };
        let (walking, others): (Vec<_>, Vec<_>) = plans.into_iter().partition(|(told, _)| uses(told));
        if walking.is_empty() {
            let told: Vec<String> = others.iter().map(|(told, query)| format!("{query}\n{told}")).collect();
            let told = told.join("\n");
            self.wrong
                .push(format!("{name}: none of {sent} queries uses {indexes:?}:\n{told}"));
        }
        walking
    }
}

#[test]
fn each_list_walks_its_index_and_sorts_nothing() {
    on_both_with(one_reader, async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut plans = Plans::begin(&server).await;
        let visitor = server.anonymous();
        // What matches often is as well found along the newest: SQLite's table itself lies in the order of the ids.
        for (filter, indexes) in [
            ("", ["public_cases", "PRIMARY"]),
            ("?county=371323", ["public_cases_by_county", "public_cases"]),
            ("?status=open", ["public_cases_by_progress"; 2]),
            ("?category=facilities.street_light", ["public_cases_by_category"; 2]),
        ] {
            plans.list(&visitor, &format!("public/cases{filter}"), &indexes).await;
        }
        let county = Grant {
            region: Some("371323".to_owned()),
            ..Grant::everywhere(Role::Clerk)
        };
        let of_county = server.staff_with(HOTLINE, vec![county]).await;
        let of_city = server.staff(Role::UnitLiaison, "3713.gov").await;
        let privacy = server.staff(Role::PrivacyOfficer, HOTLINE).await;
        town.answered("public").await;
        for (actor, path, index) in [
            (&town.resident, "me/cases", "cases_by_requester"),
            (&town.resident, "me/inbox", "notices_by_recipient"),
            (&town.moderator, "staff/moderation", "cases_to_moderate"),
            (&town.clerk, "staff/queues/acceptance", "cases_by_state"),
            (&of_county, "staff/queues/acceptance", "cases_by_state_and_county"),
            (
                &town.clerk,
                "staff/queues/acceptance?urgency=livelihood",
                "cases_by_state",
            ),
            (
                &town.clerk,
                "staff/queues/acceptance?region=371323",
                "cases_by_state_and_county",
            ),
            (&town.handler, "staff/queues/mine", "work_orders_by_handler"),
            (&town.liaison, "staff/queues/signing", "work_orders_by_unit"),
            (&of_city, "staff/queues/handling", "work_orders_by_stage"),
            (&town.reviewer, "staff/queues/judgement", "clocks_to_decide"),
            (
                &town.inspector,
                "staff/supervisions?tier=government",
                "supervisions_by_tier",
            ),
            (&town.supervisor, "staff/queues/look_backs", "look_backs_open"),
            (&town.supervisor, "staff/queues/flags", "flags_open"),
            (&privacy, "staff/rights-requests", "rights_requests_open"),
            (&town.resident, "me/rights-requests", "rights_requests_by_person"),
            (
                &town.handler,
                "staff/knowledge?owner_unit=3713.heat",
                "knowledge_articles_by_owner",
            ),
        ] {
            plans.list(actor, path, &[index]).await;
        }
        // So few replies wait for a signature that either leads there.
        let indexes = ["work_orders_by_unit", "work_orders_by_stage"];
        plans.list(&town.leader, "staff/queues/signature", &indexes).await;
        sweep_once(&server.services).await.unwrap();
        let indexes = ["clocks_without_unit", "clocks_to_wake"];
        plans.walks("the sweep", &indexes).await;
        recount_once(&server.services).await.unwrap();
        plans.walks("a new calendar", &["clocks_provisional"]).await;
        tell_owners_once(&server.services).await.unwrap();
        plans.walks("articles that end", &["knowledge_articles_to_tell"]).await;
        deliver_once(&server.services).await.unwrap();
        plans.finds("delivery", &["outbox_due"]).await;
        tend_accounts_once(&server.services).await.unwrap();
        plans.walks("accounts that close", &["closings_due"]).await;
        tend_accounts_once(&server.services).await.unwrap();
        plans.walks("new numbers", &["number_changes_due"]).await;
        assert!(plans.wrong.is_empty(), "{}", plans.wrong.join("\n"));
    });
}

#[test]
fn what_lies_in_several_places_of_an_index_is_found_there() {
    on_both_with(one_reader, async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut plans = Plans::begin(&server).await;
        let receipt = town.answered("public").await;
        let visitor = server.anonymous();
        let map = "public/map?latitude=35.79&longitude=118.63&radius=500";
        for (actor, path, index) in [
            (&visitor, map, "public_cases_by_cell"),
            (&town.liaison, "staff/queues/signing", "work_orders_by_unit"),
            (&town.resident, &format!("cases/{receipt}"), "case_events_by_case"),
            (&town.resident, &format!("cases/{receipt}"), "case_photos_by_case"),
            (
                &town.moderator,
                &format!("staff/moderation/{receipt}"),
                "publications_by_case",
            ),
        ] {
            plans.ask(actor, path).await;
            plans.finds(path, &[index]).await;
        }
        assert!(plans.wrong.is_empty(), "{}", plans.wrong.join("\n"));
    });
}

#[test]
fn what_shows_an_integrity_sign_is_found_along_an_index() {
    on_both_with(one_reader, async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut plans = Plans::begin(&server).await;
        let receipt = town.submitted("public").await;
        plans.asked.take();
        let path = ACCEPT.replace("{receipt_no}", &receipt);
        town.clerk.post(&path, &acceptance()).await.expect(200);
        plans.finds("a report that is taken on", &["cases_by_requester"]).await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 1, "no").await;
        let order = town.order_of(&receipt).await;
        plans.asked.take();
        let contact = json!({ "how": "phone", "note": "约好明天到现场。" });
        let path = format!("/api/v1/staff/orders/{order}/contact");
        town.handler.post(&path, &contact).await.expect(200);
        plans
            .finds("a contact after a bad rating", &["case_events_by_case"])
            .await;
        let unsigned = town.accepted("public").await;
        town.dispatch(&unsigned).await;
        server.clock.advance_minutes(3 * 24 * 60);
        plans.asked.take();
        sweep_once(&server.services).await.unwrap();
        plans
            .walks("an order that counts as signed", &["work_orders_unsigned"])
            .await;
        assert!(plans.wrong.is_empty(), "{}", plans.wrong.join("\n"));
    });
}

#[test]
fn a_search_asks_the_index_of_words() {
    on_both_with(one_reader, async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut plans = Plans::begin(&server).await;
        town.submitted("public").await;
        while index_waiting_cases(&server.services).await.unwrap() > 0 {}
        for (actor, path) in [
            (&town.clerk, "staff/search?q=路灯"),
            (&server.anonymous(), "public/cases?q=路灯"),
            (&town.clerk, "staff/knowledge?q=公积金"),
        ] {
            let found = plans.ask(actor, path).await;
            // The words of the public are those that were released, of which there are none yet.
            assert!(path.starts_with("public") || found["items"] != json!([]));
            // SQLite names its index of words "VIRTUAL TABLE INDEX".
            let indexes = [
                "case_search_by_token",
                "public_case_search_by_token",
                "article_search_by_token",
                "VIRTUAL",
            ];
            plans.finds(path, &indexes).await;
        }
        assert!(plans.wrong.is_empty(), "{}", plans.wrong.join("\n"));
    });
}

/// One connection that reads hears everything.
fn one_reader(config: &mut Config) {
    config.database.readers = 1;
}
