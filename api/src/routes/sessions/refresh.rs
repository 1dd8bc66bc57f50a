//! Going on with a session.

use actix_web::{post, web};
use shared::contract::session::{RefreshRequest, TokensView};

use super::tokens_view;
use crate::{
    access::RequestContext,
    routes::answer::{Answer, Given, created},
    usecases::sessions::refresh as usecase,
};

/// Trades a refresh token for the next pair; using one twice ends the session
#[utoipa::path(tag = "sessions", operation_id = "refresh_session", security(()),
    responses((status = 201, description = "The next pair", body = TokensView)))]
#[post("/api/v1/sessions/refresh")]
pub(crate) async fn refresh(services: Given, context: RequestContext, request: web::Json<RefreshRequest>) -> Answer {
    let session = usecase::refresh(&services, &context, request.refresh_token.reveal()).await?;
    created(tokens_view(session))
}
