//! What somebody reports on the telephone.

use actix_web::{HttpResponse, http::header, post, web};
use shared::contract::{
    case::{SubmitCaseRequest, SubmittedCaseView},
    staff_case::SubmitForCallerRequest,
};

use crate::{
    access::{RequestContext, extractor::Staff},
    errors::Failure,
    routes::{
        accounts::phone,
        answer::{Answer, Given},
        cases::{parse::new_case, submit::view},
    },
    usecases::cases::{
        NewCase,
        submit_for_caller::{self as usecase, Call, HOTLINE},
    },
};

/// Writes down what a caller reports
///
/// The case belongs to the caller: to the account with this number, or to whoever registers with it. Ask for
/// `/api/v1/cases/preview` first: it offers public cases of the same matter and says whom to call in danger, as the answer does
/// at once. The caller gets the receipt number by text message. For a blocked caller nothing but an emergency is taken
/// (`account_blocked`).
#[utoipa::path(tag = "staff cases", operation_id = "submit_for_caller", security(("bearer" = [])),
    responses((status = 201, description = "Taken; `ETag` is the case's version", body = SubmittedCaseView)))]
#[post("/api/v1/staff/cases")]
pub(crate) async fn submit_for_caller(
    services: Given,
    staff: Staff,
    context: RequestContext,
    request: web::Json<SubmitForCallerRequest>,
) -> Answer {
    let request = request.into_inner();
    let call = Call {
        phone: phone(&request.phone)?,
        summary: request.summary.clone(),
        visibility_explained: request.visibility_explained,
        consents: request.consents.clone(),
        report: report(request)?,
    };
    let taken = usecase::submit_for_caller(&services, staff.0, &context, call).await?;
    let receipt_no = services.receipts.write(taken.id);
    Ok(HttpResponse::Created()
        .insert_header((header::ETAG, format!("\"{}\"", taken.version)))
        .insert_header((header::LOCATION, format!("/api/v1/staff/cases/{receipt_no}")))
        .json(view(&services, receipt_no, taken)))
}

/// The report within the bounds of a resident's own.
fn report(request: SubmitForCallerRequest) -> Result<NewCase, Failure> {
    let report = new_case(&SubmitCaseRequest {
        title: request.title,
        text: request.text,
        kind: request.kind,
        category: request.category,
        place: request.place,
        visibility: Some(request.visibility),
        answers: request.answers,
        photos: Vec::new(),
        complained_unit: request.complained_unit,
        channel: shared::contract::case::Channel::default(),
        wants_push: false,
    })?;
    Ok(NewCase {
        channel: HOTLINE.to_owned(),
        ..report
    })
}
