//! Staff close a case to more eyes than its requester did, for the sake of somebody's privacy (rule book 6.5). Opening it again
//! takes the requester's new consent and is not done here.

use std::sync::Arc;

use shared::domain::case::{Action, Particulars, Visibility};

use super::{
    perform::{StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::photo_key_store,
    usecases::words::{REASON_LIMIT, text},
};

/// Tightens. What was released to the public is taken back; the files of public photos go with the next tidying.
///
/// # Errors
/// A missing or too long reason; what the rules refuse, above all anything looser.
pub async fn tighten_visibility(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    visibility: Visibility,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let reason = text("reason", reason, REASON_LIMIT)?;
    let asked = (case_id, visibility, reason.clone());
    let act = Act {
        detail: serde_json::json!({ "visibility": visibility.as_str(), "reason": reason }),
        particulars: Particulars {
            // Told inside a sentence, which ends by itself.
            reason: Some(reason.trim_end_matches('。').to_owned()),
            visibility: Some(visibility),
            ..Particulars::default()
        },
        ..Act::new(case_id, Action::TightenVisibility)
    };
    perform(
        services,
        actor,
        context,
        "case.tighten_visibility",
        &asked,
        move |scene| {
            let stepped = scene.take(&act)?;
            photo_key_store::take_back_copies(scene.transaction, &[case_id])?;
            Ok(StepOutcome::from(&stepped))
        },
    )
    .await
}
