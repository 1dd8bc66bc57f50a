//! Row 4: a clerk takes a case on and fixes what the requester only suggested.

use std::sync::Arc;

use serde::Serialize;
use shared::domain::case::{Action, CaseKind, Urgency, Visibility};

use super::{
    perform::{StepOutcome, perform_step},
    step::{Act, Fixed},
};
use crate::{
    access::{Actor, RequestContext},
    city::City,
    errors::Failure,
    services::Services,
};

/// What the clerk fixes.
#[derive(Debug, Clone, Serialize)]
pub struct AcceptCase {
    /// What it is.
    pub kind: CaseKind,
    /// Code of the category.
    pub category: String,
    /// Code of the finest known region; as it is when absent.
    pub region: Option<String>,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Who may see it; as it is when absent.
    pub visibility: Option<Visibility>,
    /// Code of the unit complained of.
    pub complained_unit: Option<String>,
    /// The matter is about a minor.
    pub concerns_minor: bool,
    /// The matter is complex.
    pub complex: bool,
}

/// Accepts the case.
///
/// # Errors
/// An unknown category, region or unit; a looser visibility; what the rules refuse.
pub async fn accept_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    request: AcceptCase,
) -> Result<StepOutcome, Failure> {
    check(&services.city(), &request, services)?;
    let act = Act {
        fixed: Some(Fixed {
            kind: request.kind,
            category: request.category.clone(),
            region: request.region.clone(),
            urgency: request.urgency,
            visibility: request.visibility,
            complained_unit: request.complained_unit.clone(),
            concerns_minor: request.concerns_minor,
            complex: request.complex,
        }),
        detail: serde_json::json!({
            "kind": request.kind.as_str(), "category": request.category, "urgency": request.urgency.as_str(),
        }),
        ..Act::new(case_id, Action::Accept)
    };
    perform_step(services, actor, context, "case.accept", &(case_id, request), act).await
}

fn check(city: &City, request: &AcceptCase, services: &Services) -> Result<(), Failure> {
    if !city
        .categories
        .get(&request.category)
        .is_some_and(shared::domain::category::Category::is_leaf)
    {
        return Err(Failure::invalid("category", "请选择一个具体的类别"));
    }
    let today = services.now().city_date();
    let in_force = |code: &String| city.regions.get(code).is_some_and(|region| region.in_force_on(today));
    if !request.region.as_ref().is_none_or(in_force) {
        return Err(Failure::invalid("region", "没有这个地方，请重新选择"));
    }
    let unknown = |code: &String| city.units.get(code).is_none();
    if request.complained_unit.as_ref().is_some_and(unknown) {
        return Err(Failure::invalid("complained_unit", "没有这个单位"));
    }
    Ok(())
}
