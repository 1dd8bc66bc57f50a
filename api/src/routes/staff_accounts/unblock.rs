//! Opening a blocked account again.

use actix_web::{post, web};
use shared::domain::id::AccountId;

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::staff_accounts::unblock as usecase,
};

/// Opens a blocked account again
#[utoipa::path(tag = "staff accounts", operation_id = "unblock_staff_account", security(("bearer" = [])),
    params(("id" = AccountId, Path, description = "The account")),
    responses((status = 204, description = "Open")))]
#[post("/api/v1/staff/accounts/{id}/unblock")]
pub(crate) async fn unblock_staff_account(
    services: Given,
    staff: Staff,
    context: RequestContext,
    account: web::Path<AccountId>,
) -> Answer {
    usecase::unblock(&services, &context, staff.0, account.0).await?;
    done()
}
