//! Opening a supervision by hand.

use actix_web::{post, web};
use shared::contract::{staff_case::CaseStepView, supervision::OpenSupervisionRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::supervisions::open_by_hand as usecase,
};

/// Opens a supervision by hand; the tier follows from the cause
#[utoipa::path(tag = "supervision", operation_id = "supervise_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Supervised", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/supervision")]
pub(crate) async fn supervise_case(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<OpenSupervisionRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let OpenSupervisionRequest { cause: named, reason } = request.into_inner();
    let outcome = usecase::open_by_hand(&services, &Actor::Staff(staff.0), &context, case, named, &reason).await?;
    Ok(stepped(&services, &outcome))
}
