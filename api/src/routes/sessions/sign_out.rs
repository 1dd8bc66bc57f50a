//! Signing out here.

use actix_web::delete;

use crate::{
    access::{RequestContext, extractor::SignedInUnsettled},
    routes::answer::{Answer, Given, done},
    usecases::sessions::sign_out::{self as usecase, SignOut},
};

/// Ends the present session
#[utoipa::path(tag = "sessions", operation_id = "sign_out", security(("bearer" = [])),
    responses((status = 204, description = "Ended")))]
#[delete("/api/v1/sessions/current")]
pub(crate) async fn sign_out(services: Given, caller: SignedInUnsettled, context: RequestContext) -> Answer {
    usecase::sign_out(&services, &context, caller.0, SignOut::Here).await?;
    done()
}
