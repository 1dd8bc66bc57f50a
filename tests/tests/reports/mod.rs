//! Reports as residents write them, and the moderator's usual answer: what the tests of the public's side begin with.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::sync::Arc;

use api::{
    access::{Actor, PersonActor, RequestContext},
    usecases::{
        cases::{NewCase, NewPlace, submit_case},
        index_cases::index_waiting_cases,
    },
};
use serde_json::json;
use shared::domain::{
    case::{CaseKind, Visibility},
    location::GeoPoint,
};
use system_tests::server::{TestActor, TestServer};

/// A broken street light in Lanshan, with a phone number and a plate in its words.
pub(crate) fn lamp() -> NewCase {
    NewCase {
        title: Some("东关街路灯坏了".to_owned()),
        text: "东关街路灯坏了三天，联系电话13812345678，车牌鲁Q12345停在灯下。".to_owned(),
        kind: Some(CaseKind::Assistance),
        category: Some("facilities.street_light".to_owned()),
        place: NewPlace {
            point: GeoPoint::new(35.1047, 118.3564).ok(),
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

/// Sends a report; answers the case's id.
pub(crate) async fn submit(server: &TestServer, resident: &TestActor, report: NewCase) -> i64 {
    let actor = Actor::Person(PersonActor::without_session(resident.id().parse().expect("an id")));
    let services = Arc::clone(&server.services);
    let submitted = submit_case(&services, &actor, &RequestContext::default(), report).await;
    submitted.expect("the report is taken").id
}

/// The receipt number of a case.
pub(crate) fn receipt(server: &TestServer, id: i64) -> String {
    server.services.receipts.write(id)
}

/// Releases everything of a case with the proposed masks.
pub(crate) async fn release_all(moderator: &TestActor, receipt: &str) {
    let path = format!("/api/v1/staff/moderation/{receipt}");
    let case = moderator.get(&path).await.expect(200).value();
    let replies: Vec<_> = case["replies"]
        .as_array()
        .expect("replies")
        .iter()
        .map(|reply| json!({ "id": reply["id"], "verdict": "release", "masks": reply["text"]["proposed"] }))
        .collect();
    let photos: Vec<_> = case["photos"]
        .as_array()
        .expect("photos")
        .iter()
        .map(|photo| json!({ "id": photo["id"], "verdict": "release" }))
        .collect();
    let decision = json!({
        "report": {
            "verdict": "release",
            "title_masks": case["report"]["title"]["proposed"],
            "text_masks": case["report"]["text"]["proposed"],
        },
        "replies": replies,
        "photos": photos,
    });
    let done = moderator.post(&path, &decision).await.expect(200).value();
    assert_eq!(done["publication"], "released");
}

/// Brings the search index up to date.
pub(crate) async fn index(server: &TestServer) {
    while index_waiting_cases(&server.services)
        .await
        .expect("the index is written")
        > 0
    {}
}
