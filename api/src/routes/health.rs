//! Whether the process lives, and whether it can do its work. For load balancers and supervisors.

use actix_web::get;

use super::answer::{Answer, Given, done};
use crate::views::readiness;

/// Whether the process lives
#[utoipa::path(tag = "about", operation_id = "alive", security(()), responses((status = 204, description = "Alive")))]
#[get("/healthz")]
pub(crate) async fn alive() -> Answer {
    done()
}

/// Whether the database answers and takes changes
#[utoipa::path(tag = "about", operation_id = "ready", security(()), responses((status = 204, description = "Ready")))]
#[get("/readyz")]
pub(crate) async fn ready(services: Given) -> Answer {
    readiness::ready(&services).await?;
    done()
}
