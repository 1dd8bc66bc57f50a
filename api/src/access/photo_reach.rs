//! What somebody is to a photograph: its sender, the requester of a case that shows it, or staff whose roles reach such a case.
//! Which of these may see what is decided by views and use cases.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::domain::{photo::PhotoPurpose, role::Role};

use super::{Actor, viewpoint::actor_facts};
use crate::{
    city::City,
    database::DbConnection,
    stores::{
        case_store,
        photo_store::{self, PhotoRow},
    },
};

/// What somebody is to a photograph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhotoReach {
    /// Sent it.
    pub uploader: bool,
    /// Requested a case that shows it to the requester.
    pub requester: bool,
    /// The staff roles that reach a case that names it.
    pub roles: BTreeSet<Role>,
}

impl PhotoReach {
    /// Whether the person may know that there is such a photograph.
    #[must_use]
    pub fn knows(&self) -> bool {
        self.uploader || self.requester || !self.roles.is_empty()
    }
}

/// Works out what `actor` is to the photograph.
///
/// # Errors
/// The database's failure.
pub fn photo_reach(
    connection: &mut DbConnection,
    city: &City,
    actor: &Actor,
    photo: &PhotoRow,
) -> QueryResult<PhotoReach> {
    let mut reach = PhotoReach {
        uploader: actor.id() == Some(photo.uploader_id),
        ..PhotoReach::default()
    };
    match actor {
        Actor::Person(person) if !reach.uploader => {
            reach.requester = shown_to(connection, person.id, photo.id)?;
        }
        Actor::Staff(_) => reach.roles = roles_over(connection, city, actor, photo.id)?,
        _ => {}
    }
    Ok(reach)
}

/// A unit's photographs are to be seen by the requester, and by those whose cases are merged under his, once the entry or
/// reply that they belong to is.
fn shown_to(connection: &mut DbConnection, person_id: i64, photo_id: i64) -> QueryResult<bool> {
    let uses = photo_store::list_uses(connection, photo_id)?;
    let report = [PhotoPurpose::Report, PhotoPurpose::Information].map(PhotoPurpose::as_str);
    let mut subjects = Vec::new();
    for (named, case) in &uses {
        let own = case.requester_id == Some(person_id);
        if report.contains(&named.purpose.as_str()) {
            if own {
                return Ok(true);
            }
        } else if own || case_store::has_member(connection, case.id, person_id)? {
            subjects.push(named.subject_id);
        }
    }
    if subjects.is_empty() {
        return Ok(false);
    }
    Ok(!photo_store::list_told(connection, &subjects)?.is_empty())
}

fn roles_over(connection: &mut DbConnection, city: &City, actor: &Actor, photo_id: i64) -> QueryResult<BTreeSet<Role>> {
    let uses = photo_store::list_uses(connection, photo_id)?;
    let case_ids: Vec<i64> = uses.iter().map(|(_, case)| case.id).collect();
    if case_ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let units = photo_store::list_units(connection, &case_ids)?;
    let mut roles = BTreeSet::new();
    for (_, case) in &uses {
        roles.extend(actor_facts(city, actor, case, None).roles);
        for (_, unit) in units.iter().filter(|(id, _)| *id == case.id) {
            roles.extend(actor_facts(city, actor, case, Some(unit)).roles);
        }
    }
    Ok(roles)
}
