//! Rows 12 and 13: a unit asks to be rid of an order that is not its duty; another dispatcher than the first decides.

use std::sync::Arc;

use shared::domain::case::{Action, Particulars};

use super::{order_of::perform_on_order, perform::StepOutcome};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::words::{REASON_LIMIT, optional_text, text},
};

/// Asks to return the order.
///
/// # Errors
/// A missing or too long basis; what the rules refuse.
pub async fn request_return(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    legal_basis: &str,
    reason: Option<&str>,
) -> Result<StepOutcome, Failure> {
    let basis = text("legal_basis", legal_basis, REASON_LIMIT)?;
    let said = optional_text("reason", reason, REASON_LIMIT)?;
    let particulars = Particulars {
        legal_basis: Some(basis),
        reason: said,
        ..Particulars::default()
    };
    step(
        services,
        actor,
        context,
        "order.request_return",
        (order_id, Action::RequestReturn),
        particulars,
    )
    .await
}

/// Takes the order back, for another unit.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn approve_return(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let particulars = because(reason)?;
    step(
        services,
        actor,
        context,
        "order.approve_return",
        (order_id, Action::ApproveReturn),
        particulars,
    )
    .await
}

/// Leaves the order with the unit for good.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn deny_return(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let particulars = because(reason)?;
    step(
        services,
        actor,
        context,
        "order.deny_return",
        (order_id, Action::DenyReturn),
        particulars,
    )
    .await
}

fn because(reason: &str) -> Result<Particulars, Failure> {
    Ok(Particulars {
        reason: Some(text("reason", reason, REASON_LIMIT)?),
        ..Particulars::default()
    })
}

async fn step(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    operation: &'static str,
    act: (i64, Action),
    particulars: Particulars,
) -> Result<StepOutcome, Failure> {
    let detail = serde_json::json!({ "legal_basis": particulars.legal_basis, "reason": particulars.reason });
    perform_on_order(services, actor, context, operation, act, (particulars, detail)).await
}
