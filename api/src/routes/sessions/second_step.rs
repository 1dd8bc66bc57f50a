//! The second step of a member of staff's sign-in.

use actix_web::{post, web};
use shared::contract::{
    secret::Secret,
    session::{SecondStepRequest, TokensView},
};

use super::tokens_view;
use crate::{
    access::RequestContext,
    routes::answer::{Answer, Given, created},
    usecases::{second_factor::proof::Proof, sessions::second_step as usecase},
};

/// Ends a sign-in with the code of the second factor, or with a recovery code
#[utoipa::path(tag = "sessions", operation_id = "finish_staff_sign_in", security(()),
    responses((status = 201, description = "Signed in", body = TokensView)))]
#[post("/api/v1/staff/sessions/second-step")]
pub(crate) async fn finish_staff_sign_in(
    services: Given,
    context: RequestContext,
    request: web::Json<SecondStepRequest>,
) -> Answer {
    let proof = Proof::of(
        request.code.as_ref().map(Secret::reveal),
        request.recovery_code.as_ref().map(Secret::reveal),
    )?;
    let session = usecase::finish_sign_in(&services, &context, request.challenge.reveal(), proof).await?;
    created(tokens_view(session))
}
