//! Puts messages that were given up back among those that wait, with all their tries before them again.

use std::sync::Arc;

use serde_json::json;
use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    stores::outbox_store,
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Messages put back in one write.
const PAGE: i64 = 200;

/// Puts one back, for a system administrator.
///
/// # Errors
/// `Forbidden` for everybody else; `NotFound` when it is no dead letter, or not any more.
pub async fn resend(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    message: i64,
) -> Result<(), Failure> {
    if !actor.runs_the_system() {
        return Err(ProblemCode::Forbidden.into());
    }
    let (shared, held, now, by) = (Arc::clone(services), context.clone(), services.now(), actor.id);
    let actor = Actor::Staff(actor);
    idempotency::once(services, by, context, "outbox.resend", &message, move |transaction| {
        outbox_store::move_to_waiting(transaction, message, now)?;
        let act = Act::done("outbox.resend", "message", Some(message));
        audit::record_act(&shared, transaction, &actor, &held, &act);
        Ok(())
    })
    .await
}

/// Puts one back, for whoever stands at the machine.
///
/// # Errors
/// `NotFound` when it is no dead letter.
pub async fn resend_here(services: &Arc<Services>, message: i64) -> Result<(), Failure> {
    let (shared, now) = (Arc::clone(services), services.now());
    services
        .database
        .writer
        .write(move |transaction| {
            outbox_store::move_to_waiting(transaction, message, now)?;
            let act = Act::done("outbox.resend", "message", Some(message));
            audit::record_act(&shared, transaction, &Actor::System, &RequestContext::default(), &act);
            Ok(())
        })
        .await
}

/// Puts all of them back, for whoever stands at the machine, and answers how many those were.
///
/// # Errors
/// The database's failure; what was put back until then stays so.
pub async fn resend_all_here(services: &Arc<Services>) -> Result<usize, Failure> {
    let mut all = 0;
    loop {
        let (shared, now) = (Arc::clone(services), services.now());
        let moved = services
            .database
            .writer
            .write(move |transaction| -> Result<usize, Failure> {
                let moved = outbox_store::move_all_to_waiting(transaction, now, PAGE)?;
                if moved > 0 {
                    let act = Act::done("outbox.resend_all", "message", None).with(json!({ "messages": moved }));
                    audit::record_act(&shared, transaction, &Actor::System, &RequestContext::default(), &act);
                }
                Ok(moved)
            })
            .await?;
        if moved == 0 {
            return Ok(all);
        }
        all += moved;
    }
}
