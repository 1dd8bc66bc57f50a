//! Asking for the media tier.

use actix_web::{post, web};
use shared::contract::{case::AskMediaRequest, staff_case::CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::ask_media as usecase,
};

/// Asks the media to supervise an own open case, once, and agrees that they get in touch
///
/// Not for violation reports, confidential cases, mediation and what concerns minors.
#[utoipa::path(tag = "cases", operation_id = "ask_media", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "The media desk has it", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/media-supervision")]
pub(crate) async fn ask_media(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<AskMediaRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let (agrees, version) = (request.media_contact, request.wording_version.as_deref());
    let outcome = usecase::ask_media(&services, &actor, &context, case, agrees, version).await?;
    Ok(stepped(&services, &outcome))
}
