//! Reading the requester's number.

use actix_web::{post, web};
use shared::contract::staff_case::{ReadPhoneRequest, RequesterPhoneView};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given, ok},
        receipts::case_of,
    },
    usecases::cases::read_phone as usecase,
};

/// Shows the requester's whole number to who has to call; the reason goes into the audit trail
#[utoipa::path(tag = "staff cases", operation_id = "read_requester_phone", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "The number", body = RequesterPhoneView)))]
#[post("/api/v1/staff/cases/{receipt_no}/requester-phone")]
pub(crate) async fn read_requester_phone(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReadPhoneRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let phone = usecase::read_phone(&services, &Actor::Staff(staff.0), &context, case, &request.reason).await?;
    ok(RequesterPhoneView { phone })
}
