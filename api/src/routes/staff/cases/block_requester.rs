//! Blocking the requester's account.

use actix_web::{put, web};
use shared::contract::staff_case::BlockRequesterRequest;

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given, done},
        receipts::case_of,
    },
    usecases::cases::block_requester as usecase,
};

/// Blocks the account of a requester who abuses the hotline, or opens it again; the person is told the reason
///
/// A blocked account signs in, reads, and reports emergencies; everything else is answered with `account_blocked`.
#[utoipa::path(tag = "staff cases", operation_id = "block_requester", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 204, description = "Done")))]
#[put("/api/v1/staff/cases/{receipt_no}/requester-block")]
pub(crate) async fn block_requester(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<BlockRequesterRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    usecase::block_requester(&services, staff.0, &context, case, request.blocked, &request.reason).await?;
    done()
}
