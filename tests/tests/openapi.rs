//! What is served is what is documented: the committed file, the served one and the routes are one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::collections::BTreeSet;

use api::{routes::openapi, server::NO_SUCH_PATH};
use reqwest::Method;
use serde_json::Value;
use system_tests::{
    operations::{Open, TABLE},
    server::{TestServer, on_both_with, on_sqlite_with},
};

fn operations() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&openapi::document_text().unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    assert!(found.len() > 20);
    found
}

#[test]
fn the_committed_file_is_the_served_one() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let served = server.anonymous().get("/api/v1/openapi.json").await.expect(200);
            let committed = include_str!("../../docs/openapi.json");
            assert!(
                String::from_utf8(served.body).unwrap() == committed,
                "docs/openapi.json is not what is served: cargo run -q -p api -- openapi > docs/openapi.json"
            );
            let document: Value = serde_json::from_str(committed).unwrap();
            assert_eq!(document["info"]["title"], "Shoufa");
            assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        },
    );
}

#[test]
fn every_type_that_is_named_is_described() {
    fn names(part: &Value, found: &mut BTreeSet<String>) {
        match part {
            Value::Object(fields) => {
                let name = fields.get("$ref").and_then(Value::as_str);
                found.extend(name.map(|name| name.replace("#/components/schemas/", "")));
                fields.values().for_each(|field| names(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| names(item, found)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(&openapi::document_text().unwrap()).unwrap();
    let mut named = BTreeSet::new();
    names(&document, &mut named);
    let described = document["components"]["schemas"].as_object().unwrap();
    let missing: Vec<_> = named.iter().filter(|name| !described.contains_key(*name)).collect();
    assert!(missing.is_empty() && named.len() > 50, "{missing:?}");
}

#[test]
fn every_documented_operation_is_served() {
    on_both_with(
        |_| {},
        async |server: TestServer| {
            for (method, path, _) in operations() {
                let path = path.replace(['{', '}'], "");
                let method: Method = method.parse().unwrap();
                let answer = server.anonymous().send(method.clone(), &path, &[], None).await;
                let unknown = String::from_utf8_lossy(&answer.body).contains(NO_SUCH_PATH);
                assert!(
                    !unknown && !matches!(answer.status, 405 | 500),
                    "{method} {path}: {answer:?}"
                );
            }
        },
    );
}

#[test]
fn each_operation_has_its_own_id_says_who_may_call_and_documents_its_problems() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let place = format!("{method} {path}");
        let id = operation["operationId"].as_str().expect(&place).to_owned();
        assert!(ids.insert(id.clone()), "{id} is there twice");
        assert!(operation["summary"].is_string(), "{place} has no summary");
        assert!(
            operation["responses"]["default"]["content"]["application/problem+json"].is_object(),
            "{place}"
        );
        let security = operation["security"]
            .as_array()
            .unwrap_or_else(|| panic!("{place} names no security"));
        let open = security.iter().any(|scheme| scheme.as_object().unwrap().is_empty());
        assert!(
            security
                .iter()
                .all(|scheme| scheme.as_object().unwrap().is_empty() || scheme.get("bearer").is_some()),
            "{place}"
        );
        let listed = TABLE.iter().find(|row| row.0 == method && row.1 == path);
        let listed = listed.unwrap_or_else(|| panic!("{place} is not in the table of operations"));
        assert_eq!(open, listed.2 == Open::ToAll, "{place}: open without sign-in");
    }
}
