//! Rows 24 and 25: a demand for another redo is judged, and a case is closed with an explanation only by two people.

use std::sync::Arc;

use shared::domain::case::{Action, Particulars};

use super::{
    perform::{StepOutcome, perform_step},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::words::{REASON_LIMIT, optional_text, text},
};

/// Judges the demand: reasonable, and the case is redone; unreasonable, and tier 1 is asked to close it.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn judge_demand(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reasonable: bool,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let action = if reasonable {
        Action::UpholdDemand
    } else {
        Action::DismissDemand
    };
    let act = Act::new(case_id, action).because(text("reason", reason, REASON_LIMIT)?);
    let asked = (case_id, reasonable, reason);
    perform_step(services, actor, context, "case.judge_demand", &asked, act).await
}

/// Asks tier 1 to close the case with an explanation.
///
/// # Errors
/// A missing or too long basis; what the rules refuse.
pub async fn request_close_explained(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    legal_basis: &str,
    reason: Option<&str>,
) -> Result<StepOutcome, Failure> {
    let basis = text("legal_basis", legal_basis, REASON_LIMIT)?;
    let said = optional_text("reason", reason, REASON_LIMIT)?;
    let act = Act {
        detail: serde_json::json!({ "legal_basis": basis, "reason": said }),
        particulars: Particulars {
            legal_basis: Some(basis),
            reason: said,
            ..Particulars::default()
        },
        ..Act::new(case_id, Action::RequestCloseExplained)
    };
    let asked = (case_id, legal_basis, reason);
    perform_step(services, actor, context, "case.request_close_explained", &asked, act).await
}

/// Closes the case with the explanation that the requester reads.
///
/// # Errors
/// A missing or too long explanation; nobody asked; what the rules refuse.
pub async fn close_explained(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = Act::new(case_id, Action::CloseExplained).because(text("reason", reason, REASON_LIMIT)?);
    perform_step(
        services,
        actor,
        context,
        "case.close_explained",
        &(case_id, reason),
        act,
    )
    .await
}

/// Does not close the case.
///
/// # Errors
/// A missing or too long reason; nobody asked; what the rules refuse.
pub async fn deny_close_explained(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = Act::new(case_id, Action::DenyCloseExplained).because(text("reason", reason, REASON_LIMIT)?);
    perform_step(
        services,
        actor,
        context,
        "case.deny_close_explained",
        &(case_id, reason),
        act,
    )
    .await
}
