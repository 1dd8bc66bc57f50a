//! Row 29: what an ended case is archived with. The sweep takes the step; the seal is kept with the case and in the audit trail.

use shared::domain::case::{Action, Particulars};

use super::step::Act;
use crate::{
    database::{StoreError, Transaction},
    stores::{case_parts_store, case_seal, case_store::CaseRow},
};

/// The archiving of a case, with its seal.
pub(super) fn sealed(transaction: &mut Transaction<'_>, row: &CaseRow) -> Result<Act, StoreError> {
    let seal = seal_of(transaction, row)?;
    Ok(Act {
        detail: serde_json::json!({ "seal": seal }),
        particulars: Particulars {
            seal: Some(seal),
            ..Particulars::default()
        },
        ..Act::new(row.id, Action::Archive)
    })
}

/// The seal of a case as it is now.
pub(super) fn seal_of(transaction: &mut Transaction<'_>, row: &CaseRow) -> Result<String, StoreError> {
    let parts = transaction.read(|connection| case_parts_store::read_parts(connection, row.id))?;
    Ok(case_seal::seal(row, &parts))
}
