//! Closing the own account.

use actix_web::{HttpResponse, get, post, web};
use shared::contract::own_account::{CloseAccountRequest, ClosingPreviewView, ClosingView};

use crate::{
    access::{RequestContext, extractor::Resident},
    routes::answer::{Answer, Given, ok},
    usecases::me::close_account as usecase,
    views,
};

/// What closing the account would mean now
#[utoipa::path(tag = "me", operation_id = "preview_closing", security(("bearer" = [])),
    responses((status = 200, description = "Open cases and days of grace", body = ClosingPreviewView)))]
#[get("/api/v1/me/closing")]
pub(crate) async fn preview_closing(services: Given, resident: Resident) -> Answer {
    ok(views::me::closing_preview(&services, &resident.0).await?)
}

/// Closes the account after some days of grace; every session ends now, and signing in again takes it back
#[utoipa::path(tag = "me", operation_id = "close_account", security(("bearer" = [])),
    responses((status = 202, description = "Closes", body = ClosingView)))]
#[post("/api/v1/me/closing")]
pub(crate) async fn close_account(
    services: Given,
    resident: Resident,
    context: RequestContext,
    request: web::Json<CloseAccountRequest>,
) -> Answer {
    let code = request.code.reveal().to_owned();
    let closes_at = usecase::ask_to_close(&services, &context, resident.0, code, request.withdraw_cases).await?;
    Ok(HttpResponse::Accepted().json(ClosingView { closes_at }))
}
