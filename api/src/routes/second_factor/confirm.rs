//! Putting a secret in force.

use actix_web::{put, web};
use shared::contract::second_factor::{ConfirmEnrolmentRequest, RecoveryCodesView};

use super::codes_view;
use crate::{
    access::{RequestContext, extractor::StaffUnsettled},
    routes::answer::{Answer, Given, ok},
    usecases::second_factor::confirm as usecase,
};

/// Puts the secret in force with a code of it, ends all other sessions, and shows the recovery codes once
#[utoipa::path(tag = "second factor", operation_id = "confirm_second_factor", security(("bearer" = [])),
    responses((status = 200, description = "In force", body = RecoveryCodesView)))]
#[put("/api/v1/staff/me/second-factor")]
pub(crate) async fn confirm_second_factor(
    services: Given,
    staff: StaffUnsettled,
    context: RequestContext,
    request: web::Json<ConfirmEnrolmentRequest>,
) -> Answer {
    let (enrolment, code) = (request.enrolment.reveal(), request.code.reveal());
    ok(codes_view(
        usecase::confirm(&services, &context, staff.0, enrolment, code).await?,
    ))
}
