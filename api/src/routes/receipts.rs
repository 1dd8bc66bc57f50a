//! From a receipt number in a path to the case's id. Whether the caller may see the case is decided elsewhere.

use shared::{contract::problem::ProblemCode, domain::receipt::ReceiptError};

use crate::{errors::Failure, services::Services};

/// The case with this receipt number.
///
/// # Errors
/// `NotFound`, with a hint when the number looks mistyped.
pub fn case_of(services: &Services, receipt_no: &str) -> Result<i64, Failure> {
    services.receipts.read(receipt_no).map_err(|error| {
        let failure = Failure::new(ProblemCode::NotFound);
        match error {
            ReceiptError::Mistyped => failure.with_detail("编号好像输错了一位，请核对后再试"),
            ReceiptError::Malformed | ReceiptError::Prefix => failure,
        }
    })
}
