//! Registering a device for push messages.

use actix_web::{put, web};
use shared::{
    contract::me::{DeviceView, RegisterDeviceRequest},
    domain::id::DeviceId,
};

use crate::{
    access::{RequestContext, extractor::SignedIn},
    routes::answer::{Answer, Given, ok},
    usecases::me::register_device as usecase,
};

/// Registers a device for push messages, or says that it is still there
#[utoipa::path(tag = "me", operation_id = "register_device", security(("bearer" = [])),
    responses((status = 200, description = "Registered", body = DeviceView)))]
#[put("/api/v1/me/devices")]
pub(crate) async fn register_device(
    services: Given,
    caller: SignedIn,
    context: RequestContext,
    request: web::Json<RegisterDeviceRequest>,
) -> Answer {
    let (provider, token) = (request.provider, request.token.reveal());
    let id = usecase::register_device(&services, &context, caller.0, provider.as_str(), token).await?;
    ok(DeviceView {
        id: DeviceId(id),
        provider,
        seen_at: services.now(),
    })
}
