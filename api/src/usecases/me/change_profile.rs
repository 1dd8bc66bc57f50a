//! A resident changes how to be addressed.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, PersonActor, RequestContext},
    errors::Failure,
    services::Services,
    stores::account_store,
    usecases::{
        audit::{self, Act},
        idempotency, words,
    },
};

/// Sets the name; empty removes it, none leaves it.
///
/// # Errors
/// `Invalid` for a name that is too long; `VersionMismatch` when `If-Match` names another version.
pub async fn change_profile(
    services: &Arc<Services>,
    context: &RequestContext,
    person: PersonActor,
    display_name: Option<&str>,
) -> Result<(), Failure> {
    let Some(name) = display_name else { return Ok(()) };
    let name = Some(words::short("display_name", name, 40)?).filter(|name| !name.is_empty());
    let (shared, context_, asked) = (Arc::clone(services), context.clone(), name.clone());
    idempotency::once(
        services,
        person.id,
        context,
        "profile.change",
        &asked,
        move |transaction| {
            let row = transaction.read(|connection| account_store::get_person(connection, person.id))?;
            if context_.expected_version.is_some_and(|version| version != row.version) {
                return Err(ProblemCode::VersionMismatch.into());
            }
            account_store::set_display_name(transaction, row.id, row.version, name.as_deref())?;
            let act = Act::done("profile.change", "person", Some(row.id));
            audit::record_act(&shared, transaction, &Actor::Person(person.clone()), &context_, &act);
            Ok(())
        },
    )
    .await
}
