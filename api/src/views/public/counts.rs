//! What came in and was answered since the start, from counters.

use std::collections::BTreeMap;

use shared::{
    contract::public_case::{CountyCountsView, NamedCode, PublicCountsView},
    domain::{case::CaseState, region::RegionLevel},
};

use crate::{database::StoreError, errors::Failure, services::Services, stores::counter_store};

/// The figures of the home page: one statement.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn public_counts(services: &Services) -> Result<PublicCountsView, Failure> {
    let city = services.city();
    let counters = services
        .database
        .readers
        .read(|connection| {
            let names = ["cases_received", "cases_answered", "cases_by_state", "cases_excluded"];
            Ok::<_, Failure>(counter_store::list_counters(connection, &names).map_err(StoreError::from)?)
        })
        .await?;
    let closed = [CaseState::Closed, CaseState::Archived];
    Ok(PublicCountsView {
        received: amount(&counters, "cases_received", "all"),
        answered: amount(&counters, "cases_answered", "all"),
        closed: closed
            .iter()
            .map(|state| amount(&counters, "cases_by_state", state.as_str()))
            .sum(),
        excluded: amount(&counters, "cases_excluded", "all"),
        counties: city
            .regions
            .iter()
            .filter(|region| region.level == RegionLevel::County)
            .map(|region| CountyCountsView {
                county: NamedCode {
                    code: region.code.clone(),
                    name: region.name.clone(),
                },
                received: amount(&counters, "cases_received", &region.code),
                answered: amount(&counters, "cases_answered", &region.code),
            })
            .collect(),
    })
}

fn amount(counters: &BTreeMap<(String, String), i64>, name: &str, dimension: &str) -> i64 {
    let key = (name.to_owned(), dimension.to_owned());
    counters.get(&key).copied().unwrap_or_default()
}
