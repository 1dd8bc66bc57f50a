//! A member of staff signs in.

use actix_web::{HttpResponse, post, web};
use shared::contract::{
    secret::Secret,
    session::{ChallengeView, StaffSignInRequest, TokensView},
};

use super::{device, tokens_view};
use crate::{
    access::RequestContext,
    routes::answer::{Answer, Given, created},
    usecases::sessions::sign_in_staff::{self as usecase, StaffSignIn},
};

/// A member of staff signs in with name and password; whoever has a second factor is asked for it next
#[utoipa::path(tag = "sessions", operation_id = "sign_in_staff", security(()),
    responses((status = 201, description = "Signed in", body = TokensView),
        (status = 202, description = "The code of the second factor is to come", body = ChallengeView)))]
#[post("/api/v1/staff/sessions")]
pub(crate) async fn sign_in_staff(
    services: Given,
    context: RequestContext,
    request: web::Json<StaffSignInRequest>,
) -> Answer {
    let device = device(request.device_name.as_ref(), request.device_token.as_ref());
    let password = request.password.reveal();
    match usecase::sign_in_staff(&services, &context, &request.username, password, &device).await? {
        StaffSignIn::Opened(session) => created(tokens_view(session)),
        StaffSignIn::Challenged(challenge) => Ok(HttpResponse::Accepted().json(ChallengeView {
            challenge: Secret::new(challenge.note),
            until: challenge.until,
        })),
    }
}
