//! A rating given on the phone.

use actix_web::{post, web};
use shared::contract::{case::RateCaseRequest, staff_case::CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        cases::rate::rating,
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::rate as usecase,
};

/// Rates a reply in the words of the requester, called by somebody outside the unit; marked as given on the phone
#[utoipa::path(tag = "staff cases", operation_id = "rate_for_caller", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Closed, redone, or to be judged", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/follow-up-rating")]
pub(crate) async fn rate_for_caller(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<RateCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let rating = rating(request.into_inner());
    let outcome = usecase::rate_case(&services, &actor, &context, case, rating).await?;
    Ok(stepped(&services, &outcome))
}
