//! Moderators: what waits for them, what they decide, and that it takes effect at once and only for what is public.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod reports;

use api::{database::StoreError, stores::reply_store::ReplyRow};
use reports::{lamp, receipt, release_all, submit};
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::Visibility,
        role::{Grant, Role},
    },
};
use system_tests::server::{TestActor, TestServer, on_both};

async fn queue(moderator: &TestActor) -> Vec<String> {
    let page = moderator.get("/api/v1/staff/moderation").await.expect(200).value();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["receipt_no"].as_str().unwrap().to_owned())
        .collect()
}

async fn public(server: &TestServer, receipt: &str) -> Value {
    let path = format!("/api/v1/public/cases/{receipt}");
    server.anonymous().get(&path).await.expect(200).value()
}

#[test]
fn what_waits_is_oldest_first_and_within_the_moderators_scope() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900001").await;
        let first = receipt(&server, submit(&server, &resident, lamp()).await);
        let mut hidden = lamp();
        hidden.visibility = Some(Visibility::Private);
        let hidden = receipt(&server, submit(&server, &resident, hidden).await);
        let second = receipt(&server, submit(&server, &resident, lamp()).await);

        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        assert_eq!(queue(&moderator).await, [first.clone(), second.clone()]);
        let elsewhere = Grant {
            region: Some("371323".to_owned()),
            ..Grant::everywhere(Role::Moderator)
        };
        let other = server.staff_with("3713.hotline", vec![elsewhere]).await;
        assert_eq!(queue(&other).await, Vec::<String>::new());

        let path = |receipt: &str| format!("/api/v1/staff/moderation/{receipt}");
        other.get(&path(&first)).await.problem(ProblemCode::NotFound);
        moderator.get(&path(&hidden)).await.problem(ProblemCode::NotFound);
        moderator
            .post(&path(&hidden), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let clerk = server.staff(Role::Clerk, "3713.hotline").await;
        clerk
            .get("/api/v1/staff/moderation")
            .await
            .problem(ProblemCode::Forbidden);
        clerk
            .post(&path(&first), &json!({}))
            .await
            .problem(ProblemCode::Forbidden);
        resident.get(&path(&first)).await.problem(ProblemCode::Forbidden);
        server
            .anonymous()
            .get(&path(&first))
            .await
            .problem(ProblemCode::SignInRequired);

        release_all(&moderator, &first).await;
        assert_eq!(queue(&moderator).await, [second]);
    });
}

#[test]
fn a_refusal_says_why_and_a_later_release_shows_the_words_again() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900001").await;
        let receipt = receipt(&server, submit(&server, &resident, lamp()).await);
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        let path = format!("/api/v1/staff/moderation/{receipt}");
        moderator
            .post(&path, &json!({ "report": { "verdict": "refuse" } }))
            .await
            .problem(ProblemCode::Invalid);
        let refuse = json!({ "report": { "verdict": "refuse", "reason": "涉及他人隐私" } });
        let done = moderator.post(&path, &refuse).await.expect(200).value();
        assert_eq!(done["publication"], "refused");
        assert!(public(&server, &receipt).await.get("text").is_none());
        let seen = moderator.get(&path).await.expect(200).value();
        assert_eq!(seen["report"]["decision"]["reason"], "涉及他人隐私");
        release_all(&moderator, &receipt).await;
        assert_eq!(public(&server, &receipt).await["title"], "东关街路灯坏了");
        moderator.post(&path, &refuse).await.expect(200);
        assert!(public(&server, &receipt).await.get("title").is_none());
    });
}

#[test]
fn a_decision_is_about_the_version_that_was_read_and_is_done_once() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900001").await;
        let receipt = receipt(&server, submit(&server, &resident, lamp()).await);
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        let path = format!("/api/v1/staff/moderation/{receipt}");
        let seen = moderator.get(&path).await.expect(200);
        let version = seen.header("etag").unwrap().to_owned();
        let span = json!({ "start": 0, "end": 3, "kind": "other", "reason": "地名" });
        let decision = json!({ "report": { "verdict": "release", "text_masks": [span] } });
        let first = moderator.post_once(&path, "m-1", &decision).await.expect(200).value();
        let again = moderator.post_once(&path, "m-1", &decision).await.expect(200).value();
        assert_eq!(first, again);
        assert!(
            public(&server, &receipt).await["text"]
                .as_str()
                .unwrap()
                .starts_with("〔已隐去〕路灯")
        );
        let old = [("If-Match", version.as_str())];
        moderator
            .send(reqwest::Method::POST, &path, &old, Some(decision.clone()))
            .await
            .problem(ProblemCode::VersionMismatch);
        for wrong in [
            json!({ "report": { "verdict": "release", "text_masks": [{ "start": 0, "end": 999, "kind": "name", "reason": "" }] } }),
            json!({ "replies": [{ "id": "1", "verdict": "release" }] }),
            json!({ "photos": [{ "id": "1", "verdict": "release" }] }),
        ] {
            moderator.post(&path, &wrong).await.problem(ProblemCode::Invalid);
        }
    });
}

#[test]
fn a_reply_waits_for_its_own_release_while_the_report_stays_visible() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900001").await;
        let id = submit(&server, &resident, lamp()).await;
        let receipt = receipt(&server, id);
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        release_all(&moderator, &receipt).await;
        let services = std::sync::Arc::clone(&server.services);
        let reply = ReplyRow {
            id: services.next_id(),
            version: 1,
            case_id: id,
            order_id: None,
            cycle: 1,
            body: "已联系王大爷（13912345678），路灯已修好。".to_owned(),
            outcome: "resolved".to_owned(),
            root_cause: "facility".to_owned(),
            article: None,
            article_version: None,
            written_by: 1,
            reviewed_by: None,
            state: "released".to_owned(),
            released_at: Some(services.now().0),
        };
        services
            .database
            .writer
            .write(move |transaction| {
                transaction.append(reply.clone());
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let shown = public(&server, &receipt).await;
        assert_eq!(shown["replies"], json!([]));
        assert!(shown["text"].is_string());

        release_all(&moderator, &receipt).await;
        let text = public(&server, &receipt).await["replies"][0]["text"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(text.contains("〔电话〕") && !text.contains("13912345678"), "{text}");
        assert!(text.contains("路灯已修好"));
    });
}
