//! A holder says how a supervision ended. Failed, the next tier takes the matter over; settled it is only while nobody is late.

use std::sync::Arc;

use shared::domain::{
    case::Refusal,
    supervision::{Cause, SupervisionResult, is_late},
};

use super::bench::{Bench, unversioned};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::{
        cases::{perform::perform, supervise::Found},
        words::{BODY_LIMIT, text},
    },
};

/// Records it.
///
/// # Errors
/// As the bench says; a result that the tier does not have; missing or too long words; `still_late`.
pub async fn record_result(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    id: i64,
    result: SupervisionResult,
    words: &str,
) -> Result<(), Failure> {
    let asked = (id, result, words.to_owned());
    let (_, _, words) = asked.clone();
    perform(
        services,
        actor,
        &unversioned(context),
        "supervision.record_result",
        &asked,
        move |scene| {
            let bench = Bench::hold(scene, id)?;
            if !bench.rule(scene).results.contains(&result) {
                return Err(Failure::invalid("result", "这一级督办不能这样办结"));
            }
            let words = text("text", &words, BODY_LIMIT)?;
            if result == SupervisionResult::Settled && is_late(&bench.case.facts()?, scene.services.now()) {
                return Err(Refusal::StillLate.into());
            }
            if result == SupervisionResult::Failed {
                let found = Found {
                    given_up: Some(&words),
                    ..Found::of(Cause::TierFailed, format!("supervision {id}"))
                };
                scene.open(bench.case.id, &found)?.ok_or(Refusal::AlreadySupervised)?;
            } else {
                scene.end(bench.case.id, bench.held, result, Some(&words))?;
            }
            Ok(())
        },
    )
    .await
}
