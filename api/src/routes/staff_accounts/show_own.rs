//! The own staff account.

use actix_web::get;
use shared::contract::account::StaffAccountView;

use crate::{
    access::extractor::StaffUnsettled,
    routes::answer::{Answer, Given, ok},
    views,
};

/// The own account and the roles in force
#[utoipa::path(tag = "staff accounts", operation_id = "show_own_staff_account", security(("bearer" = [])),
    responses((status = 200, description = "The account", body = StaffAccountView)))]
#[get("/api/v1/staff/me")]
pub(crate) async fn show_own_staff_account(services: Given, staff: StaffUnsettled) -> Answer {
    ok(views::staff_accounts::one(&services, &staff.0, staff.0.id).await?)
}
