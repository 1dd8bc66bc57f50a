//! Registering a resident.

use actix_web::{post, web};
use shared::contract::{account::RegisterRequest, session::TokensView};

use super::phone;
use crate::{
    access::RequestContext,
    routes::{
        answer::{Answer, Given, created, ok},
        sessions::tokens_view,
    },
    usecases::accounts::register::{self as usecase, NewResident},
};

/// Registers a resident with a code; a number that is known already is signed in
#[utoipa::path(tag = "accounts", operation_id = "register", security(()), responses(
    (status = 201, description = "Registered and signed in", body = TokensView),
    (status = 200, description = "Known already: signed in", body = TokensView)))]
#[post("/api/v1/accounts")]
pub(crate) async fn register(services: Given, context: RequestContext, request: web::Json<RegisterRequest>) -> Answer {
    let request = request.into_inner();
    let resident = NewResident {
        phone: phone(&request.phone)?,
        code: request.code.reveal().to_owned(),
        display_name: request.display_name,
        password: request.password.map(|password| password.reveal().to_owned()),
        consents: request.consents,
        device_name: request.device_name,
    };
    let (session, is_new) = usecase::register(&services, &context, resident).await?;
    let view = tokens_view(session);
    if is_new { created(view) } else { ok(view) }
}
