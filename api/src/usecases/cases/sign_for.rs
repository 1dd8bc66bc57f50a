//! Row 11: the unit signs for its order. The lead's signature moves the case; a helping unit signs for its own part alone.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{Action, Refusal},
        role::Role,
    },
};

use super::{
    order_of::act_on,
    orders::count_stage,
    perform::{Scene, StepOutcome, perform},
};
use crate::{
    access::{Actor, RequestContext, viewpoint::actor_facts},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        order_store::{self, WorkOrderRow},
        timeline_store::CaseEventRow,
    },
};

/// Signs for the order.
///
/// # Errors
/// An order that is no longer the case's; what the rules refuse.
pub async fn sign_for_order(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
) -> Result<StepOutcome, Failure> {
    perform(services, actor, context, "order.sign_for", &order_id, move |scene| {
        let order = scene
            .transaction
            .read(|connection| order_store::get_order(connection, order_id))?;
        if order.role == "co" {
            return sign_to_help(scene, &order);
        }
        let (_, act) = act_on(scene, order_id, Action::SignFor)?;
        Ok(StepOutcome::from(&scene.take(&act)?))
    })
    .await
}

/// The case stays where it is, so this is no step of its life; the order moves and the timeline keeps it for staff.
fn sign_to_help(scene: &mut Scene<'_, '_>, order: &WorkOrderRow) -> Result<StepOutcome, Failure> {
    let row = scene
        .transaction
        .read(|connection| case_store::get_case(connection, order.case_id))?;
    let facts = row.facts()?;
    let viewpoint = actor_facts(scene.city, scene.actor, &row, Some(&order.unit));
    if viewpoint.roles.is_empty() {
        return Err(ProblemCode::NotFound.into());
    }
    if !viewpoint.roles.contains(&Role::UnitLiaison) {
        return Err(Refusal::RoleNotAllowed.into());
    }
    if order.stage != "to_sign" {
        return Err(Refusal::WrongState.into());
    }
    if scene
        .context
        .expected_version
        .is_some_and(|version| version != row.version)
    {
        return Err(ProblemCode::VersionMismatch.into());
    }
    let signed = WorkOrderRow {
        stage: "handling".to_owned(),
        signed_at: Some(scene.services.now().0),
        ..order.clone()
    };
    count_stage(scene.transaction, order, -1);
    count_stage(scene.transaction, &signed, 1);
    order_store::move_order(scene.transaction, signed);
    tell(scene, &row, order);
    scene.record("case.sign_for", row.id);
    Ok(StepOutcome {
        case_id: row.id,
        version: row.version,
        state: facts.state,
        cycle: facts.cycle,
        due_at: row.due_at,
        order_id: Some(order.id),
    })
}

fn tell(scene: &mut Scene<'_, '_>, row: &CaseRow, order: &WorkOrderRow) {
    scene.transaction.append(CaseEventRow {
        id: scene.services.next_id(),
        case_id: row.id,
        order_id: Some(order.id),
        cycle: row.cycle,
        action: Action::SignFor.as_str().to_owned(),
        actor_id: scene.actor.id(),
        actor_role: Role::UnitLiaison.as_str().to_owned(),
        actor_unit: Some(order.unit.clone()),
        state_before: Some(row.state.clone()),
        state_after: row.state.clone(),
        audience: "staff".to_owned(),
        sentence: None,
        public_sentence: None,
        detail: serde_json::json!({ "helping": true }).to_string(),
    });
}
