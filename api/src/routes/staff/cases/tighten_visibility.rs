//! Closing a case to more eyes.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, TightenVisibilityRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::tighten_visibility as usecase,
};

/// Closes a case to more eyes than its requester did; nobody opens it again without the requester
#[utoipa::path(tag = "staff cases", operation_id = "tighten_visibility", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Tightened", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/visibility")]
pub(crate) async fn tighten_visibility(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<TightenVisibilityRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let request = request.into_inner();
    let outcome =
        usecase::tighten_visibility(&services, &actor, &context, case, request.visibility, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
