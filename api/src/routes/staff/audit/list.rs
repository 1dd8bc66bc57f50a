//! Reading the trail.

use actix_web::{get, web};
use shared::contract::{
    audit::{AuditQuery, AuditRecordView},
    paging::PageView,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, ok},
    usecases::audit_trail::note_reading,
    views,
};

/// The audit trail, newest first: for audit administrators, whose reading is written down in it
#[utoipa::path(tag = "operating", operation_id = "list_audit_records", security(("bearer" = [])), params(AuditQuery),
    responses((status = 200, description = "A page", body = PageView<AuditRecordView>)))]
#[get("/api/v1/staff/audit")]
pub(crate) async fn list_audit_records(
    services: Given,
    staff: Staff,
    context: RequestContext,
    query: web::Query<AuditQuery>,
) -> Answer {
    let wanted = views::audit::Wanted::of(&services, &query);
    let looked_for = wanted.is_ok().then_some(&*query);
    note_reading(&services, &Actor::Staff(staff.0), &context, looked_for).await?;
    ok(views::audit::list(&services, wanted?).await?)
}
