//! A case and the people who work on it.

use std::sync::Arc;

use api::{
    access::{Actor, PersonActor, RequestContext},
    usecases::cases::{NewCase, NewPlace, submit_case},
};
use serde_json::{Value, json};
use shared::domain::{
    case::{CaseKind, Visibility},
    role::Role,
};
use system_tests::server::{TestActor, TestServer};

pub(crate) const HOTLINE: &str = "3713.hotline";

/// A dark road in Yishui.
pub(crate) fn lamp(server: &TestServer) -> NewCase {
    let city = server.services.city();
    let region = city.regions.find("沂城街道", None, 1)[0].code.clone();
    NewCase {
        title: Some("健康路路灯不亮".to_owned()),
        text: "健康路东段的路灯有五盏不亮，上夜班的人摸黑走，已经一个星期了。".to_owned(),
        kind: Some(CaseKind::Assistance),
        category: Some("facilities.street_light".to_owned()),
        place: NewPlace {
            region: Some(region),
            words: Some("健康路东段".to_owned()),
            ..NewPlace::default()
        },
        visibility: Some(Visibility::Public),
        answers: Vec::new(),
        photos: Vec::new(),
        complained_unit: None,
        channel: "app".to_owned(),
        wants_push: false,
    }
}

pub(crate) async fn submit(server: &TestServer, resident: &TestActor, report: NewCase) -> String {
    let actor = Actor::Person(PersonActor::without_session(resident.id().parse().unwrap()));
    let services = Arc::clone(&server.services);
    let submitted = submit_case(&services, &actor, &RequestContext::default(), report).await;
    server.services.receipts.write(submitted.unwrap().id)
}

pub(crate) fn case(receipt: &str, act: &str) -> String {
    format!("/api/v1/staff/cases/{receipt}/{act}")
}

pub(crate) fn order(id: &str, act: &str) -> String {
    format!("/api/v1/staff/orders/{id}/{act}")
}

pub(crate) fn acceptance() -> Value {
    json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" })
}

pub(crate) fn reply() -> Value {
    json!({
        "text": "五盏路灯的线路已经更换，当晚全部亮灯。", "outcome": "resolved", "root_cause": "facility",
        "photos_before": ["a1".repeat(32)], "photos_after": ["b2".repeat(32)],
    })
}

pub(crate) async fn view(actor: &TestActor, receipt: &str) -> Value {
    actor
        .get(&format!("/api/v1/staff/cases/{receipt}"))
        .await
        .expect(200)
        .value()
}

pub(crate) async fn lies_in(actor: &TestActor, queue: &str) -> Vec<String> {
    let page = actor
        .get(&format!("/api/v1/staff/queues/{queue}"))
        .await
        .expect(200)
        .value();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["receipt_no"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn allowed(view: &Value, act: &str) -> bool {
    let acts = view["allowed_actions"].as_array().unwrap();
    acts.iter()
        .any(|verdict| verdict["action"] == act && verdict["allowed"] == true)
}

/// The hotline and one unit with its people.
pub(crate) struct People {
    pub(crate) resident: TestActor,
    pub(crate) clerk: TestActor,
    pub(crate) dispatcher: TestActor,
    pub(crate) reviewer: TestActor,
    pub(crate) liaison: TestActor,
    pub(crate) handler: TestActor,
    pub(crate) leader: TestActor,
    pub(crate) receipt: String,
    pub(crate) unit: String,
}

/// A case that was accepted, and the people of the unit that the catalogue proposes for it.
pub(crate) async fn accepted(server: &TestServer) -> People {
    let resident = server.citizen("13853900011").await;
    let receipt = submit(server, &resident, lamp(server)).await;
    let clerk = server.staff(Role::Clerk, HOTLINE).await;
    clerk.post(&case(&receipt, "accept"), &acceptance()).await.expect(200);
    let dispatcher = server.staff(Role::Dispatcher, HOTLINE).await;
    let unit = view(&dispatcher, &receipt).await["suggestions"][0]["lead"]
        .as_str()
        .unwrap()
        .to_owned();
    People {
        reviewer: server.staff(Role::Reviewer, HOTLINE).await,
        liaison: server.staff(Role::UnitLiaison, &unit).await,
        handler: server.staff(Role::UnitHandler, &unit).await,
        leader: server.staff(Role::UnitLeader, &unit).await,
        resident,
        clerk,
        dispatcher,
        receipt,
        unit,
    }
}

impl People {
    /// Dispatches the case and signs for the order; answers the order's id.
    pub(crate) async fn in_handling(&self) -> String {
        let given = self.dispatcher.post(&case(&self.receipt, "dispatch"), &json!({})).await;
        let id = given.expect(200).value()["order_id"].as_str().unwrap().to_owned();
        self.liaison.post(&order(&id, "sign-for"), &json!({})).await.expect(200);
        id
    }
}
