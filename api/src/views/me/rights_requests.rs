//! Requests about own data, for who asked and for the privacy officer.

use shared::{
    contract::rights::{OpenRightsRequestView, RightsRequestView},
    domain::{
        id::{AccountId, RightsRequestId},
        role::Role,
        time::Timestamp,
    },
};

use crate::{
    access::{PersonActor, StaffActor},
    database::{StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{
        parse_word,
        rights_store::{self, RightsRequestRow},
    },
};

/// Own requests shown at most.
const OWN: i64 = 50;
/// Open requests shown at most; what is answered makes room for the next.
const OPEN: i64 = 200;

/// The own requests, newest first.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn rights_requests(services: &Services, person: &PersonActor) -> Result<Vec<RightsRequestView>, Failure> {
    let id = person.id;
    let rows = services
        .database
        .readers
        .read(move |connection| rights_store::list_of_person(connection, id, OWN).map_err(StoreError::from))
        .await?;
    Ok(rows.into_iter().map(view).collect::<Result<_, _>>()?)
}

/// Everybody's open requests, the soonest due first.
///
/// # Errors
/// `Forbidden` for all but privacy officers; `Busy`.
pub async fn open_rights_requests(
    services: &Services,
    staff: &StaffActor,
) -> Result<Vec<OpenRightsRequestView>, Failure> {
    staff.needs(Role::PrivacyOfficer)?;
    let rows = services
        .database
        .readers
        .read(move |connection| rights_store::list_open(connection, OPEN).map_err(StoreError::from))
        .await?;
    let now = services.now();
    let open = rows.into_iter().map(|row| {
        Ok::<_, StoreError>(OpenRightsRequestView {
            version: row.version,
            account: AccountId(row.person_id),
            overdue: row.due_at <= now.0,
            request: view(row)?,
        })
    });
    Ok(open.collect::<Result<_, _>>()?)
}

fn view(row: RightsRequestRow) -> Result<RightsRequestView, StoreError> {
    Ok(RightsRequestView {
        id: RightsRequestId(row.id),
        kind: parse_word("rights_requests.kind", &row.kind)?,
        text: row.words,
        asked_at: made_at(row.id),
        due_at: Timestamp(row.due_at),
        outcome: row
            .outcome
            .map(|word| parse_word("rights_requests.outcome", &word))
            .transpose()?,
        answer: row.answer,
        answered_at: row.answered_at.map(Timestamp),
    })
}
