//! The own sessions.

use actix_web::get;
use shared::contract::session::SessionView;

use crate::{
    access::extractor::SignedInUnsettled,
    routes::answer::{Answer, Given, ok},
    views,
};

/// The sessions of the own account, the one last used first
#[utoipa::path(tag = "sessions", operation_id = "list_sessions", security(("bearer" = [])),
    responses((status = 200, description = "At most 100", body = Vec<SessionView>)))]
#[get("/api/v1/sessions")]
pub(crate) async fn list_sessions(services: Given, caller: SignedInUnsettled) -> Answer {
    ok(views::sessions::own(&services, &caller.0).await?)
}
