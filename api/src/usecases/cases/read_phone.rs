//! Tells somebody who must call the requester the whole number: one case, one reason, one line in the audit trail each time.
//!
//! The hotline's clerks may, and the unit that holds the case while it is open. Of a confidential case the unit learns nothing.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::Visibility,
        redaction::{apply, propose},
        role::Role,
    },
};

use crate::{
    access::{Actor, RequestContext, phone_number::open_number, viewpoint::actor_facts},
    errors::Failure,
    services::Services,
    stores::{case_store::CaseRow, desk_store},
    usecases::{
        audit::{self, Act},
        words::short_and_there,
    },
};

/// Roles of the hotline that call requesters.
const HOTLINE: &[Role] = &[Role::Clerk, Role::FollowUpClerk];
/// Roles of the unit that holds the case.
const OF_UNIT: &[Role] = &[Role::UnitLiaison, Role::UnitHandler, Role::UnitLeader];
/// Characters of a reason.
const REASON_MIN: usize = 4;
const REASON_MAX: usize = 200;

/// Answers the number in the form that is dialled, and writes down who asked for it, and why. A refusal is written down too.
///
/// # Errors
/// `Invalid` without a reason; `NotFound` when no role of the actor reaches the case or nobody asked by phone; `Forbidden`.
pub async fn read_phone(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<String, Failure> {
    let stated = stated(reason).map_err(|failure| failure.detail.unwrap_or_default());
    // The trail holds no personal data, whatever was typed, and nothing of any length.
    let kept = match &stated {
        Ok(()) => apply(reason, &propose(reason)).unwrap_or_default(),
        Err(_) => String::new(),
    };
    let (held, who, asked, city) = (Arc::clone(services), actor.clone(), context.clone(), services.city());
    let sealed = services
        .database
        .writer
        .write(move |transaction| {
            let (row, requester) =
                transaction.read(|connection| desk_store::get_case_with_requester(connection, case_id))?;
            let roles = actor_facts(&city, &who, &row, row.lead_unit.as_deref()).roles;
            if roles.is_empty() {
                return Ok(Err(Failure::new(ProblemCode::NotFound)));
            }
            let act = Act::done("case.read_phone", "case", Some(row.id)).with(json!({ "reason": kept }));
            if !may_read(&row, &roles) {
                let act = act.refused(ProblemCode::Forbidden.as_str());
                audit::record_act(&held, transaction, &who, &asked, &act);
                return Ok(Err(ProblemCode::Forbidden.into()));
            }
            // Who may not read it is told so, whatever the reason.
            if let Err(missing) = &stated {
                return Ok(Err(Failure::invalid("reason", missing.as_str())));
            }
            let Some(requester) = requester else {
                return Ok(Err(
                    Failure::new(ProblemCode::NotFound).with_detail("这件工单没有来电人")
                ));
            };
            audit::record_act(&held, transaction, &who, &asked, &act);
            Ok::<_, Failure>(Ok(requester.phone_cipher))
        })
        .await??;
    Ok(open_number(&services.access.secrets, &sealed)?.to_e164())
}

fn stated(reason: &str) -> Result<(), Failure> {
    let reason = short_and_there("reason", reason, REASON_MAX)?;
    if reason.chars().count() < REASON_MIN {
        return Err(Failure::invalid("reason", "请说明为什么要查看号码，至少 4 个字"));
    }
    Ok(())
}

fn may_read(row: &CaseRow, roles: &BTreeSet<Role>) -> bool {
    let confidential = row.visibility == Visibility::Confidential.as_str();
    let has = |wanted: &[Role]| wanted.iter().any(|role| roles.contains(role));
    has(HOTLINE) || (has(OF_UNIT) && row.lead_unit.is_some() && row.is_open && !confidential)
}
