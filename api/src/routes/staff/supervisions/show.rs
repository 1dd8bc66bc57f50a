//! One supervision.

use actix_web::{get, web};
use shared::{contract::supervision::SupervisionView, domain::id::SupervisionId};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views::staff::supervisions as view,
};

/// A supervision with everything that was done; of the fifth tier for the task force alone
#[utoipa::path(tag = "supervision", operation_id = "show_supervision", security(("bearer" = [])),
    params(("id" = SupervisionId, Path, description = "The supervision")),
    responses((status = 200, description = "The supervision", body = SupervisionView)))]
#[get("/api/v1/staff/supervisions/{id}")]
pub(crate) async fn show_supervision(services: Given, staff: Staff, id: web::Path<SupervisionId>) -> Answer {
    ok(view::show(&services, &staff.0, id.0).await?)
}
