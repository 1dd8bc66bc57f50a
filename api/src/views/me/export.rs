//! Where the own export stands.

use shared::{
    contract::{own_account::ExportView, problem::ProblemCode},
    domain::{id::ExportId, time::Timestamp},
};

use crate::{
    access::PersonActor,
    database::{StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{export_store, parse_word},
};

/// The own export: the one with this id, or the one there is.
///
/// # Errors
/// `NotFound` when there is none, or not this one.
pub async fn export(services: &Services, person: &PersonActor, id: Option<i64>) -> Result<ExportView, Failure> {
    let owner = person.id;
    let row = services
        .database
        .readers
        .read(move |connection| export_store::find_export(connection, owner).map_err(StoreError::from))
        .await?;
    let row = row
        .filter(|row| id.is_none_or(|id| id == row.id))
        .ok_or(ProblemCode::NotFound)?;
    Ok(ExportView {
        id: ExportId(row.id),
        state: parse_word("exports.state", &row.state)?,
        percent: row.percent,
        bytes: row.byte_count,
        asked_at: made_at(row.id),
        kept_until: Timestamp(row.kept_until),
    })
}
