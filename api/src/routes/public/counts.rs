//! The figures of the home page.

use actix_web::{HttpRequest, get};
use shared::contract::public_case::PublicCountsView;

use super::kept;
use crate::{
    routes::answer::{Answer, Given},
    views::public::public_counts,
};

/// How many cases came in, were answered and closed, in all and by county
#[utoipa::path(tag = "public", operation_id = "show_public_counts", security(()),
    responses((status = 200, description = "The figures", body = PublicCountsView)))]
#[get("/api/v1/public/counts")]
pub(crate) async fn show_public_counts(services: Given, request: HttpRequest) -> Answer {
    kept(&request, &public_counts(&services).await?)
}
