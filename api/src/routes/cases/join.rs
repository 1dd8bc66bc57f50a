//! "It is the same with me."

use actix_web::{HttpResponse, http::header, post, web};
use shared::contract::case::{JoinCaseRequest, SubmittedCaseView};

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
    },
    usecases::cases::join::{Joining, join_case},
};

/// "It is the same with me": an own case, handled together with a public one
///
/// The answer is the own case: its receipt, a reply and a rating of its own. It is not public.
#[utoipa::path(tag = "cases", operation_id = "join_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The public case's receipt number")),
    responses((status = 201, description = "The own case; `ETag` is its version", body = SubmittedCaseView)))]
#[post("/api/v1/cases/{receipt_no}/me-too")]
pub(crate) async fn join(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<JoinCaseRequest>,
) -> Answer {
    let primary = case_of(&services, &receipt_no)?;
    let request = request.into_inner();
    let joining = Joining {
        text: request.text,
        photos: request.photos,
        channel: "app".to_owned(),
    };
    let own = join_case(&services, &Actor::Person(resident.0), &context, primary, joining).await?;
    let receipt_no = services.receipts.write(own.case_id);
    Ok(HttpResponse::Created()
        .insert_header((header::ETAG, format!("\"{}\"", own.version)))
        .insert_header((header::LOCATION, format!("/api/v1/cases/{receipt_no}")))
        .json(SubmittedCaseView {
            receipt_no,
            version: own.version,
            due_at: None,
            recipient: None,
            emergency_numbers: Vec::new(),
            emergency_advice: None,
            outside_city: false,
        }))
}
