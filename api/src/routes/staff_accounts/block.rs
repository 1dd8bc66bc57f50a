//! Blocking an account.

use actix_web::{post, web};
use shared::domain::id::AccountId;

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::staff_accounts::block as usecase,
};

/// Blocks an account: its sessions end at once
#[utoipa::path(tag = "staff accounts", operation_id = "block_staff_account", security(("bearer" = [])),
    params(("id" = AccountId, Path, description = "The account")),
    responses((status = 204, description = "Blocked")))]
#[post("/api/v1/staff/accounts/{id}/block")]
pub(crate) async fn block_staff_account(
    services: Given,
    staff: Staff,
    context: RequestContext,
    account: web::Path<AccountId>,
) -> Answer {
    usecase::block(&services, &context, staff.0, account.0).await?;
    done()
}
