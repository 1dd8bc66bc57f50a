//! Adding to an open case.

use actix_web::{post, web};
use shared::contract::{case::InformationRequest, staff_case::CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        cases::parse,
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::information as usecase,
};

/// Adds words and photos to an open case
///
/// What was there stays as it is, and so do the limits.
#[utoipa::path(tag = "cases", operation_id = "add_information", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Added", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/additions")]
pub(crate) async fn add_information(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<InformationRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let information = parse::information(request.into_inner());
    let outcome = usecase::add_information(&services, &actor, &context, case, information).await?;
    Ok(stepped(&services, &outcome))
}
