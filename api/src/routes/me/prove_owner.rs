//! Proving to be the owner of the account.

use actix_web::{post, web};
use shared::contract::own_account::{OwnerProvenView, ProveOwnerRequest};

use super::offered;
use crate::{
    access::{RequestContext, extractor::ResidentUnsettled},
    routes::answer::{Answer, Given, created},
    usecases::me::ownership,
};

/// Proves by code or password that this session is the owner's; downloads of the own data ask for it
#[utoipa::path(tag = "me", operation_id = "prove_owner", security(("bearer" = [])),
    responses((status = 201, description = "Proven for a while", body = OwnerProvenView)))]
#[post("/api/v1/me/proofs")]
pub(crate) async fn prove_owner(
    services: Given,
    resident: ResidentUnsettled,
    context: RequestContext,
    request: web::Json<ProveOwnerRequest>,
) -> Answer {
    let offered = offered("code", request.code.as_ref(), request.password.as_ref())?;
    let until = ownership::prove(&services, &context, resident.0, offered).await?;
    created(OwnerProvenView { until })
}
