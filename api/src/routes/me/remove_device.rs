//! Removing a device.

use actix_web::{delete, web};
use shared::domain::id::DeviceId;

use crate::{
    access::{RequestContext, extractor::SignedInUnsettled},
    routes::answer::{Answer, Given, done},
    usecases::me::remove_device as usecase,
};

/// Removes a device: nothing is pushed to it any more
#[utoipa::path(tag = "me", operation_id = "remove_device", security(("bearer" = [])),
    params(("id" = DeviceId, Path, description = "The device")),
    responses((status = 204, description = "Removed")))]
#[delete("/api/v1/me/devices/{id}")]
pub(crate) async fn remove_device(
    services: Given,
    caller: SignedInUnsettled,
    context: RequestContext,
    device: web::Path<DeviceId>,
) -> Answer {
    usecase::remove_device(&services, &context, caller.0, device.0).await?;
    done()
}
