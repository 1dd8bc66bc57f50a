//! Row 33: the requester asks how it goes, at most once a working day. It reminds and is counted; it restarts no clock.

use std::sync::Arc;

use shared::domain::case::Action;

use super::{
    perform::{StepOutcome, perform_step},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
};

/// Urges.
///
/// # Errors
/// What the rules refuse: `urged_today`.
pub async fn urge(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
) -> Result<StepOutcome, Failure> {
    let act = Act::new(case_id, Action::Urge);
    perform_step(services, actor, context, "case.urge", &case_id, act).await
}
