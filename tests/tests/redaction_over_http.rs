//! What is personal in words and photos does not reach the public, neither in text nor in bytes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod reports;

use reports::{lamp, receipt, release_all, submit};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    contract::problem::ProblemCode,
    domain::{hexadecimal::lower_hex, role::Role},
};
use system_tests::{
    samples::sample,
    server::{TestActor, TestServer, on_both},
};

fn hash(bytes: &[u8]) -> String {
    lower_hex(&Sha256::digest(bytes))
}

async fn upload(resident: &TestActor, bytes: Vec<u8>) {
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1/photos", resident.server.base))
        .bearer_auth(resident.tokens.as_ref().unwrap().access_token.reveal())
        .header("content-type", "image/jpeg")
        .body(bytes)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 201);
}

#[test]
fn no_personal_word_of_a_report_reaches_the_public() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900001").await;
        let mut report = lamp();
        report.title = Some("张伟先生举报路灯，电话13912345678".to_owned());
        report.text = "我住沂城街道罗家庄3号楼2单元501室，身份证371302199001011234，电话13812345678，\
                       车牌鲁Q8K123挡住路灯，银行卡6222021234567890128。"
            .to_owned();
        report.place.words = Some("罗家庄3号楼2单元501室门口".to_owned());
        let receipt = receipt(&server, submit(&server, &resident, report).await);
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        let visitor = server.anonymous();
        let secrets = [
            "13912345678",
            "13812345678",
            "371302199001011234",
            "鲁Q8K123",
            "6222021234567890128",
            "501室",
            "13853900001",
        ];
        let paths = [
            format!("/api/v1/public/cases/{receipt}"),
            "/api/v1/public/cases".to_owned(),
            "/api/v1/public/map?latitude=35.1047&longitude=118.3564".to_owned(),
        ];
        for released in [false, true] {
            if released {
                release_all(&moderator, &receipt).await;
            }
            for path in &paths {
                let body = String::from_utf8(visitor.get(path).await.expect(200).body).unwrap();
                assert!(body.contains(&receipt), "{path}");
                for secret in secrets {
                    assert!(!body.contains(secret), "{path} tells {secret}: {body}");
                }
                assert!(!body.contains(&resident.id()), "{path} tells who reported");
            }
        }
        let seen = moderator
            .get(&format!("/api/v1/staff/moderation/{receipt}"))
            .await
            .expect(200)
            .value();
        let original = seen["report"]["text"]["text"].as_str().unwrap();
        assert!(
            original.contains("13812345678"),
            "the requester's own words stay as they were"
        );
    });
}

#[test]
fn a_photo_is_shown_after_release_blurred_and_hidden_again_when_refused() {
    on_both(async |server: TestServer| {
        let bytes = sample("linyi.jpg");
        let resident = server.citizen("13853900001").await;
        let mut report = lamp();
        report.photos = vec![hash(&bytes)];
        let id = submit(&server, &resident, report).await;
        let receipt = receipt(&server, id);
        upload(&resident, bytes).await;

        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        let path = format!("/api/v1/staff/moderation/{receipt}");
        let seen = moderator.get(&path).await.expect(200).value();
        let photo = seen["photos"][0].clone();
        assert_eq!(photo["state"], "pending");
        let shown = moderator.get(photo["display"].as_str().unwrap()).await.expect(200);
        let visitor = server.anonymous();
        let address = |rendition: &str| format!("/api/v1/public/photos/{}/{rendition}", photo["id"].as_str().unwrap());
        visitor.get(&address("display")).await.problem(ProblemCode::NotFound);

        let decide = async |decision: Value| {
            let body = json!({ "photos": [decision] });
            moderator.post(&path, &body).await.expect(200).value()
        };
        let blur = json!([{ "x": 0.1, "y": 0.1, "width": 0.5, "height": 0.5 }]);
        let done = decide(json!({ "id": photo["id"], "verdict": "release", "blur": blur })).await;
        assert_eq!(done["publication"], "pending", "the words still wait");
        let display = visitor.get(&address("display")).await.expect(200);
        assert_eq!(display.header("content-type"), Some("image/jpeg"));
        assert_eq!(display.header("x-content-type-options"), Some("nosniff"));
        assert!(display.body.starts_with(&[0xFF, 0xD8]) && display.body != shown.body);
        assert!(!display.body.windows(4).any(|part| part == b"Exif"));
        visitor.get(&address("thumbnail")).await.expect(200);
        visitor.get(&address("original")).await.expect(404);
        let case = visitor.get(&format!("/api/v1/public/cases/{receipt}")).await.value();
        assert_eq!(case["photos"][0]["display"], address("display"));

        decide(json!({ "id": photo["id"], "verdict": "refuse" })).await;
        visitor.get(&address("display")).await.problem(ProblemCode::NotFound);
        let wrong = json!({ "photos": [{ "id": photo["id"], "verdict": "release",
            "blur": [{ "x": 2.0, "y": 0.1, "width": 0.5, "height": 0.5 }] }] });
        moderator.post(&path, &wrong).await.problem(ProblemCode::Invalid);
    });
}
