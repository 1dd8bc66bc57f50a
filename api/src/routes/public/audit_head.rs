//! Where the audit trail ends.

use actix_web::{HttpRequest, get};
use shared::contract::audit::AuditHeadView;

use super::kept;
use crate::{
    routes::answer::{Answer, Given},
    usecases::audit_trail::audit_head,
};

/// Where the audit trail ends: keep the answer, and nobody can change unseen what was written before it
#[utoipa::path(tag = "public", operation_id = "show_audit_head", security(()),
    responses((status = 200, description = "The ends of the chains", body = AuditHeadView)))]
#[get("/api/v1/public/audit-head")]
pub(crate) async fn show_audit_head(services: Given, request: HttpRequest) -> Answer {
    kept(&request, &audit_head(&services.database).await?)
}
