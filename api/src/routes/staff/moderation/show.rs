//! One case before a moderator.

use actix_web::{get, web};
use shared::contract::moderation::ModerationView;

use crate::{
    access::{Actor, extractor::Staff},
    routes::{
        answer::{Answer, Given, versioned},
        receipts::case_of,
    },
    views::staff::moderation::case_to_moderate,
};

/// Everything of a case that may become public, with proposed masks
#[utoipa::path(tag = "moderation", operation_id = "show_case_to_moderate", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The receipt number")),
    responses((status = 200, description = "The originals, what the patterns propose, what was decided", body = ModerationView)))]
#[get("/api/v1/staff/moderation/{receipt_no}")]
pub(crate) async fn show_to_moderate(services: Given, staff: Staff, receipt: web::Path<String>) -> Answer {
    let id = case_of(&services, &receipt)?;
    let view = case_to_moderate(&services, &Actor::Staff(staff.0), id).await?;
    versioned(view.version, view)
}
