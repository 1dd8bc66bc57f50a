//! Dispatching a case.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, DispatchCaseRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::dispatch::{self as usecase, GiveToUnit},
};

/// Sends a case to its lead and helping units; without a lead to the catalogue's best suggestion
#[utoipa::path(tag = "staff cases", operation_id = "dispatch_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Dispatched; the handling clock runs", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/dispatch")]
pub(crate) async fn dispatch_case(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<DispatchCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let request = request.into_inner();
    let given = GiveToUnit {
        lead: request.lead,
        co: request.co,
        reason: request.reason,
    };
    let outcome = usecase::dispatch_case(&services, &Actor::Staff(staff.0), &context, case, given).await?;
    Ok(stepped(&services, &outcome))
}
