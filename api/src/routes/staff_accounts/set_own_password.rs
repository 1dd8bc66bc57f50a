//! A member of staff sets the own password.

use actix_web::{post, web};
use shared::contract::me::SetPasswordRequest;

use crate::{
    access::{RequestContext, extractor::StaffUnsettled},
    errors::Failure,
    routes::answer::{Answer, Given, done},
    usecases::me::set_staff_password as usecase,
};

/// Sets the own password with the one so far, and ends all other sessions
#[utoipa::path(tag = "staff accounts", operation_id = "set_own_staff_password", security(("bearer" = [])),
    responses((status = 204, description = "Set")))]
#[post("/api/v1/staff/me/password")]
pub(crate) async fn set_own_staff_password(
    services: Given,
    staff: StaffUnsettled,
    context: RequestContext,
    request: web::Json<SetPasswordRequest>,
) -> Answer {
    let current = request
        .current_password
        .as_ref()
        .ok_or_else(|| Failure::invalid("current_password", "请填写原密码"))?;
    usecase::set_staff_password(
        &services,
        &context,
        staff.0,
        current.reveal(),
        request.password.reveal(),
    )
    .await?;
    done()
}
