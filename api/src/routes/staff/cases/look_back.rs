//! What a look-back found.

use actix_web::{post, web};
use shared::contract::{staff_case::CaseStepView, supervision::LookBackRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::look_back as usecase,
};

/// Records what a look-back that is due found; undone takes the case up again at the next tier
#[utoipa::path(tag = "supervision", operation_id = "record_look_back", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Recorded", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/look-back")]
pub(crate) async fn record_look_back(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<LookBackRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let (finding, note) = (request.finding, &request.note);
    let outcome = usecase::record_look_back(&services, &Actor::Staff(staff.0), &context, case, finding, note).await?;
    Ok(stepped(&services, &outcome))
}
