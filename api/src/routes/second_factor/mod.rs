//! The second factor of staff.

pub mod begin;
pub mod confirm;
pub mod new_codes;
pub mod reset;

use shared::contract::{second_factor::RecoveryCodesView, secret::Secret};

fn codes_view(codes: Vec<String>) -> RecoveryCodesView {
    RecoveryCodesView {
        codes: codes.into_iter().map(Secret::new).collect(),
    }
}
