//! Keys are replaced while people work: tokens of the old key stay good until it goes, numbers are sealed anew and stay readable.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::process::Stdio;

use api::{
    access::key_file::{self, KeyKind},
    background::{follow_keys::follow_keys_once, tend_accounts_once},
    database::{StoreError, schema::persons},
    usecases::reseal::count_by_key,
};
use diesel::prelude::*;
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{role::Role, time::Timestamp},
};
use system_tests::{
    authenticator::Authenticator,
    process::{ServerProcess, Setting, program},
    server::{STAFF_PASSWORD, TestActor, TestServer, on_both},
};

/// The key that signed somebody's access token.
fn key_of(actor: &TestActor) -> String {
    jsonwebtoken::decode_header(actor.bearer()).unwrap().kid.unwrap()
}

async fn refreshed(server: &TestServer, actor: &TestActor) -> TestActor {
    let token = actor.tokens.as_ref().unwrap().refresh_token.reveal().to_owned();
    let answer = server
        .anonymous()
        .post("/api/v1/sessions/refresh", &json!({ "refresh_token": token }))
        .await;
    server.signed_in(answer.expect(201).json())
}

#[test]
fn tokens_of_the_old_key_are_good_until_it_is_retired() {
    on_both(async |server: TestServer| {
        let folder = server.services.config.data.clone();
        let before = server.citizen("13853900021").await;
        let id = key_file::announce(&folder, KeyKind::Tokens).unwrap();
        follow_keys_once(&server.services).await.unwrap();
        let meanwhile = server.citizen("13853900022").await;
        assert_eq!(key_of(&before), key_of(&meanwhile), "announced is not in use");

        key_file::put_first(&folder, KeyKind::Tokens, &id).unwrap();
        follow_keys_once(&server.services).await.unwrap();
        before.get("/api/v1/me").await.expect(200);
        let after = refreshed(&server, &before).await;
        assert_eq!(key_of(&after), id);
        after.get("/api/v1/me").await.expect(200);

        assert_eq!(
            key_file::keep_first(&folder, KeyKind::Tokens).unwrap(),
            [key_of(&meanwhile)]
        );
        follow_keys_once(&server.services).await.unwrap();
        meanwhile.get("/api/v1/me").await.problem(ProblemCode::SignInRequired);
        after.get("/api/v1/me").await.expect(200);
        refreshed(&server, &meanwhile).await.get("/api/v1/me").await.expect(200);
    });
}

#[test]
fn everything_sealed_is_sealed_anew_before_the_old_key_goes() {
    on_both(async |server: TestServer| {
        let folder = server.services.config.data.clone();
        let until = asks_for_another_number(&server).await;
        nothing_is_left_of_a_number(&server).await;
        let resident = server.citizen("13853900023").await;
        let masked = resident.get("/api/v1/me").await.value()["phone"].clone();
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let (app, _) = Authenticator::enrol(&clerk, STAFF_PASSWORD).await;
        let id = key_file::announce(&folder, KeyKind::Phones).unwrap();
        key_file::put_first(&folder, KeyKind::Phones, &id).unwrap();
        follow_keys_once(&server.services).await.unwrap();
        let counts = count_by_key(&server.services).await.unwrap();
        assert_eq!(
            counts.keys().collect::<Vec<_>>(),
            [&id],
            "numbers, one that waits, a second factor and a text, all with the new key"
        );
        assert!(counts[&id] >= 5, "{counts:?}");

        key_file::keep_first(&folder, KeyKind::Phones).unwrap();
        follow_keys_once(&server.services).await.unwrap();
        assert_eq!(resident.get("/api/v1/me").await.value()["phone"], masked);
        assert_eq!(
            server.latest_code("13853900023").await.len(),
            6,
            "a waiting text is opened"
        );
        signs_in_with_both_factors(&clerk, &app).await;
        server.citizen("13853900024").await;
        server.clock.set(until);
        assert_eq!(tend_accounts_once(&server.services).await.unwrap(), 1);
        let again = json!({ "phone": NEW, "password": PASSWORD });
        let again = server.anonymous().post("/api/v1/sessions", &again).await.expect(201);
        let own = server.signed_in(again.json()).get("/api/v1/me").await.expect(200);
        assert_eq!(own.value()["phone"], "138****0027", "the waiting number is opened");
    });
}

const OLD: &str = "13853900026";
const NEW: &str = "13853900027";
const PASSWORD: &str = "yimeng-2026";

/// A resident who lost the old number: the new one waits. Answers until when.
async fn asks_for_another_number(server: &TestServer) -> Timestamp {
    let resident = server.citizen(OLD).await;
    let code = async |phone: &str| {
        server.clock.advance_minutes(2);
        let asked = json!({ "phone": phone, "purpose": "change_number" });
        let anonymous = server.anonymous();
        anonymous.post("/api/v1/accounts/codes", &asked).await.expect(202);
        server.latest_code(phone).await
    };
    let password = json!({ "password": PASSWORD, "code": code(OLD).await });
    resident.put("/api/v1/me/password", &password).await.expect(204);
    let change = json!({ "new_phone": NEW, "new_code": code(NEW).await, "password": PASSWORD });
    let waits = resident.put("/api/v1/me/phone", &change).await.expect(200).value();
    serde_json::from_value(waits["waits_until"].clone()).unwrap()
}

/// As after an account was closed.
async fn nothing_is_left_of_a_number(server: &TestServer) {
    let closed: i64 = server.citizen("13853900028").await.id().parse().unwrap();
    server
        .services
        .database
        .writer
        .write(move |transaction| {
            transaction.change(|connection| {
                diesel::update(persons::table.find(closed))
                    .set(persons::phone_cipher.eq(Vec::<u8>::new()))
                    .execute(connection)
            })?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn signs_in_with_both_factors(staff: &TestActor, app: &Authenticator) {
    let own = staff.get("/api/v1/staff/me").await.expect(200).value();
    let password = json!({ "username": own["username"], "password": STAFF_PASSWORD });
    let anonymous = staff.server.anonymous();
    let challenge: Value = anonymous
        .post("/api/v1/staff/sessions", &password)
        .await
        .expect(202)
        .value();
    // The code that enrolled is used.
    let second = json!({ "challenge": challenge["challenge"], "code": app.code(staff, 1) });
    anonymous
        .post("/api/v1/staff/sessions/second-step", &second)
        .await
        .expect(201);
}

/// A sealed column that is not sealed anew would be lost with its key. Their names end in `_cipher`; nothing else but hashes is kept as bytes.
#[test]
fn every_sealed_column_is_among_those_that_are_sealed_anew() {
    let schema = include_str!("../../api/src/database/schema.rs");
    let sealed_anew = include_str!("../../api/src/stores/sealed_store.rs");
    let (mut table, mut sealed) = ("", 0);
    for line in schema.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(" {").and_then(|head| head.split_once(" (")) {
            table = name;
        }
        let Some((column, kind)) = line.split_once(" -> ") else {
            continue;
        };
        if column.ends_with("_cipher") {
            sealed += 1;
            let path = format!("{table}::{column}");
            assert!(
                sealed_anew.contains(&path),
                "{path} is sealed and would be lost with its key"
            );
        } else {
            assert!(
                !kind.contains("Binary") || column.ends_with("hash"),
                "{table}.{column}: bytes that are neither sealed nor a hash"
            );
        }
    }
    assert!(sealed >= 2, "the schema is read");
}

#[test]
fn a_key_file_of_another_installation_is_not_taken_up() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900025").await;
        let other = tempfile::tempdir().unwrap();
        api::access::secrets::Secrets::open(other.path()).unwrap();
        let file = server.services.config.data.join(key_file::KEY_FILE);
        let own = std::fs::read(&file).unwrap();
        std::fs::copy(other.path().join(key_file::KEY_FILE), &file).unwrap();
        assert!(follow_keys_once(&server.services).await.is_err());
        resident.get("/api/v1/me").await.expect(200);
        std::fs::write(&file, own).unwrap();
        follow_keys_once(&server.services).await.unwrap();
        resident.get("/api/v1/me").await.expect(200);
    });
}

/// As the operator does it, beside a program that goes on answering.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_replaces_a_key_of_a_server_that_works() {
    let folder = tempfile::tempdir().unwrap();
    let setting = Setting::new(folder.path()).unwrap().with("SHOUFA_LOG", "warn");
    let shoufa = |arguments: &[&str]| {
        let mut command = program().unwrap();
        command.env_remove("DATABASE_URL").env("SHOUFA_DATA", folder.path());
        let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), said)
    };
    let server = ServerProcess::start(&setting).await.unwrap();
    let (done, told) = tokio::task::block_in_place(|| shoufa(&["keys", "rotate", "tokens", "--wait-seconds", "4"]));
    assert!(done && told.contains("t2 is in use"), "{told}");
    let (done, told) = tokio::task::block_in_place(|| shoufa(&["keys", "retire", "tokens"]));
    assert!(!done && told.contains("try again in"), "{told}");
    let (done, told) = tokio::task::block_in_place(|| shoufa(&["keys", "status"]));
    assert!(done && told.contains("tokens: t2, t1"), "{told}");
    let ready = reqwest::get(format!("{}/readyz", server.base())).await.unwrap();
    assert!(ready.status().is_success());
}
