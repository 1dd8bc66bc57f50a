//! Cases are closed to everybody whom they do not concern: through their whole life, for each visibility, on every operation,
//! in the very state in which the right person succeeds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::CaseKind,
        role::{Grant, Role},
    },
};
use system_tests::{
    operations::{Open, TABLE},
    server::{TestActor, TestAnswer, TestServer, on_both},
};
use town::{
    HOTLINE, Town,
    life::{Player, live},
    rows::rows,
    step::Step,
};

/// Another county than the one where the cases are, and another unit than the one that works on them.
const OTHER_COUNTY: &str = "371312";
const OTHER_UNIT: &str = "3713.water";
/// The last digits of the requester's number.
const DIGITS: &str = "0021";

/// Lets everybody try whom a case does not concern before the right person acts.
struct Closed {
    visibility: &'static str,
    strangers: Vec<(Role, TestActor)>,
    another: TestActor,
    played: BTreeSet<(&'static str, &'static str)>,
}

impl Closed {
    async fn around(server: &TestServer) -> Self {
        let mut strangers = Vec::new();
        for role in [Role::UnitLiaison, Role::UnitHandler, Role::UnitLeader] {
            strangers.push((role, server.staff(role, OTHER_UNIT).await));
        }
        for role in [
            Role::Clerk,
            Role::Dispatcher,
            Role::Reviewer,
            Role::FollowUpClerk,
            Role::HotlineSupervisor,
            Role::GovernmentInspector,
            Role::Moderator,
        ] {
            let elsewhere = Grant {
                region: Some(OTHER_COUNTY.to_owned()),
                ..Grant::everywhere(role)
            };
            let of_other_kinds = Grant {
                kinds: Some(vec![CaseKind::Suggestion]),
                ..Grant::everywhere(role)
            };
            for grant in [elsewhere, of_other_kinds] {
                strangers.push((role, server.staff_with(HOTLINE, vec![grant]).await));
            }
        }
        Self {
            visibility: "public",
            strangers,
            another: server.citizen("13853900023").await,
            played: BTreeSet::new(),
        }
    }

    fn public(&self) -> bool {
        self.visibility == "public"
    }

    /// Staff with the right role whose grants do not reach the case.
    async fn try_staff(&self, step: &Step) {
        let row = TABLE.iter().find(|row| row.0 == step.method && row.1 == step.template);
        let Some((_, _, Open::To(roles))) = row else {
            panic!("{} is not for certain roles", step.template);
        };
        let of_role = |one: &&(Role, TestActor)| roles.contains(&one.0);
        let mut tried = 0;
        for (role, stranger) in self.strangers.iter().filter(of_role) {
            let answer = step.send(stranger, None).await;
            let name = format!("{} as {role} on a {} case: {answer:?}", step.template, self.visibility);
            assert!(matches!(answer.status, 403 | 404), "{name}");
            assert!(self.public() || answer.status == 404, "it shows that it exists: {name}");
            let path = format!("/api/v1/staff/cases/{}", step.receipt.as_ref().unwrap());
            let view = stranger.get(&path).await;
            assert!(matches!(view.status, 403 | 404), "{path} as {role}: {view:?}");
            tried += 1;
        }
        assert!(tried > 0, "nobody tried {}", step.template);
        let answer = step.send(&self.another, None).await;
        assert!(matches!(answer.status, 403 | 404), "{}: {answer:?}", step.template);
        if self.visibility == "confidential" {
            for actor in [&self.strangers[0].1, &self.another] {
                let answer = step.send(actor, None).await;
                assert!(!told(&answer, DIGITS), "{answer:?}");
            }
        }
    }

    /// Another resident.
    async fn try_resident(&self, step: &Step) {
        let receipt = step.receipt.as_ref().unwrap();
        // What is there for all residents on a public case is closed to all on any other.
        let for_all = step.template.ends_with("/follow") || step.template.ends_with("/me-too");
        if !for_all {
            let answer = step.send(&self.another, None).await;
            let name = format!("{} on a {} case: {answer:?}", step.template, self.visibility);
            let closed: &[u16] = if self.public() { &[403, 404, 409] } else { &[404] };
            assert!(closed.contains(&answer.status), "{name}");
        }
        let path = format!("/api/v1/cases/{receipt}");
        let seen = self.another.get(&path).await;
        let text = String::from_utf8(seen.body.clone()).unwrap();
        let requester = step.actor.id();
        assert!(
            for_all || (!text.contains(&requester) && !text.contains(DIGITS)),
            "{text}"
        );
        if self.public() {
            assert_eq!(seen.expect(200).value()["face"], "public");
        } else {
            seen.problem(ProblemCode::NotFound);
            for (method, act) in [("PUT", "follow"), ("DELETE", "follow"), ("POST", "me-too")] {
                let method: Method = method.parse().unwrap();
                let body = (act == "me-too").then(|| json!({}));
                let answer = self
                    .another
                    .send(method.clone(), &format!("{path}/{act}"), &[], body)
                    .await;
                // Nobody follows it, so taking that back changes nothing and tells nothing.
                let closed: &[u16] = if method == Method::DELETE { &[204, 404] } else { &[404] };
                assert!(closed.contains(&answer.status), "{method} {act}: {answer:?}");
            }
            let public = format!("/api/v1/public/cases/{receipt}");
            self.another.get(&public).await.problem(ProblemCode::NotFound);
        }
    }

    /// The unit works on the case without ever reading who asked.
    async fn read_as_unit(&self, town: &Town, receipt: &str) {
        let path = format!("/api/v1/staff/cases/{receipt}");
        for actor in [&town.liaison, &town.handler, &town.leader] {
            let answer = actor.get(&path).await.expect(200);
            assert!(answer.value().get("requester").is_none(), "{answer:?}");
            assert!(
                !told(&answer, DIGITS) && !told(&answer, &town.resident.id()),
                "{answer:?}"
            );
        }
    }
}

fn told(answer: &TestAnswer, words: &str) -> bool {
    String::from_utf8_lossy(&answer.body).contains(words)
}

impl Player for Closed {
    async fn play(&mut self, town: &Town, step: Step) -> TestAnswer {
        if step.receipt.is_some() {
            let before = rows(&town.server).await;
            if step.template.starts_with("/api/v1/staff/") {
                self.try_staff(&step).await;
            } else {
                self.try_resident(&step).await;
            }
            let after = rows(&town.server).await;
            assert_eq!(before, after, "{} changed something for a stranger", step.template);
            self.played.insert((step.method, step.template));
        }
        let done = step.send(&step.actor, None).await;
        let of_unit = step.template.starts_with("/api/v1/staff/orders/{id}/") && !step.template.contains("/return");
        if of_unit && self.visibility == "confidential" {
            self.read_as_unit(town, step.receipt.as_ref().unwrap()).await;
        }
        done
    }
}

/// What staff do about who asked, and not with the case.
async fn about_the_requester(town: &Town, visibility: &str, closed: &mut Closed) {
    let receipt = town.submitted(visibility).await;
    let step = |actor: &TestActor, method, template: &'static str, body| Step {
        actor: actor.clone(),
        method,
        template,
        path: template.replace("{receipt_no}", &receipt),
        body: Some(body),
        receipt: Some(receipt.clone()),
        entries: 0,
    };
    let phone = "/api/v1/staff/cases/{receipt_no}/requester-phone";
    let why = json!({ "reason": "核实具体位置" });
    closed
        .play(town, step(&town.clerk, "POST", phone, why))
        .await
        .expect(200);
    let block = "/api/v1/staff/cases/{receipt_no}/requester-block";
    for blocked in [true, false] {
        let why = json!({ "blocked": blocked, "reason": "多次编造险情" });
        let done = closed.play(town, step(&town.supervisor, "PUT", block, why)).await;
        done.expect(204);
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that `filter` calls")]
fn on_cases((method, path, _): &&(&'static str, &'static str, Open)) -> bool {
    let folders = [
        "/api/v1/cases/{receipt_no}/",
        "/api/v1/staff/cases/{receipt_no}/",
        "/api/v1/staff/orders/{id}/",
        "/api/v1/staff/moderation/{receipt_no}",
    ];
    *method != "GET" && folders.iter().any(|folder| path.starts_with(folder))
}

#[test]
fn cases_of_every_visibility_are_closed_to_all_whom_they_do_not_concern() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut closed = Closed::around(&server).await;
        for visibility in ["public", "private", "confidential"] {
            closed.visibility = visibility;
            live(&town, visibility, &mut closed).await;
            about_the_requester(&town, visibility, &mut closed).await;
        }
        let acts: BTreeSet<_> = TABLE.iter().filter(on_cases).map(|row| (row.0, row.1)).collect();
        let missing: Vec<_> = acts.difference(&closed.played).collect();
        assert!(missing.is_empty(), "nobody tried these: {missing:?}");
    });
}
