//! An own case as lists show it.

use shared::{
    contract::case::{OwnCaseSummary, ProgressView},
    domain::{
        case::{
            CaseState,
            timeline::{DOTS, progress},
        },
        receipt::ReceiptCodec,
        time::Timestamp,
    },
};

use crate::{
    city::City,
    database::{StoreError, ids::made_at},
    stores::{case_store::CaseRow, parse_word},
    views::public::face,
};

/// The summary. A merged case shows how far its primary has come, and that one's unit and limit.
pub(super) fn summary(
    city: &City,
    receipts: &ReceiptCodec,
    row: &CaseRow,
    primary: Option<&CaseRow>,
) -> Result<OwnCaseSummary, StoreError> {
    let facts = row.facts()?;
    let leading = primary.filter(|_| facts.state == CaseState::Merged).unwrap_or(row);
    let place = row.region.as_deref().and_then(|code| city.regions.full_name(code));
    Ok(OwnCaseSummary {
        receipt_no: receipts.write(row.id),
        title: row.title.clone(),
        kind: facts.kind,
        category: face::category(city, row),
        place_name: place.map(str::to_owned),
        state: facts.state,
        state_name: facts.state.name_zh().to_owned(),
        progress: dots(parse_word("cases.state", &leading.state)?),
        unit: leading
            .lead_unit
            .as_deref()
            .map(|code| super::entries::unit(city, code)),
        visibility: facts.visibility,
        outcome: facts.outcome,
        due_at: leading.due_at.map(Timestamp),
        submitted_at: made_at(row.id),
        updated_at: row.updated_at(),
    })
}

fn dots(state: CaseState) -> ProgressView {
    let progress = progress(state);
    ProgressView {
        dots: DOTS.iter().map(|dot| (*dot).to_owned()).collect(),
        reached: progress.reached,
        stopped: progress.stopped,
    }
}
