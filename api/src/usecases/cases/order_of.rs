//! From a work order's id to the case that an act on it moves: only the order that stands for the case now does.

use shared::{contract::problem::ProblemCode, domain::case::Action};

use super::{orders, perform::Scene, step::Act};
use crate::{
    access::viewpoint::actor_facts,
    errors::Failure,
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
