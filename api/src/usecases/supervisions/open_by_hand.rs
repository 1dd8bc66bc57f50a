//! A supervisor opens a supervision by hand: the cause names the tier, and the reason is kept.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::Refusal,
        consent::ConsentPurpose,
        supervision::{Cause, SUPERVISORS},
    },
};

use crate::{
    access::{Actor, RequestContext, viewpoint::actor_facts},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        consent_store,
    },
    usecases::{
        cases::{
            perform::{Scene, StepOutcome, perform},
            supervise::Found,
        },
        words::{REASON_LIMIT, text},
    },
};

/// Opens it.
///
/// # Errors
/// `NotFound` or `Forbidden` for who does not supervise the case; a cause that the platform finds by itself; a missing or too
/// long reason; the media without the requester's consent; `ActionNotAllowed` when a tier as high holds the matter already.
pub async fn open_by_hand(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    cause: Cause,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let said = text("reason", reason, REASON_LIMIT);
    let asked = (case_id, cause, reason);
    perform(services, actor, context, "case.supervise", &asked, move |scene| {
        let row = scene
            .transaction
            .read(|connection| case_store::get_case(connection, case_id))?;
        may_supervise(scene, &row)?;
        let said = said
            .as_ref()
            .map_err(|failure| Failure::invalid("reason", failure.detail.clone().unwrap_or_default()))?;
        if cause.is_found_by_platform() {
            return Err(Failure::invalid("cause", "这个原因由系统认定，请选择其他原因"));
        }
        if cause == Cause::RequesterAsks {
            consented(scene, &row)?;
        }
        let found = Found {
            reason: Some(said),
            ..Found::of(cause, format!("cycle {}", row.cycle))
        };
        let opened = scene.open(case_id, &found)?.ok_or(Refusal::AlreadySupervised)?;
        Ok(StepOutcome::from(&opened))
    })
    .await
}

fn may_supervise(scene: &Scene<'_, '_>, row: &CaseRow) -> Result<(), Failure> {
    let roles = actor_facts(scene.city, scene.actor, row, None).roles;
    if SUPERVISORS.iter().any(|role| roles.contains(role)) {
        return Ok(());
    }
    let known = row.is_public() || !roles.is_empty();
    Err(if known {
        ProblemCode::Forbidden.into()
    } else {
        ProblemCode::NotFound.into()
    })
}

/// The requester has to agree to the media.
fn consented(scene: &mut Scene<'_, '_>, row: &CaseRow) -> Result<(), Failure> {
    let purpose = ConsentPurpose::MediaContact.as_str();
    let standing = match row.requester_id {
        Some(requester) => scene
            .transaction
            .read(|connection| consent_store::list_standing(connection, requester))?,
        None => Vec::new(),
    };
    if standing.iter().any(|consent| consent.purpose == purpose) {
        Ok(())
    } else {
        Err(Refusal::NeedsConsent.into())
    }
}
