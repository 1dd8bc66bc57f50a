//! Rows 10 and 30: a case gets its unit, by the catalogue's suggestion, by the dispatcher's own choice, or named for good.

use std::sync::Arc;

use serde::Serialize;
use shared::domain::{
    case::{Action, Particulars},
    catalogue::DispatchSuggestion,
    unit::UnitLevel,
};

use super::{
    perform::{Scene, StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    city::City,
    errors::Failure,
    services::Services,
    stores::case_store::{self, CaseRow},
    usecases::words::{REASON_LIMIT, optional_text},
};

/// Units that help at most.
const MOST_HELPERS: usize = 6;

/// Who gets it.
#[derive(Debug, Clone, Serialize)]
pub struct GiveToUnit {
    /// Code of the lead unit; the catalogue's best suggestion when absent.
    pub lead: Option<String>,
    /// Codes of the helping units.
    pub co: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Dispatches the case.
///
/// # Errors
/// An unknown unit, a township for what is not its duty, no suggestion where none is named; what the rules refuse.
pub async fn dispatch_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    request: GiveToUnit,
) -> Result<StepOutcome, Failure> {
    give(
        services,
        actor,
        context,
        ("case.dispatch", Action::Dispatch),
        case_id,
        request,
    )
    .await
}

/// Names the unit for good.
///
/// # Errors
/// As [`dispatch_case`], and a missing reason.
pub async fn designate_unit(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    request: GiveToUnit,
) -> Result<StepOutcome, Failure> {
    give(
        services,
        actor,
        context,
        ("case.designate", Action::Designate),
        case_id,
        request,
    )
    .await
}

async fn give(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    (operation, action): (&'static str, Action),
    case_id: i64,
    request: GiveToUnit,
) -> Result<StepOutcome, Failure> {
    check(&services.city(), &request)?;
    let asked = (case_id, request.clone());
    perform(services, actor, context, operation, &asked, move |scene| {
        let chosen = choose(scene, case_id, action, &request);
        let act = |(particulars, basis): Chosen| Act {
            detail: serde_json::json!({ "basis": basis, "reason": particulars.reason }),
            particulars,
            ..Act::new(case_id, action)
        };
        match chosen {
            Ok(chosen) => Ok(StepOutcome::from(&scene.take(&act(chosen))?)),
            // Whether the actor may dispatch at all comes before what is wrong with his choice.
            Err(failure) => Err(scene.take(&act(Chosen::default())).err().map_or(failure, |refused| {
                if refused.reason == Some("needs_unit") {
                    Failure::invalid("lead", NO_SUGGESTION)
                } else {
                    refused
                }
            })),
        }
    })
    .await
}

const NO_SUGGESTION: &str = "派单目录里没有匹配的单位，请选择主办单位";

fn check(city: &City, request: &GiveToUnit) -> Result<(), Failure> {
    let known = |code: &String| city.units.get(code).is_some();
    if !request.lead.as_ref().is_none_or(known) {
        return Err(Failure::invalid("lead", "没有这个单位"));
    }
    if request.co.len() > MOST_HELPERS || !request.co.iter().all(known) {
        return Err(Failure::invalid("co", "协办单位最多 6 个，而且要在单位名录里"));
    }
    optional_text("reason", request.reason.as_deref(), REASON_LIMIT)?;
    Ok(())
}

/// The units with the reason, and what the duty lists say for them.
type Chosen = (Particulars, Option<String>);

fn choose(scene: &mut Scene<'_, '_>, case_id: i64, action: Action, request: &GiveToUnit) -> Result<Chosen, Failure> {
    let row = scene
        .transaction
        .read(|connection| case_store::get_case(connection, case_id))?;
    let suggestions = suggest(scene.city, &row)?;
    let reason = optional_text("reason", request.reason.as_deref(), REASON_LIMIT)?;
    let Some(lead) = &request.lead else {
        let best = suggestions.into_iter().next();
        let best = best.ok_or_else(|| Failure::invalid("lead", NO_SUGGESTION))?;
        let particulars = Particulars {
            lead_unit: Some(best.lead),
            co_units: best.co,
            reason: Some(reason.unwrap_or(best.reason)),
            ..Particulars::default()
        };
        return Ok((particulars, Some(best.basis)));
    };
    let proposed = suggestions.into_iter().find(|suggestion| suggestion.lead == *lead);
    if action == Action::Dispatch && is_township(scene.city, lead) && proposed.is_none() && has_rule(scene.city, &row) {
        return Err(Failure::invalid("lead", "这件事不在乡镇街道的职责里，请派给主管部门"));
    }
    let mut co = request.co.clone();
    co.sort();
    co.dedup();
    // Where the catalogue does not propose the unit, its own list of duties has to speak for it.
    let own = || scene.city.units.get(lead).map(|unit| unit.duties.join("、"));
    let basis = proposed
        .as_ref()
        .map(|suggestion| suggestion.basis.clone())
        .or_else(own);
    let particulars = Particulars {
        lead_unit: Some(lead.clone()),
        co_units: co,
        reason: reason.or(proposed.map(|suggestion| suggestion.reason)),
        ..Particulars::default()
    };
    Ok((particulars, basis))
}

/// Departments' duties are not sent to townships; where the catalogue is silent, the dispatcher decides.
fn has_rule(city: &City, row: &CaseRow) -> bool {
    suggest(city, row).is_ok_and(|suggestions| !suggestions.is_empty())
}

fn is_township(city: &City, unit: &str) -> bool {
    city.units
        .get(unit)
        .is_some_and(|unit| unit.level == UnitLevel::Township)
}

fn suggest(city: &City, row: &CaseRow) -> Result<Vec<DispatchSuggestion>, Failure> {
    let Some(category) = row.category.as_deref() else {
        return Ok(Vec::new());
    };
    let excluded: Vec<String> = row.facts()?.memory.complained_unit.into_iter().collect();
    Ok(city
        .catalogue
        .suggest(category, row.region.as_deref(), &city.regions, &city.units, &excluded))
}
