//! What reaches the phone outside of the inbox, and when.

use actix_web::{get, put, web};
use shared::contract::notice_settings::NoticeSettings;

use crate::{
    access::{RequestContext, extractor::Resident},
    routes::answer::{Answer, Given, ok},
    usecases::me::set_notice_settings as usecase,
    views,
};

/// Push and text messages by group, and the quiet hours
#[utoipa::path(tag = "me", operation_id = "show_notice_settings", security(("bearer" = [])),
    responses((status = 200, description = "The settings in force", body = NoticeSettings)))]
#[get("/api/v1/me/notice-settings")]
pub(crate) async fn show_notice_settings(services: Given, resident: Resident) -> Answer {
    ok(views::me::notice_settings(&services, &resident.0).await?)
}

/// Sets push and text messages by group, and the quiet hours; the inbox always gets everything
#[utoipa::path(tag = "me", operation_id = "set_notice_settings", security(("bearer" = [])),
    responses((status = 200, description = "The settings as they are now", body = NoticeSettings)))]
#[put("/api/v1/me/notice-settings")]
pub(crate) async fn set_notice_settings(
    services: Given,
    resident: Resident,
    context: RequestContext,
    request: web::Json<NoticeSettings>,
) -> Answer {
    usecase::set_notice_settings(&services, &context, resident.0.clone(), &request).await?;
    ok(views::me::notice_settings(&services, &resident.0).await?)
}
