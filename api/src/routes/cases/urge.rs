//! Urging.

use actix_web::{post, web};
use shared::contract::staff_case::CaseStepView;

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::urge as usecase,
};

/// Asks those who hold the case to hurry, at most once a working day
#[utoipa::path(tag = "cases", operation_id = "urge_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Those concerned were reminded", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/urge")]
pub(crate) async fn urge_case(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let outcome = usecase::urge(&services, &actor, &context, case).await?;
    Ok(stepped(&services, &outcome))
}
