//! From a work order's id to the case that an act on it moves: only the order that stands for the case now does.

use std::sync::Arc;

use serde_json::Value;
use shared::{
    contract::problem::ProblemCode,
    domain::case::{Action, Particulars},
};

use super::{
    orders,
    perform::{Scene, StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext, viewpoint::actor_facts},
    errors::Failure,
    services::Services,
    stores::{
        case_store,
        order_store::{self, WorkOrderRow},
    },
};

/// The order, with the case's act on it prepared.
pub(super) fn act_on(scene: &mut Scene<'_, '_>, order_id: i64, action: Action) -> Result<(WorkOrderRow, Act), Failure> {
    let all = scene
        .transaction
        .read(|connection| order_store::list_siblings(connection, order_id))?;
    let stands = orders::current(&all).is_some_and(|current| current.id == order_id);
    let order = all.into_iter().find(|order| order.id == order_id);
    let order = order.ok_or(ProblemCode::NotFound)?;
    if !stands {
        let row = scene
            .transaction
            .read(|connection| case_store::get_case(connection, order.case_id))?;
        let viewpoint = actor_facts(scene.city, scene.actor, &row, Some(&order.unit));
        if viewpoint.roles.is_empty() {
            return Err(ProblemCode::NotFound.into());
        }
        let why = if order.role == "co" {
            "这一步由主办单位来做，协办单位请更新进展"
        } else {
            "这一单已经结束，请看最新的工单"
        };
        let helps = order.role == "co"
            && order.cycle == row.cycle
            && matches!(action, Action::AddProgress)
            && !matches!(order.stage.as_str(), "finished" | "returned" | "cancelled");
        if !helps {
            return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail(why));
        }
    }
    let act = Act {
        order_id: Some(order.id),
        ..Act::new(order.case_id, action)
    };
    Ok((order, act))
}

/// An act on an order that is nothing but its step. The request is told apart by the order and `detail`, which the timeline
/// keeps for staff.
pub(super) async fn perform_on_order(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    operation: &'static str,
    (order_id, action): (i64, Action),
    (particulars, detail): (Particulars, Value),
) -> Result<StepOutcome, Failure> {
    let asked = (order_id, detail.clone());
    perform(services, actor, context, operation, &asked, move |scene| {
        let (_, act) = act_on(scene, order_id, action)?;
        let act = Act {
            particulars: particulars.clone(),
            detail: detail.clone(),
            ..act
        };
        Ok(StepOutcome::from(&scene.take(&act)?))
    })
    .await
}
