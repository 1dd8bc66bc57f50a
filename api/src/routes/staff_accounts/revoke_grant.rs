//! Taking a role back.

use actix_web::{delete, web};
use shared::domain::id::{AccountId, GrantId};

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::staff_accounts::revoke_grant as usecase,
};

/// Takes a role back
#[utoipa::path(tag = "staff accounts", operation_id = "revoke_role", security(("bearer" = [])),
    params(("id" = AccountId, Path, description = "The account"), ("grant" = GrantId, Path, description = "The grant")),
    responses((status = 204, description = "Taken back")))]
#[delete("/api/v1/staff/accounts/{id}/grants/{grant}")]
pub(crate) async fn revoke_role(
    services: Given,
    staff: Staff,
    context: RequestContext,
    path: web::Path<(AccountId, GrantId)>,
) -> Answer {
    let (account, grant) = path.into_inner();
    usecase::revoke_grant(&services, &context, staff.0, account.0, grant.0).await?;
    done()
}
