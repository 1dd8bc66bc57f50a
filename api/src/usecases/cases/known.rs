//! A case as far as it was read already, so that a step that follows need not read it again.

use crate::stores::{case_store::CaseRow, order_store::WorkOrderRow, supervision_store::Opening};

/// What is known of a case.
#[derive(Debug, Clone)]
pub struct Known {
    /// The case.
    pub row: CaseRow,
    /// All its orders; none where they were not read.
    pub orders: Option<Vec<WorkOrderRow>>,
    /// What opened its supervisions; none where that was not read.
    pub openings: Option<Vec<Opening>>,
}

impl From<CaseRow> for Known {
    fn from(row: CaseRow) -> Self {
        Self {
            row,
            orders: None,
            openings: None,
        }
    }
}

impl Known {
    /// All of it for a step, which may change everything; the row stays, to be replaced by the one that the step leaves.
    pub(super) fn lend(&mut self) -> Self {
        Self {
            row: self.row.clone(),
            orders: self.orders.take(),
            openings: self.openings.take(),
        }
    }
}
