//! Giving a role.

use actix_web::{post, web};
use shared::{
    contract::account::StaffAccountView,
    domain::{id::AccountId, role::Grant},
};

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, created},
    usecases::staff_accounts::grant as usecase,
    views,
};

/// Gives an account a role
#[utoipa::path(tag = "staff accounts", operation_id = "grant_role", security(("bearer" = [])),
    params(("id" = AccountId, Path, description = "The account")),
    responses((status = 201, description = "The account as it is now", body = StaffAccountView)))]
#[post("/api/v1/staff/accounts/{id}/grants")]
pub(crate) async fn grant_role(
    services: Given,
    staff: Staff,
    context: RequestContext,
    account: web::Path<AccountId>,
    request: web::Json<Grant>,
) -> Answer {
    usecase::grant(&services, &context, staff.0.clone(), account.0, request.into_inner()).await?;
    created(views::staff_accounts::one(&services, &staff.0, account.0).await?)
}
