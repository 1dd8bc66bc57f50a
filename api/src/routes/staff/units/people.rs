//! Whom an order can be given to.

use actix_web::{get, web};
use shared::contract::account::UnitPeopleView;

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views,
};

/// The people of a unit to whom its orders can be assigned, at most 500, by name: for its liaisons, those of the units above it, and the
/// administrators of system and security
#[utoipa::path(tag = "staff orders", operation_id = "list_unit_people", security(("bearer" = [])),
    params(("code" = String, Path, description = "The unit")),
    responses((status = 200, description = "The people", body = UnitPeopleView)))]
#[get("/api/v1/staff/units/{code}/people")]
pub(crate) async fn list_unit_people(services: Given, staff: Staff, code: web::Path<String>) -> Answer {
    ok(views::staff::unit_people::list(&services, &staff.0, &code).await?)
}
