//! The case as staff see it.

use actix_web::{get, web};
use shared::contract::staff_case::StaffCaseView;

use crate::{
    access::extractor::Staff,
    routes::{
        answer::{Answer, Given, versioned},
        receipts::case_of,
    },
    views,
};

/// A case with everything that the caller's roles may see of it
#[utoipa::path(tag = "staff cases", operation_id = "show_staff_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "The case", body = StaffCaseView)))]
#[get("/api/v1/staff/cases/{receipt_no}")]
pub(crate) async fn show_staff_case(services: Given, staff: Staff, receipt_no: web::Path<String>) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let view = views::staff::case::show(&services, &staff.0, case).await?;
    versioned(view.version, view)
}
