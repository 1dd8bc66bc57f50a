//! Who reads the audit trail is written down in it first, with what was looked for; who may not is refused, and written down too.

use std::sync::Arc;

use shared::{
    contract::{audit::AuditQuery, problem::ProblemCode},
    domain::role::Role,
};

use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::audit::{self, Act},
};

/// Lets audit administrators go on to read; nothing is said of what was looked for when it cannot be asked for.
///
/// # Errors
/// `Forbidden` for everybody else; the database's failure: what cannot be written down is not read.
pub async fn note_reading(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    looked_for: Option<&AuditQuery>,
) -> Result<(), Failure> {
    let looked_for = serde_json::to_value(looked_for).map_err(Failure::internal)?;
    let act = Act::done("audit.read", "audit", None);
    if !matches!(actor, Actor::Staff(staff) if staff.has(Role::AuditAdmin)) {
        audit::record_refused(services, actor, context, act.refused(ProblemCode::Forbidden.as_str())).await?;
        return Err(ProblemCode::Forbidden.into());
    }
    let (held, who, asked) = (Arc::clone(services), actor.clone(), context.clone());
    let act = act.with(looked_for);
    services
        .database
        .writer
        .write(move |transaction| {
            audit::record_act(&held, transaction, &who, &asked, &act);
            Ok(())
        })
        .await
}
