//! Setting the own password.

use actix_web::{put, web};
use shared::contract::me::SetPasswordRequest;

use super::offered;
use crate::{
    access::{RequestContext, extractor::Resident},
    routes::answer::{Answer, Given, done},
    usecases::me::set_password::{self as usecase, NewPassword},
};

/// Sets a password and ends all other sessions; the password so far or a code proves the owner, a code the first time
#[utoipa::path(tag = "me", operation_id = "set_password", security(("bearer" = [])),
    responses((status = 204, description = "Set")))]
#[put("/api/v1/me/password")]
pub(crate) async fn set_password(
    services: Given,
    resident: Resident,
    context: RequestContext,
    request: web::Json<SetPasswordRequest>,
) -> Answer {
    let new = NewPassword {
        password: request.password.reveal().to_owned(),
        owner: offered("code", request.code.as_ref(), request.current_password.as_ref())?,
    };
    usecase::set_password(&services, &context, resident.0, new).await?;
    done()
}
