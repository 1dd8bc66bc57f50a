//! Cases that another line takes over: only when it said so, and with everything that hangs on them.

use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestServer, on_both};

use crate::desk::{accepted, case, view};

#[test]
fn without_an_acknowledgement_a_case_stays_here_and_with_one_it_ends_here() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        people.in_handling().await;
        let neighbour = server.citizen("13853900018").await;
        let joined = neighbour
            .post(&format!("/api/v1/cases/{}/me-too", people.receipt), &json!({}))
            .await
            .expect(201)
            .value();
        let path = case(&people.receipt, "hand-off");
        for hope in [
            json!({ "receiver": "国网临沂供电公司95598" }),
            json!({ "receiver": "国网临沂供电公司95598", "acknowledgement": "  " }),
        ] {
            let refused = people.clerk.post(&path, &hope).await.problem(ProblemCode::Invalid);
            assert_eq!(refused.value()["reason"], "needs_acknowledgement");
        }
        assert_eq!(view(&people.clerk, &people.receipt).await["state"], "handling");

        let taken =
            json!({ "receiver": "国网临沂供电公司95598", "acknowledgement": "10点20分，3号坐席接收，编号0817。" });
        let done = people.clerk.post(&path, &taken).await.expect(200).value();
        assert_eq!(done["state"], "handed_off");
        let seen = view(&people.clerk, &people.receipt).await;
        assert_eq!(seen["orders"][0]["stage"], "cancelled");
        assert_eq!(
            seen["clocks"].as_array().unwrap().len(),
            1,
            "only the archive's: {seen}"
        );
        let own = people.resident.get(&format!("/api/v1/cases/{}", people.receipt)).await;
        let own = own.expect(200).value();
        let last = own["timeline"].as_array().unwrap().last().unwrap()["sentence"].clone();
        assert_eq!(last, "您的诉求已经转接，对方确认接收了：国网临沂供电公司95598。");
        assert!(
            !own.to_string().contains("3号坐席"),
            "how it was acknowledged stays inside"
        );
        let public = server.anonymous();
        let public = public.get(&format!("/api/v1/public/cases/{}", people.receipt)).await;
        assert!(!public.expect(200).value().to_string().contains("95598"));
        let inbox = people.liaison.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "hand_off");
        let path = format!("/api/v1/cases/{}", joined["receipt_no"].as_str().unwrap());
        let member = neighbour.get(&path).await.expect(200).value();
        assert_eq!(member["state"], "handed_off", "members follow");
    });
}
