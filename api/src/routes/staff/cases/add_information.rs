//! What the requester adds on the phone.

use actix_web::{post, web};
use shared::contract::{case::InformationRequest, staff_case::CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::information::{self as usecase, Information},
};

/// Adds what the requester says on the phone; what was there stays as it is, and so do the limits
#[utoipa::path(tag = "staff cases", operation_id = "add_information_for_caller", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Added", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/additions")]
pub(crate) async fn add_information_for_caller(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<InformationRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let request = request.into_inner();
    let information = Information {
        text: request.text,
        photos: request.photos,
    };
    let outcome = usecase::add_information(&services, &actor, &context, case, information).await?;
    Ok(stepped(&services, &outcome))
}
