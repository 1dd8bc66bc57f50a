//! What clerks write down for people on the telephone: whose case it becomes, what is kept beside the words, what is refused.

use api::database::{StoreError, schema::consents};
use diesel::prelude::*;
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::role::{Grant, Role},
};
use system_tests::{
    server::{TestActor, TestServer, on_both},
    trail::audited,
};

use crate::desk::{HOTLINE, view};

const CALLS: &str = "/api/v1/staff/cases";
const PHONE: &str = "13953900088";

/// A dark road, as somebody calls about it.
fn call(visibility: &str) -> Value {
    json!({
        "phone": "+86 139-5390-0088",
        "text": "俺们东关街中段那路灯三天没亮了，黑灯瞎火的，俺娘昨晚摔了一跤。",
        "summary": "东关街中段路灯不亮三天，已致一名老人摔倒。",
        "kind": "assistance", "category": "facilities.street_light",
        "place": { "latitude": 35.1047, "longitude": 118.3564, "words": "东关街中段" },
        "visibility": visibility, "visibility_explained": true, "consents": ["handling", "publication"],
    })
}

async fn taken(clerk: &TestActor, call: &Value) -> Value {
    clerk.post(CALLS, call).await.expect(201).value()
}

fn receipt(taken: &Value) -> String {
    taken["receipt_no"].as_str().unwrap().to_owned()
}

/// Purpose, channel, and whether it is for one case.
async fn agreed(server: &TestServer) -> Vec<(String, String, bool)> {
    let rows: Vec<(String, String, Option<i64>)> = server
        .services
        .database
        .readers
        .read(|connection| {
            let columns = (consents::purpose, consents::channel, consents::case_id);
            Ok::<_, StoreError>(consents::table.order(consents::id).select(columns).load(connection)?)
        })
        .await
        .unwrap();
    rows.into_iter()
        .map(|(purpose, channel, case)| (purpose, channel, case.is_some()))
        .collect()
}

#[test]
fn what_a_caller_says_is_written_down_and_belongs_to_whoever_registers_with_the_number() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let done = taken(&clerk, &call("public")).await;
        assert!(done["due_at"].is_string() && done["emergency_numbers"] == json!([]));
        let receipt = receipt(&done);
        let texts = server.texts_to(PHONE).await;
        assert!(texts.len() == 1 && texts[0].contains(&receipt), "{texts:?}");

        let seen = view(&clerk, &receipt).await;
        assert_eq!(
            (&seen["body"], &seen["channel"]),
            (&call("public")["text"], &json!("hotline"))
        );
        assert_eq!(seen["summary"], "东关街中段路灯不亮三天，已致一名老人摔倒。");
        assert_eq!(seen["requester"], json!({ "phone": "139****0088" }));
        let event = &seen["timeline"][0];
        assert_eq!((&event["action"], &event["role"]), (&json!("submit"), &json!("受理员")));
        assert_eq!(event["detail"]["visibility_explained"], true);
        let by_voice = |purpose: &str, bound| (purpose.to_owned(), "hotline".to_owned(), bound);
        let mut given = agreed(&server).await;
        given.sort();
        assert_eq!(given, [by_voice("handling", false), by_voice("publication", true)]);
        let trail = audited(&server).await;
        assert!(
            trail.contains(&("case.submit".to_owned(), "done".to_owned())),
            "{trail:?}"
        );
        let shown = server.anonymous().get(&format!("/api/v1/public/cases/{receipt}")).await;
        assert!(!String::from_utf8(shown.expect(200).body).unwrap().contains("摔"));

        // Nobody has an account with the number yet; who registers with it has the case.
        let visitor = server.anonymous();
        let of_number = json!({ "phone": PHONE });
        visitor.post("/api/v1/accounts/codes", &of_number).await.expect(202);
        let proof = json!({ "phone": PHONE, "code": server.latest_code(PHONE).await, "display_name": "东关老李" });
        visitor
            .post("/api/v1/sessions", &proof_of(&proof))
            .await
            .problem(ProblemCode::SignInFailed);
        let tokens = visitor.post("/api/v1/accounts", &proof).await.expect(201);
        let caller = server.signed_in(tokens.json());
        let own = caller
            .get(&format!("/api/v1/cases/{receipt}"))
            .await
            .expect(200)
            .value();
        assert_eq!((&own["face"], &own["text"]), (&json!("own"), &call("public")["text"]));
        assert!(own.get("summary").is_none());
        let me = caller.get("/api/v1/me").await.expect(200).value();
        assert_eq!(me["display_name"], "东关老李");
        let inbox = caller.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "submit");
    });
}

/// The number and the code alone.
fn proof_of(registration: &Value) -> Value {
    json!({ "phone": registration["phone"], "code": registration["code"] })
}

#[test]
fn who_has_an_account_finds_the_call_among_the_own_cases_and_a_repeated_write_makes_one() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let caller = server.citizen(PHONE).await;
        let first = clerk.post_once(CALLS, "call-1", &call("private")).await.expect(201);
        let again = clerk.post_once(CALLS, "call-1", &call("private")).await.expect(201);
        assert_eq!(first.body, again.body);
        let own = caller.get("/api/v1/me/cases").await.expect(200).value();
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
        assert_eq!(own["items"][0]["receipt_no"], receipt(&first.value()));
        let texts = server.texts_to(PHONE).await;
        assert_eq!(texts.iter().filter(|text| text.contains("受理编号")).count(), 1);
    });
}

#[test]
fn nothing_is_taken_without_the_callers_choice_or_out_of_bounds_or_from_anybody_but_a_clerk_in_reach() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let with = |field: &str, value: Value| {
            let mut changed = call("public");
            changed[field] = value;
            changed
        };
        for wrong in [
            with("visibility_explained", json!(false)),
            with("consents", json!(["handling"])),
            with("phone", json!("0539-8888888")),
            with("text", json!("灯".repeat(2001))),
            with("text", json!(" ")),
            with("summary", json!("灯".repeat(501))),
            with("category", json!("facilities.moon")),
            with("place", json!({ "region": "110101" })),
        ] {
            clerk.post(CALLS, &wrong).await.problem(ProblemCode::Invalid);
        }
        let elsewhere = Grant {
            region: Some("371312".to_owned()),
            ..Grant::everywhere(Role::Clerk)
        };
        let elsewhere = server.staff_with(HOTLINE, vec![elsewhere]).await;
        let dispatcher = server.staff(Role::Dispatcher, HOTLINE).await;
        let resident = server.citizen("13953900001").await;
        for other in [elsewhere, dispatcher, resident] {
            other.post(CALLS, &call("public")).await.problem(ProblemCode::Forbidden);
        }
        assert!(server.texts_to(PHONE).await.is_empty());

        // A violation report is confidential whatever was chosen, and nothing of it is published.
        let mut report = call("public");
        report["kind"] = json!("violation_report");
        report["consents"] = json!([]);
        let done = taken(&clerk, &report).await;
        assert_eq!(view(&clerk, &receipt(&done)).await["visibility"], "confidential");
        assert_eq!(agreed(&server).await, []);
    });
}

#[test]
fn the_clerk_is_shown_the_same_matter_and_danger_at_once_and_a_blocked_caller_is_heard_in_an_emergency() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let first = receipt(&taken(&clerk, &call("public")).await);
        let draft = json!({ "text": call("public")["text"], "place": call("public")["place"] });
        let offered = clerk.post("/api/v1/cases/preview", &draft).await.expect(200).value();
        assert_eq!(offered["near_duplicates"][0]["case"]["receipt_no"], first.as_str());

        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        let why = json!({ "blocked": true, "reason": "一天内多次编造险情" });
        let block = format!("/api/v1/staff/cases/{first}/requester-block");
        supervisor.put(&block, &why).await.expect(204);
        clerk
            .post(CALLS, &call("private"))
            .await
            .problem(ProblemCode::AccountBlocked);
        let mut fire = call("private");
        fire["text"] = json!("三单元楼道着火，有人被困在五楼，烟很大。");
        fire["category"] = Value::Null;
        let done = taken(&clerk, &fire).await;
        assert!(done["emergency_numbers"].as_array().unwrap().contains(&json!("119")));
        assert_eq!(view(&clerk, &receipt(&done)).await["urgency"], "emergency");
    });
}
