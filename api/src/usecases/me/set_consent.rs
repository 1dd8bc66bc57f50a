//! A resident gives or withdraws a consent that is not bound to one case.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::consent::{ConsentChannel, ConsentPurpose},
};

use crate::{
    access::{Actor, PersonActor, RequestContext},
    errors::Failure,
    services::Services,
    stores::consent_store::{self, NewConsentRow},
    usecases::{
        audit::{self, Act},
        idempotency,
        moderation::withdraw_publication,
        photos::discard_named,
    },
};

/// Gives (the wording in force) or withdraws. `read_version` is the wording that the person read, when the caller says so.
///
/// # Errors
/// `Stale` when the wording changed since the person read it.
pub async fn set_consent(
    services: &Arc<Services>,
    context: &RequestContext,
    person: PersonActor,
    purpose: ConsentPurpose,
    given: bool,
    read_version: Option<&str>,
) -> Result<(), Failure> {
    let wording = services
        .consents
        .of(purpose)
        .ok_or_else(|| Failure::internal("a purpose without wording"))?;
    if given && read_version.is_some_and(|version| version != wording.version) {
        return Err(ProblemCode::Stale.into());
    }
    let version = wording.version.clone();
    let (shared, context_, now) = (Arc::clone(services), context.clone(), services.now().0);
    let asked = (purpose, given, version.clone());
    let copies: Vec<String> = idempotency::once(
        services,
        person.id,
        context,
        "consent.set",
        &asked,
        move |transaction| {
            let standing = transaction.read(|connection| consent_store::list_standing(connection, person.id))?;
            let mut of_purpose = standing.iter().filter(|row| row.purpose == purpose.as_str());
            if given && of_purpose.any(|row| row.wording_version == version) {
                return Ok(vec![]);
            }
            consent_store::move_to_withdrawn(transaction, person.id, purpose.as_str(), now)?;
            // Given case by case, taken back at once, as easily as it was given.
            if !given && purpose == ConsentPurpose::MediaContact {
                consent_store::move_of_cases_to_withdrawn(transaction, person.id, purpose.as_str(), now)?;
            }
            let copies = if !given && purpose == ConsentPurpose::Publication {
                withdraw_publication(&shared, transaction, person.id)?
            } else {
                vec![]
            };
            if given {
                transaction.append(NewConsentRow {
                    id: shared.next_id(),
                    person_id: person.id,
                    purpose: purpose.as_str().to_owned(),
                    wording_version: version.clone(),
                    channel: ConsentChannel::Online.as_str().to_owned(),
                    case_id: None,
                });
            }
            let action = if given { "consent.give" } else { "consent.withdraw" };
            let act = Act::done(action, "person", Some(person.id))
                .with(serde_json::json!({ "purpose": purpose.as_str(), "version": version }));
            audit::record_act(&shared, transaction, &Actor::Person(person.clone()), &context_, &act);
            Ok(copies)
        },
    )
    .await?;
    discard_named(services, &copies).await;
    Ok(())
}
