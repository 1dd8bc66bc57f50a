//! A resident signs in.

use actix_web::{post, web};
use shared::contract::session::{SignInRequest, TokensView};

use super::{device, tokens_view};
use crate::{
    access::RequestContext,
    errors::Failure,
    routes::{
        accounts::phone,
        answer::{Answer, Given, created},
    },
    usecases::sessions::sign_in::{self as usecase, Proof},
};

/// A resident signs in with a code or a password
#[utoipa::path(tag = "sessions", operation_id = "sign_in", security(()),
    responses((status = 201, description = "Signed in", body = TokensView)))]
#[post("/api/v1/sessions")]
pub(crate) async fn sign_in(services: Given, context: RequestContext, request: web::Json<SignInRequest>) -> Answer {
    let proof = match (&request.code, &request.password) {
        (Some(code), None) => Proof::Code(code.reveal().to_owned()),
        (None, Some(password)) => Proof::Password(password.reveal().to_owned()),
        _ => return Err(Failure::invalid("code", "请填写验证码或密码，二选一")),
    };
    let device = device(request.device_name.as_ref(), request.device_token.as_ref());
    let session = usecase::sign_in(&services, &context, &phone(&request.phone)?, proof, &device).await?;
    created(tokens_view(session))
}
