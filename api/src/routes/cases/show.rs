//! Looking at one case.

use actix_web::{get, web};
use shared::contract::case::CaseView;

use crate::{
    access::extractor::SignedIn,
    routes::{
        answer::{Answer, Given, ok, versioned},
        receipts::case_of,
    },
    views::cases::show_case,
};

/// One case: all of an own one, the public face of another
///
/// `face` says which. An own case comes with its timeline, replies, photos and what can be done now; `ETag` is its version.
/// What is neither own nor public is not found.
#[utoipa::path(tag = "cases", operation_id = "show_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The receipt number, as people type it")),
    responses((status = 200, description = "The case", body = CaseView)))]
#[get("/api/v1/cases/{receipt_no}")]
pub(crate) async fn show(services: Given, caller: SignedIn, receipt_no: web::Path<String>) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let shown = show_case(&services, &caller.0, case).await?;
    match shown.version {
        Some(version) => versioned(version, shown.view),
        None => ok(shown.view),
    }
}
