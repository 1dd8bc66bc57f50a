//! Whom a unit's orders can be given to: those who handle for it or for a unit above it. What a person may do with a case is decided
//! when the order is assigned.

use shared::{
    contract::{
        account::{UnitPeopleView, UnitPersonView},
        problem::ProblemCode,
    },
    domain::{id::AccountId, role::Role},
};

use crate::{access::StaffActor, database::StoreError, errors::Failure, services::Services, stores::staff_store};

/// Names shown at most.
const MOST: i64 = 500;

/// The people who can be given an order of the unit, by name.
///
/// # Errors
/// `Forbidden` for whoever is neither its liaison, or that of a unit above it, nor an administrator; `NotFound`.
pub async fn list(services: &Services, viewer: &StaffActor, code: &str) -> Result<UnitPeopleView, Failure> {
    let city = services.city();
    let path = city.unit_path(code);
    let assigns = viewer
        .grants
        .iter()
        .any(|grant| grant.role == Role::UnitLiaison && grant.unit.as_deref().is_none_or(|root| path.contains(&root)));
    if !assigns && !viewer.manages_accounts() && !viewer.runs_the_system() {
        return Err(ProblemCode::Forbidden.into());
    }
    if city.units.get(code).is_none() {
        return Err(ProblemCode::NotFound.into());
    }
    let (units, now) = (path.into_iter().map(str::to_owned).collect::<Vec<_>>(), services.now());
    let people = services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            Ok(staff_store::list_people(
                connection,
                Role::UnitHandler,
                &units,
                now.0,
                MOST,
            )?)
        })
        .await?;
    let view = |(id, name)| UnitPersonView {
        id: AccountId(id),
        name,
        role: Role::UnitHandler,
        role_name: Role::UnitHandler.name_zh().to_owned(),
    };
    Ok(UnitPeopleView {
        items: people.into_iter().map(view).collect(),
    })
}
