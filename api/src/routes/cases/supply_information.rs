//! Answering the clerk's question.

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

/// Answers the clerk's question: the case goes back to acceptance
#[utoipa::path(tag = "cases", operation_id = "supply_information", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Back in acceptance", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/information")]
pub(crate) async fn supply_information(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<InformationRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let information = parse::information(request.into_inner());
    let outcome = usecase::supply_information(&services, &actor, &context, case, information).await?;
    Ok(stepped(&services, &outcome))
}
