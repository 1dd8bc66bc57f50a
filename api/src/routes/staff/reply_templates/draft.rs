//! A draft for a case.

use actix_web::{get, web};
use shared::contract::reply_template::{ReplyDraftQuery, ReplyDraftView};

use crate::{
    access::extractor::Staff,
    routes::{
        answer::{Answer, Given, ok},
        receipts::case_of,
    },
    views::staff::reply_templates as view,
};

/// The words that a template gives for a case; nothing is sent or kept
#[utoipa::path(tag = "reply templates", operation_id = "draft_reply", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number"), ReplyDraftQuery),
    responses((status = 200, description = "The draft", body = ReplyDraftView)))]
#[get("/api/v1/staff/cases/{receipt_no}/reply-draft")]
pub(crate) async fn draft_reply(
    services: Given,
    staff: Staff,
    receipt_no: web::Path<String>,
    query: web::Query<ReplyDraftQuery>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    ok(view::draft(&services, &staff.0, case, query.template.0).await?)
}
