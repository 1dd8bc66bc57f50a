//! How many statements a warm request sends: a list as many for one entry as for a hundred, a case at most
//! four. Nothing may be sent for each entry, and nobody adds a statement unnoticed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]
#![allow(clippy::print_stdout, reason = "the figures are there to be read with --nocapture")]

mod town;

use api::usecases::index_cases::index_waiting_cases;
use serde_json::json;
use shared::domain::{
    queue::Queue,
    role::{Grant, Role},
};
use system_tests::server::{TestActor, TestServer, on_both};
use town::{Town, UNIT};

/// What a report may send, its beginning and end not counted.
const REPORT: u64 = 10;
/// What an act on a case may send, with what it takes to know who acts. On SQLite each row that is added counts: the entry on
/// the timeline and in the trail, notices and what sends them, counters, and at a dispatch five clocks.
const ACCEPTANCE: u64 = 10;
const DISPATCH: u64 = 17;
const SIGNATURE: u64 = 12;
const REPLY: u64 = 15;
const RATING: u64 = 12;
const LIST: u64 = 5;
const DETAIL: u64 = 4;

/// What was counted, and what was too much.
struct Figures {
    server: TestServer,
    missed: Vec<String>,
}

impl Figures {
    fn sent(&self) -> u64 {
        self.server.services.database.statements_sent()
    }

    fn note(&mut self, what: &str, sent: u64, most: u64) {
        println!("{sent:3} of {most:2}  {what}");
        if sent > most {
            self.missed.push(format!("{what}: {sent} statements, {most} allowed"));
        }
    }

    /// The same request once more, counted.
    async fn read(&mut self, actor: &TestActor, path: &str, most: u64) -> u64 {
        actor.get(path).await.expect(200);
        let before = self.sent();
        actor.get(path).await.expect(200);
        let sent = self.sent() - before;
        self.note(path, sent, most);
        sent
    }

    /// An act, counted with what it takes to know who acts.
    async fn act(&mut self, actor: &TestActor, path: &str, body: &serde_json::Value, most: u64) {
        let before = self.sent();
        actor.post(path, body).await.expect(200);
        let sent = self.sent() - before;
        self.note(path, sent, most);
    }

    /// A list with one entry a page and with a hundred: `entries` are in it at least.
    async fn list(&mut self, actor: &TestActor, path: &str, entries: usize) {
        let mark = if path.contains('?') { '&' } else { '?' };
        let searches = path.contains("?q=");
        let small = self.read(actor, &format!("{path}{mark}limit=1"), LIST).await;
        let long = format!("{path}{mark}limit=100");
        let large = self.read(actor, &long, LIST).await;
        // A search that has not filled its page looks once more, among older rows; entries never cost a statement.
        if large > small + u64::from(searches) {
            self.missed
                .push(format!("{path}: {small} for one entry, {large} for a hundred"));
        }
        let page = actor.get(&long).await.value();
        let found = page["items"].as_array().unwrap().len();
        assert!(found >= entries, "{path}: {found} entries, {entries} wanted");
    }
}

/// Cases in every list; answers one that was replied to and published.
async fn fill(town: &Town) -> String {
    for _ in 0..4 {
        town.submitted("public").await;
    }
    for _ in 0..3 {
        town.accepted("public").await;
    }
    for _ in 0..3 {
        let asked = town.submitted("private").await;
        let path = format!("/api/v1/staff/cases/{asked}/ask-information");
        town.clerk
            .post(&path, &json!({ "question": "哪一段？" }))
            .await
            .expect(200);
        let receipt = town.accepted("public").await;
        town.dispatch(&receipt).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let handler = json!({ "handler": town.handler.id() });
        let path = format!("/api/v1/staff/orders/{order}/assign");
        town.liaison.post(&path, &handler).await.expect(200);
    }
    let mut released = String::new();
    for _ in 0..3 {
        released = town.accepted("public").await;
        let order = town.dispatch(&released).await;
        town.sign_for(&order).await;
        town.replied(&released, &order).await;
        let follow = format!("/api/v1/cases/{released}/follow");
        town.neighbour.put(&follow, &json!({})).await.expect(204);
        let decision = town.moderation(&released).await;
        let path = format!("/api/v1/staff/moderation/{released}");
        town.moderator.post(&path, &decision).await.expect(200);
    }
    for _ in 0..2 {
        let receipt = town.accepted("public").await;
        let path = format!("/api/v1/staff/cases/{receipt}/supervision");
        let why = json!({ "cause": "several_units", "reason": "涉及住建、电力和街道三家。" });
        town.supervisor.post(&path, &why).await.expect(200);
    }
    for _ in 0..2 {
        let receipt = town.answered("private").await;
        town.rated(&receipt, 4, "yes").await;
        let path = format!("/api/v1/cases/{receipt}/reopening");
        let again = json!({ "reason": "第二天晚上又不亮了。" });
        town.resident.post(&path, &again).await.expect(200);
    }
    while index_waiting_cases(&town.server.services).await.unwrap() > 0 {}
    released
}

#[test]
fn a_report_without_photos_takes_no_more_statements_than_it_does_now() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        town.submitted("public").await;
        let mut figures = Figures {
            server: server.clone(),
            missed: Vec::new(),
        };
        for visibility in ["public", "private", "confidential"] {
            let before = figures.sent();
            let answer = town
                .resident
                .post_once("/api/v1/cases", visibility, &town.lamp(visibility))
                .await;
            answer.expect(201);
            let sent = figures.sent() - before;
            figures.note(&format!("a {visibility} report"), sent, REPORT);
        }
        assert!(figures.missed.is_empty(), "{:#?}", figures.missed);
    });
}

#[test]
fn an_act_on_a_case_takes_no_more_statements_than_it_does_now() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        // Once to warm what is prepared, once to be counted.
        for counted in [false, true] {
            let mut figures = Figures {
                server: server.clone(),
                missed: Vec::new(),
            };
            // Whoever reports the same again after it was solved is looked at more closely.
            let reporter = if counted { &town.neighbour } else { &town.resident };
            let report = reporter.post("/api/v1/cases", &town.lamp("public")).await.expect(201);
            let receipt = report.value()["receipt_no"].as_str().unwrap().to_owned();
            let of_case = |act: &str| format!("/api/v1/staff/cases/{receipt}/{act}");
            figures
                .act(&town.clerk, &of_case("accept"), &town::acceptance(), ACCEPTANCE)
                .await;
            figures
                .act(&town.dispatcher, &of_case("dispatch"), &town::to_unit(), DISPATCH)
                .await;
            let order = town.order_of(&receipt).await;
            let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
            figures
                .act(&town.liaison, &of_order("sign-for"), &json!({}), SIGNATURE)
                .await;
            figures
                .act(&town.handler, &of_order("reply"), &town::reply(), REPLY)
                .await;
            town.leader
                .post(&of_order("reply-signature"), &json!({}))
                .await
                .expect(200);
            town.reviewer
                .post(&of_case("reply-release"), &json!({}))
                .await
                .expect(200);
            let rating = json!({ "grade": 5, "resolved": "yes" });
            figures
                .act(reporter, &format!("/api/v1/cases/{receipt}/rating"), &rating, RATING)
                .await;
            assert!(!counted || figures.missed.is_empty(), "{:#?}", figures.missed);
        }
    });
}

#[test]
fn an_act_under_an_earlier_policy_takes_no_more_statements_than_under_the_one_in_force() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipts = [town.accepted("public").await, town.accepted("public").await];
        town.new_policy(&[("shandong-2026.1", "shandong-2026.2")]).await;
        let mut figures = Figures {
            server: server.clone(),
            missed: Vec::new(),
        };
        // The first case has the earlier policy read, once for all.
        for receipt in receipts {
            figures.missed.clear();
            let dispatch = format!("/api/v1/staff/cases/{receipt}/dispatch");
            figures
                .act(&town.dispatcher, &dispatch, &town::to_unit(), DISPATCH)
                .await;
            let order = town.order_of(&receipt).await;
            let sign_for = format!("/api/v1/staff/orders/{order}/sign-for");
            figures.act(&town.liaison, &sign_for, &json!({}), SIGNATURE).await;
            figures
                .read(&town.supervisor, &format!("/api/v1/staff/cases/{receipt}"), DETAIL)
                .await;
        }
        assert!(figures.missed.is_empty(), "{:#?}", figures.missed);
    });
}

/// Who works from a list, and how many entries are in it at least.
const fn works_from(town: &Town, queue: Queue) -> (&TestActor, usize) {
    match queue {
        Queue::Acceptance => (&town.clerk, 4),
        Queue::Information => (&town.clerk, 3),
        Queue::Dispatch => (&town.dispatcher, 3),
        Queue::Returns => (&town.dispatcher, 0),
        Queue::Signing | Queue::Handling => (&town.liaison, 3),
        Queue::Mine => (&town.handler, 3),
        Queue::Signature => (&town.leader, 0),
        Queue::Review | Queue::Judgement => (&town.reviewer, 0),
        Queue::Closing | Queue::Exclusions | Queue::LookBacks => (&town.supervisor, 0),
        Queue::Extensions | Queue::Commitments => (&town.inspector, 0),
        Queue::FollowUp => (&town.follow_up, 3),
        Queue::Flags => (&town.supervisor, 2),
    }
}

#[test]
fn lists_take_as_many_statements_for_a_hundred_entries_as_for_one_and_cases_at_most_four() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = fill(&town).await;
        let mut figures = Figures {
            server: server.clone(),
            missed: Vec::new(),
        };
        figures.list(&town.resident, "/api/v1/me/cases", 19).await;
        figures.list(&town.resident, "/api/v1/me/inbox", 10).await;
        figures.list(&town.handler, "/api/v1/me/inbox", 0).await;
        figures.list(&town.neighbour, "/api/v1/me/follows", 3).await;
        let visitor = server.anonymous();
        for (filter, entries) in [
            ("", 16),
            ("?status=open", 16),
            ("?status=closed", 0),
            ("?county=371323", 16),
            ("?category=facilities.street_light", 16),
            ("?county=371323&category=facilities.street_light&status=open", 16),
            ("?q=路灯", 3),
            ("?q=路灯&county=371323", 3),
        ] {
            figures
                .list(&visitor, &format!("/api/v1/public/cases{filter}"), entries)
                .await;
        }
        for queue in Queue::ALL {
            let (actor, entries) = works_from(&town, *queue);
            figures
                .list(actor, &format!("/api/v1/staff/queues/{queue}"), entries)
                .await;
        }
        let grants = Role::ALL
            .iter()
            .copied()
            .filter(|role| role.is_staff() && !role.is_administrator());
        let everybody = server.staff_with(UNIT, grants.map(Grant::everywhere).collect()).await;
        for actor in [&town.clerk, &town.liaison, &everybody] {
            figures.read(actor, "/api/v1/staff/queues", LIST).await;
        }
        for filter in [
            "due=soon",
            "region=371323&kind=assistance&tier=0",
            "category=facilities&urgency=routine",
        ] {
            let path = format!("/api/v1/staff/queues/handling?{filter}");
            figures
                .list(&town.liaison, &path, usize::from(filter != "due=soon"))
                .await;
        }
        figures.list(&town.moderator, "/api/v1/staff/moderation", 13).await;
        let (holder, list) = (&town.inspector, "/api/v1/staff/supervisions?tier=government");
        figures.list(holder, list, 2).await;
        let id = holder.get(list).await.value()["items"][0]["id"].clone();
        let path = format!("/api/v1/staff/supervisions/{}", id.as_str().unwrap());
        figures.read(holder, &path, DETAIL).await;
        let page = town.supervisor.get("/api/v1/staff/queues/flags").await.value();
        let id = page["items"][0]["flag"]["id"].as_str().unwrap().to_owned();
        figures
            .read(&town.supervisor, &format!("/api/v1/staff/flags/{id}"), DETAIL)
            .await;
        figures.list(&town.clerk, "/api/v1/staff/search?q=路灯", 16).await;
        figures.list(&town.handler, "/api/v1/staff/knowledge", 20).await;
        figures.list(&town.handler, "/api/v1/staff/knowledge?q=公积金", 2).await;

        figures
            .read(&town.resident, &format!("/api/v1/cases/{receipt}"), DETAIL)
            .await;
        figures
            .read(&town.neighbour, &format!("/api/v1/cases/{receipt}"), DETAIL)
            .await;
        figures
            .read(&visitor, &format!("/api/v1/public/cases/{receipt}"), DETAIL)
            .await;
        let waiting = town.submitted("public").await;
        for (actor, receipt) in [
            (&town.clerk, &waiting),
            (&town.clerk, &receipt),
            (&town.reviewer, &receipt),
            (&town.liaison, &receipt),
        ] {
            figures
                .read(actor, &format!("/api/v1/staff/cases/{receipt}"), DETAIL)
                .await;
        }
        figures
            .read(&town.moderator, &format!("/api/v1/staff/moderation/{waiting}"), DETAIL)
            .await;
        assert!(figures.missed.is_empty(), "{:#?}", figures.missed);
    });
}
