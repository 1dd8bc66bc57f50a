//! Accepting a case.

use actix_web::{post, web};
use shared::contract::staff_case::{AcceptCaseRequest, CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::accept::{self as usecase, AcceptCase},
};

/// Accepts a case and fixes kind, category, place, urgency and visibility
#[utoipa::path(tag = "staff cases", operation_id = "accept_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Accepted, waiting for its unit", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/accept")]
pub(crate) async fn accept_case(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<AcceptCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let request = request.into_inner();
    let accepted = AcceptCase {
        kind: request.kind,
        category: request.category,
        region: request.region,
        urgency: request.urgency,
        visibility: request.visibility,
        complained_unit: request.complained_unit,
        concerns_minor: request.concerns_minor,
        complex: request.complex,
    };
    let outcome = usecase::accept_case(&services, &Actor::Staff(staff.0), &context, case, accepted).await?;
    Ok(stepped(&services, &outcome))
}
