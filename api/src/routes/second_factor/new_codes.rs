//! New recovery codes.

use actix_web::{post, web};
use shared::contract::{
    second_factor::{RecoveryCodesView, SecondFactorRequest},
    secret::Secret,
};

use super::codes_view;
use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, created},
    usecases::second_factor::{new_codes as usecase, proof::Proof},
};

/// Makes ten new recovery codes, shown once; the earlier ones are void
#[utoipa::path(tag = "second factor", operation_id = "make_recovery_codes", security(("bearer" = [])),
    responses((status = 201, description = "The codes", body = RecoveryCodesView)))]
#[post("/api/v1/staff/me/second-factor/recovery-codes")]
pub(crate) async fn make_recovery_codes(
    services: Given,
    staff: Staff,
    context: RequestContext,
    request: web::Json<SecondFactorRequest>,
) -> Answer {
    let proof = Proof::of(
        request.code.as_ref().map(Secret::reveal),
        request.recovery_code.as_ref().map(Secret::reveal),
    )?;
    created(codes_view(
        usecase::make_new_codes(&services, &context, staff.0, proof).await?,
    ))
}
