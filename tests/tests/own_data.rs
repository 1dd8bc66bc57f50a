//! A resident takes everything along as a file, and closes the account: what tells who the person is goes, the matter's record
//! stays.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::io::{Cursor, Read};

use api::{
    background::{make_exports_once, tend_accounts_once, tidy_exports_once},
    database::{StoreError, schema},
};
use diesel::prelude::*;
use serde_json::{Value, json};
use shared::contract::problem::ProblemCode;
use system_tests::{
    samples::sample,
    server::{TestActor, TestServer, on_both},
};
use town::Town;

const PHONE: &str = "13853900021";
const EXPORTS: &str = "/api/v1/me/exports";
const CLOSING: &str = "/api/v1/me/closing";

async fn code(server: &TestServer, purpose: &str) -> String {
    server.clock.advance_minutes(2);
    let asked = json!({ "phone": PHONE, "purpose": purpose });
    server
        .anonymous()
        .post("/api/v1/accounts/codes", &asked)
        .await
        .expect(202);
    server.latest_code(PHONE).await
}

/// The files of a ZIP by name.
fn unpacked(bytes: Vec<u8>) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

async fn proven(server: &TestServer, resident: &TestActor) {
    let code = code(server, "prove_owner").await;
    resident
        .post("/api/v1/me/proofs", &json!({ "code": code }))
        .await
        .expect(201);
}

#[test]
fn everything_about_oneself_comes_in_one_file_after_a_proof() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("private").await;
        let jpeg = [("Content-Type", "image/jpeg")];
        let photo = town
            .resident
            .post_body("/api/v1/photos", &jpeg, sample("linyi.jpg"))
            .await
            .unwrap();
        let photo = photo.expect(201).value();
        let key = "export-1";
        let asked = town
            .resident
            .post_once(EXPORTS, key, &json!({}))
            .await
            .expect(202)
            .value();
        assert_eq!((&asked["state"], &asked["percent"]), (&json!("waiting"), &json!(0)));
        let again = town
            .resident
            .post_once(EXPORTS, key, &json!({}))
            .await
            .expect(202)
            .value();
        assert_eq!(again["id"], asked["id"]);
        let second = town.resident.post(EXPORTS, &json!({})).await.expect(409);
        second.problem(ProblemCode::ActionNotAllowed);
        let path = format!("{EXPORTS}/{}", asked["id"].as_str().unwrap());
        let file = format!("{path}/file");
        town.resident.get(&file).await.expect(404);

        assert_eq!(make_exports_once(&server.services).await.unwrap(), 1);
        let ready = town.resident.get(&path).await.expect(200).value();
        assert_eq!((&ready["state"], &ready["percent"]), (&json!("ready"), &json!(100)));
        town.neighbour.get(&path).await.expect(404);
        town.resident
            .get(&file)
            .await
            .expect(403)
            .problem(ProblemCode::ProofRequired);
        proven(&server, &town.resident).await;
        town.neighbour.get(&file).await.expect(404);
        let answer = town.resident.get(&file).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("application/zip"));
        assert_eq!(ready["bytes"].as_u64(), u64::try_from(answer.body.len()).ok());
        let files = unpacked(answer.body);
        let account: Value = serde_json::from_slice(&files["account.json"]).unwrap();
        assert_eq!(account["phone"], PHONE);
        let case: Value = serde_json::from_slice(&files[&format!("cases/{receipt}.json")]).unwrap();
        assert!(case["text"].as_str().unwrap().contains("健康路东段的路灯有五盏不亮"));
        let name = format!("photos/{}.jpeg", photo["id"].as_str().unwrap());
        assert!(image_begins(&files[&name]), "the original is a picture");
        assert!(files.contains_key("说明.txt"));
    });
}

fn image_begins(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xD8])
}

#[test]
fn a_proof_and_an_export_do_not_last() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let asked = resident.post(EXPORTS, &json!({})).await.expect(202).value();
        make_exports_once(&server.services).await.unwrap();
        let path = format!("{EXPORTS}/{}", asked["id"].as_str().unwrap());
        let file = format!("{path}/file");
        proven(&server, &resident).await;
        resident.get(&file).await.expect(200);
        server.clock.advance_minutes(11);
        resident
            .get(&file)
            .await
            .expect(403)
            .problem(ProblemCode::ProofRequired);
        assert_eq!(tidy_exports_once(&server.services).await.unwrap(), 0);
        let folder = server.services.config.data.join("exports");
        std::fs::write(folder.join("export-Xq3vTz"), "half an archive").unwrap();
        assert_eq!(
            tidy_exports_once(&server.services).await.unwrap(),
            1,
            "what a process left that died"
        );
        resident.get(&path).await.expect(200);
        server.clock.advance_minutes(7 * 24 * 60);
        assert_eq!(tidy_exports_once(&server.services).await.unwrap(), 1);
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    });
}

async fn count(
    server: &TestServer,
    read: impl Fn(&mut api::database::DbConnection) -> QueryResult<i64> + Send + 'static,
) -> i64 {
    server
        .services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(read(connection)?))
        .await
        .unwrap()
}

async fn close(server: &TestServer, resident: &TestActor, withdraw: bool) {
    let wrong = json!({ "code": "000000" });
    resident
        .post(CLOSING, &wrong)
        .await
        .expect(401)
        .problem(ProblemCode::SignInFailed);
    let body = json!({ "code": code(server, "close_account").await, "withdraw_cases": withdraw });
    resident.post(CLOSING, &body).await.expect(202);
    resident.get("/api/v1/me").await.expect(401);
    assert!(server.texts_to(PHONE).await[0].contains("7 天后生效"));
}

#[test]
fn a_closed_account_leaves_the_record_of_the_matter_and_nothing_of_the_person() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("public").await;
        let other = town.submitted("private").await;
        let id: i64 = town.resident.id().parse().unwrap();
        town.resident.post(EXPORTS, &json!({})).await.expect(202);
        make_exports_once(&server.services).await.unwrap();
        let asked = json!({ "kind": "delete", "text": "请删除我的全部照片。" });
        town.resident
            .post("/api/v1/me/rights-requests", &asked)
            .await
            .expect(201);
        let preview = town.resident.get(CLOSING).await.expect(200).value();
        assert_eq!((&preview["open_cases"], &preview["grace_days"]), (&json!(2), &json!(7)));
        close(&server, &town.resident, false).await;
        assert_eq!(tend_accounts_once(&server.services).await.unwrap(), 0);
        server.clock.advance_minutes(7 * 24 * 60);
        assert_eq!(tend_accounts_once(&server.services).await.unwrap(), 1);

        macro_rules! none_left {
            ($($table:ident by $column:ident),+ $(,)?) => {
                $(let of_person = count(&server, move |c| {
                    let rows = schema::$table::table.filter(schema::$table::$column.eq(id));
                    rows.count().get_result(c)
                });
                assert_eq!(of_person.await, 0, stringify!($table));)+
            };
        }
        none_left!(
            cases by requester_id, exports by person_id, idempotency_keys by actor_id, notices by recipient_id,
            rights_requests by person_id, sessions by account_id,
        );
        let agreed = count(&server, move |c| {
            let standing = schema::consents::person_id
                .eq(id)
                .and(schema::consents::withdrawn_at.is_null());
            schema::consents::table.filter(standing).count().get_result(c)
        });
        assert_eq!(agreed.await, 0, "consents in force");
        assert_eq!(
            tidy_exports_once(&server.services).await.unwrap(),
            1,
            "the file goes with the account"
        );
        let kept = count(&server, move |c| schema::cases::table.count().get_result(c)).await;
        assert_eq!(kept, 2, "the record of the matter stays");
        let told = count(&server, move |c| {
            let closed = schema::audit_records::action
                .eq("account.close")
                .and(schema::audit_records::object_id.eq(id));
            schema::audit_records::table.filter(closed).count().get_result(c)
        })
        .await;
        assert_eq!(told, 1, "the trail keeps the act");
        let clerk = server.staff(shared::domain::role::Role::Clerk, town::HOTLINE).await;
        let shown = clerk.get(&format!("/api/v1/staff/cases/{other}")).await.expect(200);
        assert!(!String::from_utf8_lossy(&shown.body).contains("138****0021"));
        server
            .anonymous()
            .get(&format!("/api/v1/public/cases/{receipt}"))
            .await
            .expect(200);
        // The number is free: a new account begins empty.
        server.clock.advance_minutes(2);
        let anew = server.citizen(PHONE).await;
        assert_ne!(anew.id(), id.to_string());
        assert_eq!(
            anew.get("/api/v1/me/cases").await.expect(200).value()["items"],
            json!([])
        );
    });
}

#[test]
fn who_signs_in_again_keeps_the_account() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        close(&server, &resident, false).await;
        server.clock.advance_minutes(6 * 24 * 60);
        let back = server.citizen(PHONE).await;
        assert_eq!(back.id(), resident.id());
        server.clock.advance_minutes(2 * 24 * 60);
        assert_eq!(tend_accounts_once(&server.services).await.unwrap(), 0);
        let again = server.citizen(PHONE).await;
        let inbox = again.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["title"], "注销已取消");
    });
}

#[test]
fn open_cases_are_withdrawn_first_where_the_person_wants_it() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        town.submitted("private").await;
        close(&server, &town.resident, true).await;
        server.clock.advance_minutes(7 * 24 * 60);
        tend_accounts_once(&server.services).await.unwrap();
        let withdrawn = count(&server, move |c| {
            schema::cases::table
                .filter(schema::cases::state.eq("withdrawn"))
                .count()
                .get_result(c)
        })
        .await;
        assert_eq!(withdrawn, 1);
    });
}
