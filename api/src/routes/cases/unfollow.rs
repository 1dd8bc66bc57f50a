//! Stopping to follow a case.

use actix_web::{delete, web};

use crate::{
    access::{RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given, done},
        receipts::case_of,
    },
    usecases::cases::follow::unfollow_case,
};

/// Stops following a case
#[utoipa::path(tag = "cases", operation_id = "unfollow_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 204, description = "Not followed any more")))]
#[delete("/api/v1/cases/{receipt_no}/follow")]
pub(crate) async fn unfollow(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    unfollow_case(&services, resident.0, &context, case).await?;
    done()
}
