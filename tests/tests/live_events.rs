//! What a desk is told while it happens: its lists, the case that is open, and nothing after the session is over.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};
use system_tests::server::{TestActor, TestServer, on_both};
use town::{ACCEPT, Town, acceptance};

const EVENTS: &str = "/api/v1/staff/events";
/// A turn comes two seconds after the last at the latest when something was committed.
const SOON: Duration = Duration::from_secs(8);

/// A window that listens.
struct Window {
    answer: Response,
    text: String,
}

impl Window {
    async fn open(server: &TestServer, who: &TestActor, query: &str) -> Self {
        let answer = ask(server, who, query).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self {
            answer,
            text: String::new(),
        }
    }

    /// What the next event of this name says; none when the window was closed.
    async fn told(&mut self, name: &str) -> Option<Value> {
        let begin = format!("event: {name}\ndata: ");
        loop {
            if let Some((before, rest)) = self.text.split_once(&begin)
                && let Some((said, after)) = rest.split_once("\n\n")
            {
                let (said, after) = (serde_json::from_str(said).unwrap(), format!("{before}{after}"));
                self.text = after;
                return Some(said);
            }
            let piece = tokio::time::timeout(SOON, self.answer.chunk());
            let piece = piece.await.expect("it is told soon").unwrap()?;
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    async fn waiting_for_acceptance(&mut self) -> Option<i64> {
        let lists = self.told("counts").await?;
        let lists = lists["items"].as_array().unwrap();
        let acceptance = lists.iter().find(|list| list["queue"] == "acceptance").unwrap();
        acceptance["count"].as_i64()
    }
}

async fn ask(server: &TestServer, who: &TestActor, query: &str) -> Response {
    let address = format!("{}{EVENTS}{query}", server.base);
    reqwest::Client::new()
        .get(address)
        .bearer_auth(who.bearer())
        .send()
        .await
        .unwrap()
}

#[test]
fn a_desk_is_told_of_its_lists_and_of_the_open_case_while_it_happens() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut window = Window::open(&server, &town.clerk, "").await;
        assert_eq!(window.waiting_for_acceptance().await, Some(0));
        let receipt = town.submitted("public").await;
        assert_eq!(window.waiting_for_acceptance().await, Some(1));

        let mut open = Window::open(&server, &town.clerk, &format!("?case={receipt}")).await;
        let first = open.told("case").await.unwrap();
        assert_eq!(first["receipt_no"], json!(receipt));
        let path = ACCEPT.replace("{receipt_no}", &receipt);
        let colleague = server.staff(shared::domain::role::Role::Clerk, town::HOTLINE).await;
        colleague.post(&path, &acceptance()).await.expect(200);
        let then = open.told("case").await.unwrap();
        assert!(then["version"].as_i64() > first["version"].as_i64(), "{first} {then}");
        assert_eq!(window.waiting_for_acceptance().await, Some(0));
    });
}

#[test]
fn nobody_listens_to_what_he_could_not_read_and_nobody_after_the_session() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("confidential").await;
        assert_eq!(ask(&server, &town.resident, "").await.status(), 403);
        let of_case = format!("?case={receipt}");
        assert_eq!(ask(&server, &town.handler, &of_case).await.status(), 404);
        assert_eq!(ask(&server, &town.clerk, "?case=LY-0").await.status(), 404);

        let mut window = Window::open(&server, &town.clerk, "").await;
        window.told("counts").await.unwrap();
        town.clerk.delete("/api/v1/sessions/current").await.expect(204);
        assert_eq!(window.told("counts").await, None, "the session was ended");

        let mut window = Window::open(&server, &town.dispatcher, "").await;
        window.told("counts").await.unwrap();
        server.clock.advance_minutes(16);
        server.citizen("13853900023").await;
        assert_eq!(window.told("counts").await, None, "the token was over");
    });
}

#[test]
fn a_seventh_window_of_one_account_ends_the_first() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut windows = Vec::new();
        for _ in 0..7 {
            let mut window = Window::open(&server, &town.clerk, "").await;
            window.told("counts").await.unwrap();
            windows.push(window);
        }
        assert_eq!(windows[0].told("counts").await, None);
        town.submitted("public").await;
        for window in &mut windows[1..] {
            assert_eq!(window.waiting_for_acceptance().await, Some(1));
        }
    });
}
