//! Setting the own password.

use actix_web::{put, web};
use shared::contract::me::SetPasswordRequest;

use crate::{
    access::{RequestContext, extractor::Resident},
    routes::answer::{Answer, Given, done},
    usecases::me::set_password::{self as usecase, NewPassword},
};

/// Sets a password and ends all other sessions; the password so far or a code proves the owner
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
        current: request
            .current_password
            .as_ref()
            .map(|current| current.reveal().to_owned()),
        code: request.code.as_ref().map(|code| code.reveal().to_owned()),
    };
    usecase::set_password(&services, &context, resident.0, new).await?;
    done()
}
