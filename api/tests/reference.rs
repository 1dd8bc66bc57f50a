//! The city's reference data over HTTP: open to everybody, kept by clients, never stale.
#![allow(clippy::unwrap_used, reason = "what starts the server for these tests fails loudly")]

use std::sync::Arc;

use actix_web::{
    body::{MessageBody, to_bytes},
    http::{StatusCode, header},
    test::{TestRequest, call_service, init_service},
};
use api::{city::CityKind, clock::HandClock, config::Config, server, services::Services};
use serde_json::Value;
use shared::domain::time::Timestamp;

/// 23 November 2026, 10:00 in the city.
const MONDAY: Timestamp = Timestamp(1_795_399_200_000_000);

struct Answered {
    status: StatusCode,
    headers: header::HeaderMap,
    body: Value,
}

impl Answered {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A city of its own, on a Monday morning.
async fn services(folder: &std::path::Path) -> Arc<Services> {
    let config = Config {
        data: folder.to_owned(),
        ..Config::default()
    };
    Arc::new(Services::start(config, Arc::new(HandClock::at(MONDAY))).await.unwrap())
}

async fn ask(services: &Arc<Services>, path: &str, tag: Option<&str>) -> Answered {
    let app = init_service(server::build(services)).await;
    let mut request = TestRequest::get().uri(path);
    if let Some(tag) = tag {
        request = request.insert_header((header::IF_NONE_MATCH, tag));
    }
    let response = call_service(&app, request.to_request()).await;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body().boxed()).await.unwrap();
    Answered {
        status,
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}

#[actix_web::test]
async fn everybody_may_read_it_and_may_keep_it_until_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let services = services(folder.path()).await;
    for path in [
        "/api/v1/categories",
        "/api/v1/emergency-numbers",
        "/api/v1/regions",
        "/api/v1/regions?parent=371323",
        "/api/v1/regions/371323",
        "/api/v1/units?region=371323",
        "/api/v1/units/371323.housing",
        "/api/v1/knowledge/fund-withdrawal",
        "/api/v1/outlines",
    ] {
        let first = ask(&services, path, None).await;
        assert_eq!(first.status, StatusCode::OK, "{path}: {}", first.body);
        assert_eq!(first.header(header::CACHE_CONTROL), "public, max-age=300", "{path}");
        let tag = first.header(header::ETAG).to_owned();
        let again = ask(&services, path, Some(&tag)).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(again.header(header::ETAG), tag);
        let weak = ask(&services, path, Some(&format!("\"other\", W/{tag}"))).await;
        assert_eq!(weak.status, StatusCode::NOT_MODIFIED, "{path}");
        let other = ask(&services, path, Some("\"other\"")).await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
    }
}

#[actix_web::test]
async fn where_somebody_is_and_what_somebody_asks_is_kept_by_nobody_in_between() {
    let folder = tempfile::tempdir().unwrap();
    let services = services(folder.path()).await;
    for path in [
        "/api/v1/regions/near?latitude=35.7712&longitude=118.6405&datum=wgs84",
        "/api/v1/regions/search?q=%E7%BD%97%E5%AE%B6%E5%BA%84",
        "/api/v1/knowledge?q=%E5%85%AC%E7%A7%AF%E9%87%91",
    ] {
        let answered = ask(&services, path, None).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.body);
        assert_eq!(answered.header(header::CACHE_CONTROL), "private, max-age=300", "{path}");
    }
    let near = ask(
        &services,
        "/api/v1/regions/near?latitude=35.7712&longitude=118.6405",
        None,
    )
    .await;
    assert_eq!(near.body["county"]["name"], "沂水县");
    let beijing = ask(&services, "/api/v1/regions/near?latitude=39.9&longitude=116.4", None).await;
    assert_eq!(beijing.body["in_city"], false);
}

#[actix_web::test]
async fn what_is_asked_wrongly_is_told_in_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let services = services(folder.path()).await;
    for (path, status, code) in [
        (
            "/api/v1/regions/near?latitude=95&longitude=118",
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
        ),
        (
            "/api/v1/regions/near?latitude=NaN&longitude=118",
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
        ),
        ("/api/v1/regions/near?latitude=35", StatusCode::BAD_REQUEST, "malformed"),
        (
            "/api/v1/regions/near?latitude=35&longitude=118&datum=bd09",
            StatusCode::BAD_REQUEST,
            "malformed",
        ),
        ("/api/v1/regions/search?q=", StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        ("/api/v1/regions?parent=999999", StatusCode::NOT_FOUND, "not_found"),
        ("/api/v1/units/371323.nobody", StatusCode::NOT_FOUND, "not_found"),
        ("/api/v1/knowledge/nothing", StatusCode::NOT_FOUND, "not_found"),
        ("/api/v1/regions?page=2", StatusCode::BAD_REQUEST, "malformed"),
    ] {
        let answered = ask(&services, path, None).await;
        assert_eq!(answered.status, status, "{path}: {}", answered.body);
        assert_eq!(answered.body["code"], code, "{path}");
        assert_eq!(answered.header(header::CACHE_CONTROL), "no-store", "{path}");
    }
}

#[actix_web::test]
async fn a_map_gets_the_outlines_with_the_review_number_that_must_stand_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let services = services(folder.path()).await;
    let outlines = ask(&services, "/api/v1/outlines", None).await;
    assert_eq!(outlines.header(header::CONTENT_TYPE), "application/geo+json");
    assert_eq!(outlines.body["about"]["map_review_number"], "GS(2024)0650");
    assert_eq!(outlines.body["features"].as_array().unwrap().len(), 12);
    let categories = ask(&services, "/api/v1/categories", None).await;
    assert_eq!(
        categories.body["version"],
        services.city().version(CityKind::Categories)
    );
}
