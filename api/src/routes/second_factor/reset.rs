//! Taking somebody's second factor away.

use actix_web::{delete, web};
use shared::domain::id::AccountId;

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::second_factor::reset as usecase,
};

/// Takes the second factor of an account away, for somebody who lost phone and paper; its sessions end at once
#[utoipa::path(tag = "second factor", operation_id = "reset_second_factor", security(("bearer" = [])),
    params(("id" = AccountId, Path, description = "The account")),
    responses((status = 204, description = "Taken away")))]
#[delete("/api/v1/staff/accounts/{id}/second-factor")]
pub(crate) async fn reset_second_factor(
    services: Given,
    staff: Staff,
    context: RequestContext,
    account: web::Path<AccountId>,
) -> Answer {
    usecase::reset(&services, &context, staff.0, account.0).await?;
    done()
}
