//! Handing a case off.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, HandOffCaseRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::hand_off as usecase,
};

/// Hands a case to an emergency or utility line that acknowledged it; without that the case stays here
#[utoipa::path(tag = "staff cases", operation_id = "hand_off_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Handed off", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/hand-off")]
pub(crate) async fn hand_off_case(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<HandOffCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::hand_off_case(
        &services,
        &Actor::Staff(staff.0),
        &context,
        case,
        &request.receiver,
        request.acknowledgement.as_deref(),
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
