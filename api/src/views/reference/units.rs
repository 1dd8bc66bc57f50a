//! Units as the public knows them: name, duties, the office's telephone. Who works there is not shown.

use shared::{
    contract::{
        problem::ProblemCode,
        reference::{PublicUnitView, PublicUnitsView},
    },
    domain::{
        region::{Region, RegionLevel},
        unit::Unit,
    },
};

use crate::{city::City, errors::Failure};

/// The units that serve exactly this region; the city's own when none is named.
///
/// # Errors
/// `NotFound` for an unknown region.
pub fn units(city: &City, region: Option<&str>) -> Result<PublicUnitsView, Failure> {
    let is_city = |region: &&Region| region.level == RegionLevel::City;
    let region = match region {
        Some(code) => city.regions.get(code),
        None => city.regions.iter().find(is_city),
    };
    let region = region.ok_or(ProblemCode::NotFound)?;
    Ok(PublicUnitsView {
        items: city.units.by_region(&region.code).into_iter().map(view).collect(),
    })
}

/// One unit.
///
/// # Errors
/// `NotFound` for an unknown code.
pub fn unit(city: &City, code: &str) -> Result<PublicUnitView, Failure> {
    Ok(city.units.get(code).map(view).ok_or(ProblemCode::NotFound)?)
}

fn view(unit: &Unit) -> PublicUnitView {
    PublicUnitView {
        code: unit.code.clone(),
        name: unit.name.clone(),
        short_name: unit.short_name.clone(),
        level: unit.level,
        parent: unit.parent.clone(),
        region: unit.region.clone(),
        duties: unit.duties.clone(),
        phone: unit.phone.clone(),
    }
}
