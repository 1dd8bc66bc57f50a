//! Row 31: the unit's liaison names the handler, or passes the order down inside the own subtree.

use std::sync::Arc;

use serde::Serialize;
use shared::domain::{
    case::Action,
    role::{Grant, Reach, Role},
};

use super::{
    order_of::act_on,
    orders::Assignment,
    perform::{Scene, StepOutcome, perform},
    step::{Act, Stepped},
    telling,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::order_store::{self, WorkOrderRow},
};

/// To whom the order goes.
#[derive(Debug, Clone, Serialize)]
pub struct AssignOrder {
    /// The handler's account.
    pub handler: Option<i64>,
    /// Code of the unit that takes it over.
    pub unit: Option<String>,
}

/// Passes the order on and tells whoever has it now.
///
/// # Errors
/// Nobody named, a unit outside the subtree, a person who is no handler there; what the rules refuse.
pub async fn assign_order(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    request: AssignOrder,
) -> Result<StepOutcome, Failure> {
    if request.handler.is_none() && request.unit.is_none() {
        return Err(Failure::invalid("handler", "请选择承办人或者下级单位"));
    }
    let asked = (order_id, request.clone());
    perform(services, actor, context, "order.assign", &asked, move |scene| {
        let (order, act) = act_on(scene, order_id, Action::Assign)?;
        let act = Act {
            assignment: Assignment {
                handler_id: request.handler,
                unit: request.unit.clone(),
            },
            detail: serde_json::json!({
                "handler": request.handler.map(|handler| handler.to_string()), "unit": request.unit,
            }),
            ..act
        };
        let stepped = scene.take(&act)?;
        check(scene, &order, &request)?;
        tell(scene, &stepped, &request)?;
        Ok(StepOutcome::from(&stepped))
    })
    .await
}

fn check(scene: &mut Scene<'_, '_>, order: &WorkOrderRow, request: &AssignOrder) -> Result<(), Failure> {
    let units = &scene.city.units;
    if !request
        .unit
        .as_ref()
        .is_none_or(|unit| units.in_subtree(&order.unit, unit))
    {
        return Err(Failure::invalid("unit", "只能转给本单位的下级单位"));
    }
    let Some(handler) = request.handler else { return Ok(()) };
    let unit = request.unit.as_ref().unwrap_or(&order.unit);
    let unit_path = scene.city.unit_path(unit);
    let grants = scene
        .transaction
        .read(|connection| order_store::list_handler_grants(connection, handler))?;
    let works_there = grants.iter().any(|(role, root)| {
        role == Role::UnitHandler.as_str()
            && Grant {
                unit: root.clone(),
                ..Grant::everywhere(Role::UnitHandler)
            }
            .covers(&Reach {
                unit_path: &unit_path,
                region_path: &[],
                kind: None,
            })
    });
    if works_there {
        Ok(())
    } else {
        Err(Failure::invalid("handler", "这个人不是该单位的承办人"))
    }
}

fn tell(scene: &mut Scene<'_, '_>, stepped: &Stepped, request: &AssignOrder) -> Result<(), Failure> {
    let (services, now) = (scene.services, scene.services.now());
    if let Some(handler) = request.handler {
        let words = "有一件诉求指派给您承办。";
        telling::notify(services, scene.transaction, handler, &stepped.row, "assign", words, now);
    } else if let Some(order) = &stepped.order {
        let words = "上级单位转来一件工单，请及时办理。";
        telling::tell_unit(services, scene.transaction, order, &stepped.row, "assign", words, now)?;
    }
    Ok(())
}
