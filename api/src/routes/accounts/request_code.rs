//! Asking for a code by text message.

use actix_web::{HttpResponse, post, web};
use shared::contract::account::{CodePurpose, CodeSentView, RequestCodeRequest};

use super::phone;
use crate::{
    access::{RequestContext, extractor::Caller},
    routes::answer::{Answer, Given},
    usecases::accounts::request_code::{self as usecase, CodeUse},
};

/// Sends a code by text message; the answer is the same for every number
#[utoipa::path(tag = "accounts", operation_id = "request_code", security(()),
    responses((status = 202, description = "On its way, if the number can be reached", body = CodeSentView)))]
#[post("/api/v1/accounts/codes")]
pub(crate) async fn request_code(
    services: Given,
    caller: Caller,
    context: RequestContext,
    request: web::Json<RequestCodeRequest>,
) -> Answer {
    let code_use = match request.purpose {
        CodePurpose::SignIn => CodeUse::SignIn,
        CodePurpose::SetPassword => CodeUse::SetPassword,
        CodePurpose::ChangeNumber => CodeUse::ChangeNumber,
        CodePurpose::ProveOwner => CodeUse::ProveOwner,
        CodePurpose::CloseAccount => CodeUse::CloseAccount,
    };
    usecase::request_code(&services, &context, caller.0, &phone(&request.phone)?, code_use).await?;
    Ok(HttpResponse::Accepted().json(CodeSentView {
        expires_in: services.config.codes.seconds,
        ask_again_in: services.config.codes.pause_seconds,
    }))
}
