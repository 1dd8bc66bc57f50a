//! `/docs`: the document to read and to try in a browser. Swagger UI (Apache-2.0) comes within the binary.

use std::sync::{Arc, LazyLock};

use actix_web::{HttpResponse, get, web};
use shared::contract::problem::ProblemCode;
use utoipa_swagger_ui::Config;

use super::answer::Answer;
use crate::errors::Failure;

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // The token stays with the page as long as it is open, and nowhere else.
    Arc::new(
        Config::from("/api/v1/openapi.json")
            .try_it_out_enabled(true)
            .display_request_duration(true)
            .filter(true)
            .doc_expansion("none"),
    )
});

/// Adds the page. It is no operation of the API.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(show_docs).service(web::redirect("/docs", "/docs/"));
}

#[get("/docs/{file:.*}")]
async fn show_docs(file: web::Path<String>) -> Answer {
    let found = utoipa_swagger_ui::serve(&file, Arc::clone(&CONFIG)).map_err(Failure::internal)?;
    let file = found.ok_or(ProblemCode::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header(("Cache-Control", "public, max-age=300"))
        .body(file.bytes.into_owned()))
}
