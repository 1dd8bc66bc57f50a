//! Row 18: the unit reports one of the steps of its promise as reached, in words for the requester, with photos. A step that is
//! reported late, or never, breaks no promise: only the promised day does.

use std::sync::Arc;

use serde::Serialize;
use shared::domain::{
    case::{Action, Particulars, commitment::end_of},
    deadline::ClockKind,
    photo::PhotoPurpose,
};

use super::{
    order_of::act_on,
    perform::{Scene, StepOutcome, perform},
    step::{Act, Stepped},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::clock_store,
    usecases::{
        photos::expect_photos,
        words::{REASON_LIMIT, text},
    },
};

/// What is reported.
#[derive(Debug, Clone, Serialize)]
pub struct ReachMilestone {
    /// Place of the step in the promise, from 1 on.
    pub milestone: u32,
    /// The words.
    pub text: String,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
}

/// Reports the step.
///
/// # Errors
/// A missing or too long text, what is no photo's hash; a step that is not there or was reported before; what the rules refuse.
pub async fn reach_milestone(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    request: ReachMilestone,
) -> Result<StepOutcome, Failure> {
    let words = text("text", &request.text, REASON_LIMIT)?;
    let asked = (order_id, request.clone());
    perform(
        services,
        actor,
        context,
        "order.reach_milestone",
        &asked,
        move |scene| {
            let (_, act) = act_on(scene, order_id, Action::ReachMilestone)?;
            let place = request
                .milestone
                .checked_sub(1)
                .and_then(|place| usize::try_from(place).ok());
            let act = Act {
                particulars: Particulars {
                    reason: Some(words.trim_end_matches('。').to_owned()),
                    milestone: place,
                    ..Particulars::default()
                },
                detail: serde_json::json!({ "milestone": request.milestone, "text": words }),
                ..act
            };
            let stepped = scene.take(&act)?;
            stop_day(scene, &stepped, place)?;
            let (case_id, subject, uploader) = (stepped.row.id, stepped.event_id, scene.actor_id()?);
            let purpose = PhotoPurpose::Progress;
            expect_photos(
                scene.transaction,
                scene.services,
                case_id,
                subject,
                uploader,
                purpose,
                &request.photos,
            )?;
            Ok(StepOutcome::from(&stepped))
        },
    )
    .await
}

/// The day's clock stops when nothing else is due on it.
fn stop_day(scene: &mut Scene<'_, '_>, stepped: &Stepped, place: Option<usize>) -> Result<(), Failure> {
    let memory = &stepped.facts.memory;
    let reached = place.and_then(|place| memory.milestones.get(place));
    let over = reached.and_then(|milestone| end_of(milestone.day));
    if let Some(over) = over.filter(|over| memory.milestones_ahead().all(|(_, other)| other != *over)) {
        let now = scene.services.now();
        clock_store::stop_due(scene.transaction, stepped.row.id, ClockKind::Milestone, over, now)?;
    }
    Ok(())
}
