//! Rows 23 and 24: the requester rates the reply, in the app or on the phone to somebody outside the unit. Satisfied closes the case, dissatisfied has it redone or judged; whoever is
//! merged under another case rates that one's reply, once in each of its cycles.

use std::sync::Arc;

use shared::domain::case::{CaseState, RatingInput};

use super::{
    perform::{StepOutcome, perform},
    step::{Act, Stepped},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::rating_store::RatingRow,
    usecases::words::{REASON_LIMIT, optional_text},
};

/// Rates.
///
/// # Errors
/// A grade or comment out of bounds; what the rules refuse.
pub async fn rate_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    rating: RatingInput,
) -> Result<StepOutcome, Failure> {
    let request = (case_id, rating.clone());
    let rating = RatingInput {
        comment: optional_text("comment", rating.comment.as_deref(), REASON_LIMIT)?,
        ..rating
    };
    let act = Act {
        detail: serde_json::json!({ "grade": rating.grade, "resolved": rating.resolved.as_str() }),
        rating: Some(rating.clone()),
        ..Act::new(case_id, rating.action())
    };
    // What a follow-up clerk hears on the phone.
    let by_proxy = matches!(actor, Actor::Staff(_));
    perform(services, actor, context, "case.rate", &request, move |scene| {
        let rated_by = scene.actor_id()?;
        let stepped = scene.take(&act)?;
        scene.transaction.append(RatingRow {
            id: scene.services.next_id(),
            case_id,
            cycle: rated_cycle(&stepped),
            grade: i64::from(rating.grade),
            resolved: rating.resolved.as_str().to_owned(),
            attitude: rating.attitude.map(i64::from),
            speed: rating.speed.map(i64::from),
            comment: rating.comment.clone(),
            rated_by,
            by_proxy,
        });
        Ok(StepOutcome::from(&stepped))
    })
    .await
}

/// The cycle whose reply was rated: the one before the step, of the primary for a merged case.
fn rated_cycle(stepped: &Stepped) -> i64 {
    let of_primary = stepped.facts.memory.rated_primary_cycle.map(i64::from);
    of_primary
        .filter(|_| stepped.step.from == CaseState::Merged)
        .unwrap_or(stepped.row.cycle)
}
