//! Naming the unit for good.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, DesignateUnitRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::dispatch::{self as usecase, GiveToUnit},
};

/// Names the unit of a case for good, with the reason; it cannot be returned any more
#[utoipa::path(tag = "staff cases", operation_id = "designate_unit", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Dispatched", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/designate")]
pub(crate) async fn designate_unit(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<DesignateUnitRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let request = request.into_inner();
    let given = GiveToUnit {
        lead: Some(request.lead),
        co: request.co,
        reason: Some(request.reason),
    };
    let outcome = usecase::designate_unit(&services, &Actor::Staff(staff.0), &context, case, given).await?;
    Ok(stepped(&services, &outcome))
}
