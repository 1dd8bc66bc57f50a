//! Signing out one of the own sessions.

use actix_web::{delete, web};
use shared::domain::id::SessionId;

use crate::{
    access::{RequestContext, extractor::SignedInUnsettled},
    routes::answer::{Answer, Given, done},
    usecases::sessions::sign_out_one as usecase,
};

/// Ends one session of the own account at once
#[utoipa::path(tag = "sessions", operation_id = "sign_out_one", security(("bearer" = [])),
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204, description = "Ended")))]
#[delete("/api/v1/sessions/{id}")]
pub(crate) async fn sign_out_one(
    services: Given,
    caller: SignedInUnsettled,
    context: RequestContext,
    session: web::Path<SessionId>,
) -> Answer {
    usecase::sign_out_one(&services, &context, caller.0, session.0).await?;
    done()
}
