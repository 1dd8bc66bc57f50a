//! The requester asks for the media tier and agrees, for this case, that the media get in touch: the consent and the tier are one
//! write.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{Action, Refusal},
        consent::{ConsentChannel, ConsentPurpose},
    },
};

use super::{
    perform::{StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::consent_store::NewConsentRow,
};

/// Asks. `read_version` is the wording of the consent that the person read, when the caller says so.
///
/// # Errors
/// Without the consent; `Stale` when its wording changed since the person read it; what the rules refuse: asked before, kept from
/// the media, with a tier as high already.
pub async fn ask_media(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    consents: bool,
    read_version: Option<&str>,
) -> Result<StepOutcome, Failure> {
    let purpose = ConsentPurpose::MediaContact;
    let wording = services
        .consents
        .of(purpose)
        .ok_or_else(|| Failure::internal("a purpose without wording"))?;
    if !consents {
        return Err(Refusal::NeedsMediaConsent.into());
    }
    if read_version.is_some_and(|version| version != wording.version) {
        return Err(ProblemCode::Stale.into());
    }
    let version = wording.version.clone();
    let asked = (case_id, version.clone());
    perform(services, actor, context, "case.ask_media", &asked, move |scene| {
        let stepped = scene.take(&Act::new(case_id, Action::AskMedia))?;
        let consent = NewConsentRow {
            id: scene.services.next_id(),
            person_id: scene.actor_id()?,
            purpose: purpose.as_str().to_owned(),
            wording_version: version.clone(),
            channel: ConsentChannel::Online.as_str().to_owned(),
            case_id: Some(case_id),
        };
        scene.transaction.append(consent);
        Ok(StepOutcome::from(&stepped))
    })
    .await
}
