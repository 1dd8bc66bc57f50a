//! What a report would come to.

use actix_web::{post, web};
use shared::contract::case::{CasePreviewView, PreviewCaseRequest};

use super::parse::draft;
use crate::{
    routes::answer::{Answer, Given, ok},
    views::cases::preview_case,
};

/// What a report would come to, before it is sent
///
/// Kind and categories suggested from the words, who will probably handle it and until when, questions to answer, whom to
/// call in danger, and public cases that may be the same matter. Nothing is kept. No sign-in needed.
#[utoipa::path(tag = "cases", operation_id = "preview_case", security(()),
    responses((status = 200, description = "What it would come to", body = CasePreviewView)))]
#[post("/api/v1/cases/preview")]
pub(crate) async fn preview(services: Given, request: web::Json<PreviewCaseRequest>) -> Answer {
    ok(preview_case(&services, draft(&request)?).await?)
}
