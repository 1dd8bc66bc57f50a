//! Sending a report.

use actix_web::{HttpResponse, http::header, post, web};
use shared::{
    contract::{
        case::{SubmitCaseRequest, SubmittedCaseView},
        public_case::NamedCode,
    },
    domain::time::Timestamp,
};

use super::parse::new_case;
use crate::{
    access::{Actor, RequestContext, extractor::ResidentUnsettled},
    routes::answer::{Answer, Given},
    usecases::cases::{SubmittedCase, submit_case},
};

/// Sends a report
///
/// With an `Idempotency-Key` of the phone's own a repeated report is taken once and answered the same. Photos are named by
/// their SHA-256 and sent before or after. Emergencies are taken like everything else, and answered with whom to call. From a
/// blocked account nothing else is taken (`account_blocked`).
#[utoipa::path(tag = "cases", operation_id = "submit_case", security(("bearer" = [])),
    responses((status = 201, description = "Taken; `ETag` is the case's version", body = SubmittedCaseView)))]
#[post("/api/v1/cases")]
pub(crate) async fn submit(
    services: Given,
    resident: ResidentUnsettled,
    context: RequestContext,
    request: web::Json<SubmitCaseRequest>,
) -> Answer {
    let new = new_case(&request)?;
    let taken = submit_case(&services, &Actor::Person(resident.0), &context, new).await?;
    let receipt_no = services.receipts.write(taken.id);
    Ok(HttpResponse::Created()
        .insert_header((header::ETAG, format!("\"{}\"", taken.version)))
        .insert_header((header::LOCATION, format!("/api/v1/cases/{receipt_no}")))
        .json(view(&services, receipt_no, taken)))
}

/// What whoever sent it hears back.
pub(in crate::routes) fn view(services: &Given, receipt_no: String, taken: SubmittedCase) -> SubmittedCaseView {
    let city = services.city();
    SubmittedCaseView {
        receipt_no,
        version: taken.version,
        due_at: taken.due_at.map(Timestamp),
        recipient: taken.recipient.map(|code| NamedCode {
            name: city.unit_name(&code).to_owned(),
            code,
        }),
        emergency_numbers: taken.emergency_numbers,
        emergency_advice: taken.emergency_advice,
        outside_city: taken.outside_city,
    }
}
