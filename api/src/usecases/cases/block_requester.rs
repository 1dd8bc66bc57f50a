//! Blocks the account of somebody who abuses the hotline, and opens it again. The head of dispatch decides, from a case that shows
//! it; the person is told why and whom to ask. Emergencies are taken from a blocked account all the same.

use std::sync::Arc;

use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        redaction::{apply, propose},
        role::Role,
    },
};

use crate::{
    access::{Actor, RequestContext, StaffActor, viewpoint::actor_facts},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{account_store, case_store},
    usecases::{
        account_notice,
        audit::{self, Act},
        idempotency,
        words::{REASON_LIMIT, short_and_there},
    },
};

/// Blocks the requester of the case, or opens the account again.
///
/// # Errors
/// `Invalid` without a reason; `NotFound` when no role of the actor reaches the case or it has no requester; `Forbidden` for
/// everybody but the hotline's supervisor; `ActionNotAllowed` when there is nothing to change.
pub async fn block_requester(
    services: &Arc<Services>,
    actor: StaffActor,
    context: &RequestContext,
    case_id: i64,
    blocked: bool,
    reason: &str,
) -> Result<(), Failure> {
    let reason = short_and_there("reason", reason, REASON_LIMIT)?;
    // Neither the trail nor the notice holds personal data, whatever was typed.
    let reason = apply(&reason, &propose(&reason)).unwrap_or_default();
    let (held, context_, city, staff) = (Arc::clone(services), context.clone(), services.city(), actor.id);
    let who = Actor::Staff(actor);
    let asked = (case_id, blocked, reason.clone());
    let person = idempotency::once(
        services,
        staff,
        context,
        "case.block_requester",
        &asked,
        move |transaction| {
            let row = transaction.read(|connection| case_store::get_case(connection, case_id))?;
            let roles = actor_facts(&city, &who, &row, row.lead_unit.as_deref()).roles;
            if roles.is_empty() {
                return Err(ProblemCode::NotFound.into());
            }
            if !roles.contains(&Role::HotlineSupervisor) {
                return Err(ProblemCode::Forbidden.into());
            }
            let person = row.requester_id.ok_or(ProblemCode::NotFound)?;
            account_store::set_blocked(transaction, person, blocked).map_err(|error| match error {
                StoreError::Stale => Failure::new(ProblemCode::ActionNotAllowed).with_detail("账号已经是这个状态"),
                other => other.into(),
            })?;
            let (action, topic, title, body) = told(blocked, &reason);
            account_notice::tell(&held, transaction, person, topic, title, &body);
            let act = Act::done(action, "person", Some(person)).with(json!({ "case": row.id, "reason": reason }));
            audit::record_act(&held, transaction, &who, &context_, &act);
            Ok(person)
        },
    )
    .await?;
    services.access.callers.forget(person);
    Ok(())
}

/// The act's name; topic, title and words of the notice.
fn told(blocked: bool, reason: &str) -> (&'static str, &'static str, &'static str, String) {
    if blocked {
        let body = format!(
            "您的账号现在只能反映紧急情况、查看自己的诉求。原因：{reason}。如果您认为有误，请拨打12345说明情况。"
        );
        ("person.block", "account_blocked", "您的账号已被限制", body)
    } else {
        let body = "您可以像以前一样反映诉求了。".to_owned();
        ("person.unblock", "account_unblocked", "您的账号已恢复", body)
    }
}
