//! Staff close a case to more eyes, never to fewer.

use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestServer, on_both};

use crate::desk::{accepted, case, view};

#[test]
fn staff_tighten_who_may_see_a_case_and_nobody_loosens_it() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let public = format!("/api/v1/public/cases/{}", people.receipt);
        server.anonymous().get(&public).await.expect(200);
        let path = case(&people.receipt, "visibility");
        let to = |visibility: &str| json!({ "visibility": visibility, "reason": "照片里有未成年人。" });
        let same = people
            .clerk
            .post(&path, &to("public"))
            .await
            .problem(ProblemCode::Invalid);
        assert_eq!(same.value()["reason"], "not_tighter");
        let done = people.clerk.post(&path, &to("private")).await.expect(200).value();
        assert_eq!(done["state"], "accepted");
        server.anonymous().get(&public).await.problem(ProblemCode::NotFound);
        let listed = server.anonymous().get("/api/v1/public/cases").await.expect(200).value();
        assert_eq!(listed["items"], json!([]));
        let seen = view(&people.clerk, &people.receipt).await;
        assert_eq!(
            (&seen["visibility"], &seen["publication"]),
            (&json!("private"), &json!("none"))
        );
        let own = people.resident.get(&format!("/api/v1/cases/{}", people.receipt)).await;
        let own = own.expect(200).value();
        let last = own["timeline"].as_array().unwrap().last().unwrap()["sentence"].clone();
        assert_eq!(last, "为了保护隐私，您的诉求收紧了公开范围：照片里有未成年人。");

        for looser in ["public", "private"] {
            let refused = people
                .clerk
                .post(&path, &to(looser))
                .await
                .problem(ProblemCode::Invalid);
            assert_eq!(refused.value()["reason"], "not_tighter");
        }
        people.clerk.post(&path, &to("confidential")).await.expect(200);
        let seen = view(&people.dispatcher, &people.receipt).await;
        assert!(
            seen.get("requester").is_none(),
            "only the hotline's callers know who asked"
        );
    });
}
