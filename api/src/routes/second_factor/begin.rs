//! Showing a new secret.

use actix_web::{post, web};
use shared::contract::{
    second_factor::{BeginEnrolmentRequest, EnrolmentView},
    secret::Secret,
};

use crate::{
    access::{RequestContext, extractor::StaffUnsettled},
    routes::answer::{Answer, Given, created},
    usecases::second_factor::{begin as usecase, proof::Proof},
};

/// Shows a new secret for an authenticator app; it is in force once it is confirmed with a code
#[utoipa::path(tag = "second factor", operation_id = "begin_second_factor", security(("bearer" = [])),
    responses((status = 201, description = "The secret; nothing has changed yet", body = EnrolmentView)))]
#[post("/api/v1/staff/me/second-factor/enrolments")]
pub(crate) async fn begin_second_factor(
    services: Given,
    staff: StaffUnsettled,
    context: RequestContext,
    request: web::Json<BeginEnrolmentRequest>,
) -> Answer {
    let present = match (&request.code, &request.recovery_code) {
        (None, None) => None,
        (code, recovery) => Some(Proof::of(
            code.as_ref().map(Secret::reveal),
            recovery.as_ref().map(Secret::reveal),
        )?),
    };
    let password = request.current_password.reveal();
    let enrolment = usecase::begin(&services, &context, staff.0, password, present).await?;
    created(EnrolmentView {
        enrolment: Secret::new(enrolment.note),
        secret: Secret::new(enrolment.secret),
        uri: Secret::new(enrolment.uri),
        until: enrolment.until,
    })
}
