//! The actor as the rules see him from one case: which of his roles reach it, and whether it is his own.

use std::collections::BTreeSet;

use shared::domain::{
    case::ActorFacts,
    id::AccountId,
    role::{Reach, Role},
};

use super::Actor;
use crate::{city::City, stores::case_store::CaseRow};

/// Works out what `actor` is to the case. `unit` is the unit of the order concerned, else the case's lead unit.
#[must_use]
pub fn actor_facts(city: &City, actor: &Actor, row: &CaseRow, unit: Option<&str>) -> ActorFacts {
    match actor {
        Actor::Visitor => ActorFacts::visitor(),
        Actor::System => ActorFacts::system(),
        Actor::Person(person) => ActorFacts {
            id: Some(AccountId(person.id)),
            roles: BTreeSet::from([Role::Requester]),
            is_requester: row.requester_id == Some(person.id),
            ..ActorFacts::visitor()
        },
        Actor::Staff(staff) => {
            let unit_path = unit
                .or(row.lead_unit.as_deref())
                .map(|code| city.unit_path(code))
                .unwrap_or_default();
            let region_path = row
                .region
                .as_deref()
                .map(|code| city.region_path(code))
                .unwrap_or_default();
            let reach = Reach {
                unit_path: &unit_path,
                region_path: &region_path,
                kind: row.kind.parse().ok(),
            };
            let (covering, elsewhere): (Vec<_>, Vec<_>) = staff.grants.iter().partition(|grant| grant.covers(&reach));
            let roles: BTreeSet<Role> = covering.iter().map(|grant| grant.role).collect();
            ActorFacts {
                id: Some(AccountId(staff.id)),
                roles_elsewhere: elsewhere
                    .iter()
                    .map(|grant| grant.role)
                    .filter(|role| !roles.contains(role))
                    .collect(),
                roles,
                unit: Some(staff.unit.clone()),
                ..ActorFacts::visitor()
            }
        }
    }
}
