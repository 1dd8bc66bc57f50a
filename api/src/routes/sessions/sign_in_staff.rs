//! A member of staff signs in.

use actix_web::{post, web};
use shared::contract::session::{StaffSignInRequest, TokensView};

use super::tokens_view;
use crate::{
    access::RequestContext,
    routes::answer::{Answer, Given, created},
    usecases::sessions::sign_in_staff as usecase,
};

/// A member of staff signs in with name and password
#[utoipa::path(tag = "sessions", operation_id = "sign_in_staff", security(()),
    responses((status = 201, description = "Signed in", body = TokensView)))]
#[post("/api/v1/staff/sessions")]
pub(crate) async fn sign_in_staff(
    services: Given,
    context: RequestContext,
    request: web::Json<StaffSignInRequest>,
) -> Answer {
    let session = usecase::sign_in_staff(
        &services,
        &context,
        &request.username,
        request.password.reveal(),
        request.device_name.as_deref(),
    )
    .await?;
    created(tokens_view(session))
}
