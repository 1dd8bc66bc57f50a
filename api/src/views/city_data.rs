//! What of the city's data has to be brought up to date, as a system administrator reads it.

use chrono::Datelike;
use shared::contract::{
    city_data::{CityDataWarningView, CityDataWarningsView},
    problem::ProblemCode,
};

use crate::{access::StaffActor, errors::Failure, services::Services};

/// The years whose holidays are missing though they are needed.
///
/// # Errors
/// `Forbidden` for everybody but a system administrator.
pub fn warnings(services: &Services, viewer: &StaffActor) -> Result<CityDataWarningsView, Failure> {
    if !viewer.runs_the_system() {
        return Err(ProblemCode::Forbidden.into());
    }
    let (city, today) = (services.city(), services.now().city_date());
    let missing = |year: &i32| !city.calendar.years().any(|known| known == *year);
    let years = [today.year(), today.year() + 1].into_iter().filter(missing);
    let view = |year: i32| CityDataWarningView {
        code: "calendar_missing".to_owned(),
        text: format!("{year}年的放假安排还没有导入，算到那一年的期限都是暂定的。国务院公布后请尽快导入。"),
    };
    let items = if city.calendar.missing_next_year(today) {
        years.map(view).collect()
    } else {
        Vec::new()
    };
    Ok(CityDataWarningsView { items })
}
