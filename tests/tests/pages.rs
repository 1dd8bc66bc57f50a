//! The pages over HTTP: which address gives what, how it is kept and packed, and what never comes out. The files are the test's
//! own, so that it needs no built client.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::{fs, path::Path};

use reqwest::Method;
use serde_json::json;
use system_tests::server::{TestActor, TestAnswer, TestServer, on_sqlite_with};
use town::Town;

const PAGE: &str = "<!doctype html><html><head><title>12345·首发</title></head><body></body></html>";
const BROWSER: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

/// A client as a build leaves it: raw, and packed beside it.
fn built(root: &Path) {
    for (name, bytes) in [
        ("index.html", PAGE),
        ("sw.js", "self"),
        ("manifest.webmanifest", "{}"),
        ("assets/app-1a2b.js", "raw"),
        ("assets/app-1a2b.js.br", "br"),
        ("assets/app-1a2b.js.gz", "gz"),
        ("staff/index.html", "<!doctype html><title>工作台</title>"),
        ("staff/assets/desk-3c4d.css", "a{}"),
    ] {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn with_pages(promise: impl AsyncFn(TestServer)) {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    on_sqlite_with(
        |config| config.server.web_root = Some(folder.path().to_path_buf()),
        promise,
    );
}

async fn get(visitor: &TestActor, path: &str, headers: &[(&str, &str)]) -> TestAnswer {
    visitor.send(Method::GET, path, headers, None).await
}

#[test]
fn every_address_of_a_screen_gives_the_page_and_a_missing_file_is_not_found() {
    with_pages(async |server: TestServer| {
        let visitor = server.anonymous();
        for path in ["/", "/report", "/cases/LY-0000/rating", "/nearby?view=map"] {
            let shown = get(&visitor, path, &[BROWSER]).await.expect(200);
            assert_eq!(shown.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
            assert!(shown.body.starts_with(b"<!doctype html>"), "{path}");
            assert_eq!(
                shown.header("cache-control"),
                Some("no-cache"),
                "a new release is seen at once"
            );
        }
        for path in ["/staff", "/staff/", "/staff/queues/handling"] {
            let shown = get(&visitor, path, &[BROWSER]).await.expect(200);
            assert!(String::from_utf8_lossy(&shown.body).contains("工作台"), "{path}");
        }
        for path in [
            "/assets/app-0000.js",
            "/assets/nothing",
            "/staff/assets/app-1a2b.js",
            "/favicon.ico",
        ] {
            let refused = get(&visitor, path, &[BROWSER]).await.expect(404);
            assert_ne!(
                refused.header("content-type"),
                Some("text/html; charset=utf-8"),
                "{path}"
            );
        }
    });
}

#[test]
fn what_is_no_page_stays_what_it_was() {
    with_pages(async |server: TestServer| {
        let visitor = server.anonymous();
        for path in ["/api/v1/nothing", "/api", "/metrics"] {
            let refused = get(&visitor, path, &[BROWSER]).await.expect(404);
            assert_eq!(refused.value()["code"], "not_found", "{path}");
        }
        let program = get(&visitor, "/reports", &[("Accept", "application/json")]).await;
        assert_eq!(
            program.expect(404).value()["code"],
            "not_found",
            "a program mistyped an address"
        );
        let posted = visitor.send(Method::POST, "/report", &[BROWSER], Some(json!({}))).await;
        assert_eq!(posted.expect(404).value()["code"], "not_found");
        get(&visitor, "/docs/", &[BROWSER]).await.expect(200);
        get(&visitor, "/healthz", &[]).await.expect(204);
    });
}

#[test]
fn files_named_by_content_are_kept_for_ever_and_come_packed_as_the_browser_takes_them() {
    with_pages(async |server: TestServer| {
        let visitor = server.anonymous();
        let path = "/assets/app-1a2b.js";
        for (accepted, encoding, bytes) in [
            ("gzip, deflate, br", Some("br"), "br"),
            ("gzip;q=0.8, br;q=0", Some("gzip"), "gz"),
            ("identity", None, "raw"),
        ] {
            let given = get(&visitor, path, &[("Accept-Encoding", accepted)]).await.expect(200);
            assert_eq!(given.header("content-encoding"), encoding, "{accepted}");
            assert_eq!(given.body, bytes.as_bytes(), "{accepted}");
            assert_eq!(
                given.header("cache-control"),
                Some("public, max-age=31536000, immutable")
            );
            assert_eq!(given.header("vary"), Some("Accept-Encoding"));
            let mark = given.header("etag").unwrap().to_owned();
            let headers = [("Accept-Encoding", accepted), ("If-None-Match", mark.as_str())];
            assert!(get(&visitor, path, &headers).await.expect(304).body.is_empty());
        }
    });
}

#[test]
fn pages_and_their_worker_load_nothing_from_anywhere_else_and_run_nothing_inline() {
    with_pages(async |server: TestServer| {
        let visitor = server.anonymous();
        for path in ["/", "/sw.js", "/assets/app-1a2b.js", "/staff/"] {
            let given = get(&visitor, path, &[BROWSER]).await.expect(200);
            let policy = given.header("content-security-policy").unwrap();
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
                "{path}"
            );
            assert!(
                !policy.contains("unsafe") && !policy.contains("http"),
                "{path}: {policy}"
            );
            assert_eq!(given.header("x-content-type-options"), Some("nosniff"));
        }
        let manifest = get(&visitor, "/manifest.webmanifest", &[]).await.expect(200);
        assert_eq!(manifest.header("content-type"), Some("application/manifest+json"));
    });
}

#[test]
fn a_public_case_brings_its_card_and_what_is_not_public_nothing() {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    on_sqlite_with(
        |config| config.server.web_root = Some(folder.path().to_path_buf()),
        async |server: TestServer| {
            let town = Town::found(&server).await;
            let visitor = server.anonymous();
            for (visibility, told) in [("public", true), ("private", false)] {
                let receipt = town.accepted(visibility).await;
                let shown = get(&visitor, &format!("/cases/{receipt}"), &[BROWSER])
                    .await
                    .expect(200);
                let page = String::from_utf8_lossy(&shown.body).into_owned();
                assert_eq!(page.contains("og:title"), told, "{page}");
                assert_eq!(page.contains("待派单"), told, "{page}");
            }
        },
    );
}

#[test]
fn without_a_built_client_the_page_says_how_to_build_one_and_the_api_answers() {
    let empty = tempfile::tempdir().unwrap();
    on_sqlite_with(
        |config| config.server.web_root = Some(empty.path().to_path_buf()),
        async |server: TestServer| {
            let visitor = server.anonymous();
            let shown = get(&visitor, "/", &[BROWSER]).await.expect(503);
            assert!(String::from_utf8_lossy(&shown.body).contains("npm run build"));
            visitor.get("/api/v1/public/counts").await.expect(200);
        },
    );
}
