//! Following a public case.

use actix_web::{put, web};

use crate::{
    access::{RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given, done},
        receipts::case_of,
    },
    usecases::cases::follow::follow_case,
};

/// Follows a public case: its news come into the inbox
#[utoipa::path(tag = "cases", operation_id = "follow_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 204, description = "Followed")))]
#[put("/api/v1/cases/{receipt_no}/follow")]
pub(crate) async fn follow(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    follow_case(&services, resident.0, &context, case).await?;
    done()
}
