//! Merging a case.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, MergeCaseRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::merge as usecase,
};

/// Puts a case under another of the same matter; its requester keeps receipt, reply and rating
#[utoipa::path(tag = "staff cases", operation_id = "merge_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Merged", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/merge")]
pub(crate) async fn merge_case(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<MergeCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let primary = case_of(&services, &request.primary)?;
    let outcome = usecase::merge_case(
        &services,
        &Actor::Staff(staff.0),
        &context,
        case,
        primary,
        &request.reason,
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
