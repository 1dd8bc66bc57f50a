//! Rows 3 and 32: the requester answers the clerk's question, or adds something of his own accord, also through a clerk on the
//! phone. What was there stays as it is.

use std::sync::Arc;

use shared::domain::{case::Action, photo::PhotoPurpose};

use super::{
    perform::{StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::{
        photos::expect_photos,
        words::{BODY_LIMIT, text},
    },
};

/// Words and photos that come later.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Information {
    /// The words.
    pub text: String,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
}

/// Answers the clerk's question: the case goes back to acceptance.
///
/// # Errors
/// Words or photos out of bounds; what the rules refuse.
pub async fn supply_information(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    information: Information,
) -> Result<StepOutcome, Failure> {
    let act = Act::new(case_id, Action::SupplyInformation);
    bring(services, actor, context, "case.supply_information", act, information).await
}

/// Adds words and photos; clocks go on as they were.
///
/// # Errors
/// Words or photos out of bounds; what the rules refuse.
pub async fn add_information(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    information: Information,
) -> Result<StepOutcome, Failure> {
    let act = Act {
        for_requester: matches!(actor, Actor::Staff(_)),
        ..Act::new(case_id, Action::AddInformation)
    };
    bring(services, actor, context, "case.add_information", act, information).await
}

async fn bring(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    operation: &'static str,
    act: Act,
    information: Information,
) -> Result<StepOutcome, Failure> {
    let words = text("text", &information.text, BODY_LIMIT)?;
    let request = (act.case_id, information.clone());
    let act = Act {
        detail: serde_json::json!({ "text": words }),
        ..act
    };
    perform(services, actor, context, operation, &request, move |scene| {
        let uploader = scene.actor_id()?;
        let stepped = scene.take(&act)?;
        expect_photos(
            scene.transaction,
            scene.services,
            act.case_id,
            stepped.event_id,
            uploader,
            PhotoPurpose::Information,
            &information.photos,
        )?;
        Ok(StepOutcome::from(&stepped))
    })
    .await
}
