//! One staff account.

use actix_web::{get, web};
use shared::{contract::account::StaffAccountView, domain::id::AccountId};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views,
};

/// One staff account
#[utoipa::path(tag = "staff accounts", operation_id = "show_staff_account", security(("bearer" = [])),
    params(("id" = AccountId, Path, description = "The account")),
    responses((status = 200, description = "The account", body = StaffAccountView)))]
#[get("/api/v1/staff/accounts/{id}")]
pub(crate) async fn show_staff_account(services: Given, staff: Staff, account: web::Path<AccountId>) -> Answer {
    ok(views::staff_accounts::one(&services, &staff.0, account.0).await?)
}
