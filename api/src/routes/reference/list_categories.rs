//! What a report can be about, and whom to call in danger.

use actix_web::{HttpRequest, get};
use shared::contract::reference::{CategoriesView, EmergencyNumbersView};

use super::{Keeper, kept};
use crate::{
    routes::answer::{Answer, Given},
    views::reference as views,
};

/// The categories with their questions and defaults
#[utoipa::path(tag = "reference", operation_id = "list_categories", security(()), responses(
    (status = 200, description = "The whole tree", body = CategoriesView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/categories")]
pub(crate) async fn list_categories(services: Given, request: HttpRequest) -> Answer {
    kept(&request, Keeper::Anybody, &views::categories(&services.city()))
}

/// Whom to call in danger
#[utoipa::path(tag = "reference", operation_id = "list_emergency_numbers", security(()), responses(
    (status = 200, description = "The dangers with their numbers", body = EmergencyNumbersView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/emergency-numbers")]
pub(crate) async fn list_emergency_numbers(services: Given, request: HttpRequest) -> Answer {
    kept(&request, Keeper::Anybody, &views::emergency_numbers(&services.city()))
}
