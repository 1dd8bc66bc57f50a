//! What of the city's data will soon be missing.

use actix_web::get;
use shared::contract::city_data::CityDataWarningsView;

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views::city_data as view,
};

/// What a system administrator has to bring up to date: from 1 November on the next year's holidays, as long as they are missing
#[utoipa::path(tag = "operating", operation_id = "list_city_data_warnings", security(("bearer" = [])),
    responses((status = 200, description = "What is to be done; nothing most of the time", body = CityDataWarningsView)))]
#[get("/api/v1/admin/city-data/warnings")]
pub(crate) async fn list_city_data_warnings(services: Given, staff: Staff) -> Answer {
    ok(view::warnings(&services, &staff.0)?)
}
