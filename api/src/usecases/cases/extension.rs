//! Row 15: a unit's leader asks for more time before the limit; a reviewer decides on the first extension, the government
//! inspector on a second. The requester reads why.

use std::sync::Arc;

use shared::domain::case::{Action, Particulars};

use super::{order_of::perform_on_order, perform::StepOutcome};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::words::{REASON_LIMIT, text},
};

/// Asks for `working_days` more.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn request_extension(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    working_days: u32,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let reason = text("reason", reason, REASON_LIMIT)?;
    let detail = serde_json::json!({ "working_days": working_days, "reason": reason });
    let particulars = Particulars {
        reason: Some(reason),
        extension_working_days: Some(working_days),
        ..Particulars::default()
    };
    let act = (order_id, Action::RequestExtension);
    perform_on_order(
        services,
        actor,
        context,
        "order.request_extension",
        act,
        (particulars, detail),
    )
    .await
}

/// Gives the time that was asked for; the requester reads the reason.
///
/// # Errors
/// A missing or too long reason; nobody asked; what the rules refuse.
pub async fn approve_extension(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = (order_id, Action::ApproveExtension);
    perform_on_order(
        services,
        actor,
        context,
        "order.approve_extension",
        act,
        because(reason)?,
    )
    .await
}

/// Leaves the limit as it is.
///
/// # Errors
/// A missing or too long reason; nobody asked; what the rules refuse.
pub async fn deny_extension(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = (order_id, Action::DenyExtension);
    perform_on_order(services, actor, context, "order.deny_extension", act, because(reason)?).await
}

fn because(reason: &str) -> Result<(Particulars, serde_json::Value), Failure> {
    let reason = text("reason", reason, REASON_LIMIT)?;
    let detail = serde_json::json!({ "reason": reason });
    let particulars = Particulars {
        // Told inside a sentence, which ends by itself.
        reason: Some(reason.trim_end_matches('。').to_owned()),
        ..Particulars::default()
    };
    Ok((particulars, detail))
}
