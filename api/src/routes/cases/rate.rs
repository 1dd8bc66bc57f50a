//! Rating a reply.

use actix_web::{post, web};
use shared::{
    contract::{case::RateCaseRequest, staff_case::CaseStepView},
    domain::case::RatingInput,
};

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::rate as usecase,
};

/// Rates the reply: satisfied closes the case, dissatisfied has it redone
///
/// The first two redos follow by themselves; whether a further one is reasonable is judged by a reviewer. Whoever shares
/// another's case rates that one's reply through the own case.
#[utoipa::path(tag = "cases", operation_id = "rate_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Closed, redone, or to be judged", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/rating")]
pub(crate) async fn rate_case(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<RateCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let rating = rating(request.into_inner());
    let outcome = usecase::rate_case(&services, &actor, &context, case, rating).await?;
    Ok(stepped(&services, &outcome))
}

/// The rating in the rules' words.
pub(in crate::routes) fn rating(request: RateCaseRequest) -> RatingInput {
    RatingInput {
        grade: request.grade,
        resolved: request.resolved,
        attitude: request.attitude,
        speed: request.speed,
        comment: request.comment,
    }
}
