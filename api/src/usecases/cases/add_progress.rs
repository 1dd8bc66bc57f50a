//! Row 14: what was done so far, for the requester or for colleagues, with photos.

use std::sync::Arc;

use serde::Serialize;
use shared::domain::{
    case::{Action, Particulars},
    photo::PhotoPurpose,
};

use super::{
    order_of::act_on,
    perform::{StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::{
        photos::expect_photos,
        words::{REASON_LIMIT, text},
    },
};

/// What is added.
#[derive(Debug, Clone, Serialize)]
pub struct AddProgress {
    /// The words.
    pub text: String,
    /// Whether the requester reads them.
    pub public: bool,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
}

/// Adds the progress.
///
/// # Errors
/// A missing or too long text, what is no photo's hash; what the rules refuse.
pub async fn add_progress(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    request: AddProgress,
) -> Result<StepOutcome, Failure> {
    let words = text("text", &request.text, REASON_LIMIT)?;
    let asked = (order_id, request.clone());
    perform(services, actor, context, "order.add_progress", &asked, move |scene| {
        let (_, act) = act_on(scene, order_id, Action::AddProgress)?;
        let act = Act {
            particulars: Particulars {
                reason: request.public.then(|| words.trim_end_matches('。').to_owned()),
                ..Particulars::default()
            },
            public_progress: request.public,
            detail: serde_json::json!({ "text": words, "public": request.public }),
            ..act
        };
        let stepped = scene.take(&act)?;
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
    })
    .await
}
