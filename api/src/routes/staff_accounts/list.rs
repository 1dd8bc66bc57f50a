//! Listing staff accounts.

use actix_web::{get, web};
use shared::contract::{
    account::StaffAccountView,
    paging::{PageQuery, PageView},
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views,
};

/// All staff accounts, oldest first
#[utoipa::path(tag = "staff accounts", operation_id = "list_staff_accounts", security(("bearer" = [])),
    params(PageQuery), responses((status = 200, description = "A page", body = PageView<StaffAccountView>)))]
#[get("/api/v1/staff/accounts")]
pub(crate) async fn list_staff_accounts(services: Given, staff: Staff, page: web::Query<PageQuery>) -> Answer {
    ok(views::staff_accounts::list(&services, &staff.0, &page).await?)
}
