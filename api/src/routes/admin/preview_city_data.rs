//! Looking at a change of the city's data before it is imported.

use actix_web::{post, web};
use shared::contract::city_data::{CityDataPreviewView, PreviewCityDataRequest};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    usecases::city_data::preview,
};

/// What a deadline policy, a ladder or a catalogue would do to open cases; nothing is saved
#[utoipa::path(tag = "operating", operation_id = "preview_city_data", security(("bearer" = [])),
    request_body = PreviewCityDataRequest,
    responses((status = 200, description = "Counts", body = CityDataPreviewView)))]
#[post("/api/v1/admin/city-data/preview")]
pub(crate) async fn preview_city_data(
    services: Given,
    staff: Staff,
    request: web::Json<PreviewCityDataRequest>,
) -> Answer {
    ok(preview(&services, &staff.0, request.into_inner()).await?)
}
