//! Refusing a case.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, RefuseCaseRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::refuse as usecase,
};

/// Refuses a case, with the reason and the lawful path that the requester reads
#[utoipa::path(tag = "staff cases", operation_id = "refuse_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Refused", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/refuse")]
pub(crate) async fn refuse_case(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<RefuseCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::refuse_case(
        &services,
        &Actor::Staff(staff.0),
        &context,
        case,
        &request.reason,
        &request.lawful_path,
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
