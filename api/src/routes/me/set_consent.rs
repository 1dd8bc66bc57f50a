//! Giving or withdrawing a consent.

use actix_web::{put, web};
use shared::{
    contract::me::{ConsentView, SetConsentRequest},
    domain::consent::ConsentPurpose,
};

use crate::{
    access::{RequestContext, extractor::ResidentUnsettled},
    routes::answer::{Answer, Given, ok},
    usecases::me::set_consent as usecase,
    views,
};

/// Gives or withdraws a consent
#[utoipa::path(tag = "me", operation_id = "set_consent", security(("bearer" = [])),
    params(("purpose" = ConsentPurpose, Path, description = "What it is for")),
    responses((status = 200, description = "All consents as they are now", body = Vec<ConsentView>)))]
#[put("/api/v1/me/consents/{purpose}")]
pub(crate) async fn set_consent(
    services: Given,
    resident: ResidentUnsettled,
    context: RequestContext,
    purpose: web::Path<ConsentPurpose>,
    request: web::Json<SetConsentRequest>,
) -> Answer {
    let read_version = request.wording_version.as_deref();
    let person = resident.0.clone();
    usecase::set_consent(&services, &context, person, *purpose, request.given, read_version).await?;
    ok(views::me::consents(&services, &resident.0).await?)
}
