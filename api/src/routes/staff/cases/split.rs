//! Splitting a case off.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, ReasonRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::merge as usecase,
};

/// Takes a merged case out again, back to where it stood before
#[utoipa::path(tag = "staff cases", operation_id = "split_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Handled by itself", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/split")]
pub(crate) async fn split_case(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::split_case(&services, &Actor::Staff(staff.0), &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
