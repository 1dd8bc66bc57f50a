//! Asking for a code for one case.

use actix_web::{HttpResponse, post, web};
use shared::contract::{account::CodeSentView, lookup::LookupCodeRequest};

use crate::{
    access::RequestContext,
    routes::{
        accounts::phone,
        answer::{Answer, Given},
    },
    usecases::lookups::{Named, request_code as usecase},
};

/// Sends a code to the phone that was given with the case; the answer is the same for every receipt number and every phone
#[utoipa::path(tag = "lookups", operation_id = "request_lookup_code", security(()),
    responses((status = 202, description = "On its way, if the two belong together", body = CodeSentView)))]
#[post("/api/v1/lookups/codes")]
pub(crate) async fn request_lookup_code(
    services: Given,
    context: RequestContext,
    request: web::Json<LookupCodeRequest>,
) -> Answer {
    let named = Named::new(&services, &request.receipt_no, &phone(&request.phone)?);
    usecase::request_code(&services, &context, named).await?;
    Ok(HttpResponse::Accepted().json(CodeSentView {
        expires_in: services.config.codes.seconds,
        ask_again_in: services.config.codes.pause_seconds,
    }))
}
