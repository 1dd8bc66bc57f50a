//! Units by name and duty.

use actix_web::{HttpRequest, get, web};
use shared::contract::reference::{PublicUnitView, PublicUnitsView, UnitsQuery};

use super::{Keeper, kept};
use crate::{
    routes::answer::{Answer, Given},
    views::reference as views,
};

/// The units that serve a region
#[utoipa::path(tag = "reference", operation_id = "list_units", security(()), params(UnitsQuery), responses(
    (status = 200, description = "The region's own units", body = PublicUnitsView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/units")]
pub(crate) async fn list_units(services: Given, request: HttpRequest, query: web::Query<UnitsQuery>) -> Answer {
    kept(
        &request,
        Keeper::Anybody,
        &views::units(&services.city(), query.region.as_deref())?,
    )
}

/// One unit
#[utoipa::path(tag = "reference", operation_id = "show_unit", security(()),
    params(("code" = String, Path, description = "The unit's code")), responses(
    (status = 200, description = "The unit", body = PublicUnitView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/units/{code}")]
pub(crate) async fn show_unit(services: Given, request: HttpRequest, code: web::Path<String>) -> Answer {
    kept(&request, Keeper::Anybody, &views::unit(&services.city(), &code)?)
}
