//! The OpenAPI document, made from the route table.

use actix_web::{HttpResponse, get};
use shared::contract::problem::ProblemView;
use utoipa::{
    OpenApi,
    openapi::{
        Content, InfoBuilder, Ref, ResponseBuilder,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{Operations, answer::Answer, headers};

/// Name of the security scheme.
const BEARER: &str = "bearer";

/// The whole document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Operations::openapi();
    document.info = InfoBuilder::new()
        .title("Shoufa")
        .version("1")
        .description(Some(
            "A 12345 city service: residents report, units handle, everybody sees. Every refusal is an RFC 9457 problem; \
             ids are strings; instants are RFC 3339; lists go on from a cursor.",
        ))
        .build();
    let components = document.components.get_or_insert_default();
    components.security_schemes.insert(
        BEARER.to_owned(),
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT")
                .build(),
        )
        .into(),
    );
    let problem = ResponseBuilder::new()
        .description("Why it was not done")
        .content(
            "application/problem+json",
            Content::new(Some(Ref::from_schema_name(<ProblemView as utoipa::ToSchema>::name()))),
        )
        .build();
    let components = components.clone();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations_mut(item) {
            headers::declare(method, path, operation, &components);
            operation
                .responses
                .responses
                .insert("default".to_owned(), problem.clone().into());
        }
    }
    document
}

fn operations_mut(item: &mut utoipa::openapi::PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
        ("PATCH", &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The document as it is served and committed.
///
/// # Errors
/// When the document cannot be written as JSON.
pub fn document_text() -> Result<String, serde_json::Error> {
    document().to_pretty_json().map(|text| text + "\n")
}

/// Methods and path templates of all operations, such as `GET` and `/api/v1/me`.
#[must_use]
pub fn operations() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (path, item) in document().paths.paths {
        for (method, operation) in [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
        ] {
            if operation.is_some() {
                found.push((method, path.clone()));
            }
        }
    }
    found
}

/// The OpenAPI document of this server
#[utoipa::path(tag = "about", operation_id = "show_document", security(()),
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
#[get("/api/v1/openapi.json")]
pub(crate) async fn show_document() -> Answer {
    let text = document_text().map_err(crate::errors::Failure::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("Cache-Control", "public, max-age=300"))
        .body(text))
}
