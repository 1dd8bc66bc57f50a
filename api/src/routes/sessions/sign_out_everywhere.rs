//! Signing out everywhere.

use actix_web::delete;

use crate::{
    access::{RequestContext, extractor::SignedInUnsettled},
    routes::answer::{Answer, Given, done},
    usecases::sessions::sign_out::{self as usecase, SignOut},
};

/// Ends all sessions of the account
#[utoipa::path(tag = "sessions", operation_id = "sign_out_everywhere", security(("bearer" = [])),
    responses((status = 204, description = "Ended")))]
#[delete("/api/v1/sessions")]
pub(crate) async fn sign_out_everywhere(services: Given, caller: SignedInUnsettled, context: RequestContext) -> Answer {
    usecase::sign_out(&services, &context, caller.0, SignOut::Everywhere).await?;
    done()
}
