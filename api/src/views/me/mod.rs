//! What a signed-in resident sees of the own account.

mod closing;
mod export;
mod notice_settings;
mod rights_requests;

pub use self::{
    closing::closing_preview,
    export::export,
    notice_settings::notice_settings,
    rights_requests::{open_rights_requests, rights_requests},
};

use shared::{
    contract::me::{ConsentView, ProfileView},
    domain::{consent::ConsentPurpose, id::AccountId},
};

use crate::{
    access::{PersonActor, phone_number::open_number},
    database::{StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{account_store, consent_store},
};

/// The own profile; the number masked.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn profile(services: &Services, person: &PersonActor) -> Result<ProfileView, Failure> {
    let id = person.id;
    let row = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(account_store::get_person(connection, id)?))
        .await?;
    let number = open_number(&services.access.secrets, &row.phone_cipher)?;
    Ok(ProfileView {
        id: AccountId(row.id),
        phone: number.masked(),
        display_name: row.display_name,
        has_password: row.password_hash.is_some(),
        locale: row.locale,
        registered_at: made_at(row.id),
        version: row.version,
    })
}

/// Each purpose with the wording in force and whether the person agreed.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn consents(services: &Services, person: &PersonActor) -> Result<Vec<ConsentView>, Failure> {
    let id = person.id;
    let standing = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(consent_store::list_standing(connection, id)?))
        .await?;
    Ok(ConsentPurpose::ALL
        .iter()
        .filter_map(|purpose| {
            let wording = services.consents.of(*purpose)?;
            let given = standing.iter().rfind(|row| row.purpose == purpose.as_str());
            Some(ConsentView {
                purpose: *purpose,
                given: given.is_some(),
                given_at: given.map(|row| made_at(row.id)),
                given_version: given.map(|row| row.wording_version.clone()),
                wording_version: wording.version.clone(),
                wording: wording.text.clone(),
            })
        })
        .collect())
}
