//! Row 8: following a public case brings its news and nothing more; it changes nothing of the case and ends at any time.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::case::{Action, Visibility, decide},
};

use crate::{
    access::{Actor, PersonActor, RequestContext, viewpoint::actor_facts},
    city::City,
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::{
        case_store,
        follow_store::{self, FollowRow},
    },
    usecases::{audit, idempotency},
};

/// Follows the case; once more changes nothing.
///
/// # Errors
/// `NotFound` for what is not public; what the rules refuse.
pub async fn follow_case(
    services: &Arc<Services>,
    person: PersonActor,
    context: &RequestContext,
    case_id: i64,
) -> Result<(), Failure> {
    let (held, city, who, context_) = (Arc::clone(services), services.city(), person.id, context.clone());
    let actor = Actor::Person(person);
    let followed = idempotency::once(services, who, context, "case.follow", &case_id, move |transaction| {
        if transaction.read(|connection| follow_store::follows_case(connection, case_id, who))? {
            return Ok(());
        }
        may_follow(&held, &city, transaction, &actor, case_id)?;
        transaction.append(FollowRow {
            case_id,
            person_id: who,
            since: held.now().0,
        });
        let case = audit::Object {
            kind: "case",
            id: Some(case_id),
        };
        audit::record(&held, transaction, &actor, &context_, "case.follow", case);
        Ok(())
    })
    .await;
    match followed {
        // The same person was faster on another device.
        Err(failure) if failure.code == ProblemCode::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Stops following; without following, nothing happens.
///
/// # Errors
/// The database's failure.
pub async fn unfollow_case(
    services: &Arc<Services>,
    person: PersonActor,
    context: &RequestContext,
    case_id: i64,
) -> Result<(), Failure> {
    let (held, who, context_) = (Arc::clone(services), person.id, context.clone());
    let actor = Actor::Person(person);
    idempotency::once(services, who, context, "case.unfollow", &case_id, move |transaction| {
        if follow_store::delete_follow(transaction, case_id, who)? > 0 {
            let case = audit::Object {
                kind: "case",
                id: Some(case_id),
            };
            audit::record(&held, transaction, &actor, &context_, "case.unfollow", case);
        }
        Ok(())
    })
    .await
}

fn may_follow(
    services: &Services,
    city: &City,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    case_id: i64,
) -> Result<(), Failure> {
    let row = transaction.read(|connection| case_store::get_case(connection, case_id))?;
    let (facts, viewpoint) = (row.facts()?, actor_facts(city, actor, &row, None));
    if facts.visibility != Visibility::Public && !viewpoint.is_requester {
        return Err(ProblemCode::NotFound.into());
    }
    decide(Action::Follow, &facts, &viewpoint, services.now(), &city.calendar)?;
    Ok(())
}
