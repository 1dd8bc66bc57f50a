//! Judging a demand for another redo.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, JudgeDemandRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::judge_demand as usecase,
};

/// Judges a demand for another redo: reasonable, and it is redone; unreasonable, and tier 1 decides on closing
#[utoipa::path(tag = "staff cases", operation_id = "judge_demand", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Judged", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/demand-judgement")]
pub(crate) async fn judge_demand(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<JudgeDemandRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::judge_demand(
        &services,
        &Actor::Staff(staff.0),
        &context,
        case,
        request.reasonable,
        &request.reason,
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
