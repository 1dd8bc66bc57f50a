//! A new first password for somebody who forgot the own one.

use actix_web::{put, web};
use shared::{contract::account::ResetStaffPasswordRequest, domain::id::AccountId};

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::staff_accounts::reset_password as usecase,
};

/// Gives an account a new first password, to be changed at the next sign-in; its sessions end at once
#[utoipa::path(tag = "staff accounts", operation_id = "reset_staff_password", security(("bearer" = [])),
    params(("id" = AccountId, Path, description = "The account")),
    responses((status = 204, description = "Set")))]
#[put("/api/v1/staff/accounts/{id}/password")]
pub(crate) async fn reset_staff_password(
    services: Given,
    staff: Staff,
    context: RequestContext,
    account: web::Path<AccountId>,
    request: web::Json<ResetStaffPasswordRequest>,
) -> Answer {
    let password = request.password.reveal();
    usecase::reset_password(&services, &context, staff.0, account.0, password).await?;
    done()
}
