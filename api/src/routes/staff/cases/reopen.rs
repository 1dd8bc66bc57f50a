//! A supervisor takes a closed case up again.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, ReasonRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::reopen as usecase,
};

/// Takes a closed case up again, until it is archived
#[utoipa::path(tag = "staff cases", operation_id = "reopen_case_as_supervisor", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "In hand again", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/reopening")]
pub(crate) async fn reopen_case_as_supervisor(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let outcome = usecase::reopen_case(&services, &actor, &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
