//! Making a staff account.

use actix_web::{post, web};
use shared::contract::account::{CreateStaffAccountRequest, StaffAccountView};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, created},
    usecases::staff_accounts::create::{self as usecase, NewStaffAccount},
    views,
};

/// Makes a staff account; its password has to be changed at the first sign-in
#[utoipa::path(tag = "staff accounts", operation_id = "create_staff_account", security(("bearer" = [])),
    responses((status = 201, description = "Made", body = StaffAccountView)))]
#[post("/api/v1/staff/accounts")]
pub(crate) async fn create_staff_account(
    services: Given,
    staff: Staff,
    context: RequestContext,
    request: web::Json<CreateStaffAccountRequest>,
) -> Answer {
    let request = request.into_inner();
    let new = NewStaffAccount {
        username: request.username,
        display_name: request.display_name,
        post: request.post,
        unit: request.unit,
        password: request.password.reveal().to_owned(),
        must_change_password: true,
        grants: request.grants,
        active_until: None,
    };
    let id = usecase::create(&services, &context, Actor::Staff(staff.0.clone()), new).await?;
    created(views::staff_accounts::one(&services, &staff.0, id).await?)
}
