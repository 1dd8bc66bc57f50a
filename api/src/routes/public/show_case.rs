//! Looking at one public case.

use actix_web::{HttpRequest, get, web};
use shared::contract::public_case::PublicCaseView;

use super::kept;
use crate::{
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
    },
    views::public::public_case,
};

/// One public case
///
/// The facts at once; words and photos as a moderator released them; never the requester. What is not public is not found.
#[utoipa::path(tag = "public", operation_id = "show_public_case", security(()),
    params(("receipt_no" = String, Path, description = "The receipt number, as people type it")),
    responses((status = 200, description = "The case", body = PublicCaseView)))]
#[get("/api/v1/public/cases/{receipt_no}")]
pub(crate) async fn show_public_case(services: Given, request: HttpRequest, receipt: web::Path<String>) -> Answer {
    let id = case_of(&services, &receipt)?;
    kept(&request, &public_case(&services, id).await?)
}
