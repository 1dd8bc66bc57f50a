//! One sign.

use actix_web::{get, web};
use shared::{contract::integrity::FlagView, domain::id::FlagId};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views::staff::flags as view,
};

/// An integrity sign with its evidence
#[utoipa::path(tag = "supervision", operation_id = "show_flag", security(("bearer" = [])),
    params(("id" = FlagId, Path, description = "The flag")),
    responses((status = 200, description = "The sign", body = FlagView)))]
#[get("/api/v1/staff/flags/{id}")]
pub(crate) async fn show_flag(services: Given, staff: Staff, id: web::Path<FlagId>) -> Answer {
    ok(view::show(&services, &staff.0, id.0).await?)
}
