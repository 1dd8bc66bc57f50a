//! The city as data: places, units, categories, catalogue, limits, calendar, knowledge. Kept in memory in its current version;
//! every version stays in the table `city_data`. Requests take one snapshot and keep it to their end.

pub mod articles;
pub mod kind;
pub mod load;
pub mod outlines;
mod policies;
pub mod shipped;
pub mod versions;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use shared::domain::{
    calendar::Calendar, catalogue::Catalogue, category::Categories, classify::Classifier, deadline::DeadlinePolicy,
    emergency::EmergencyWords, knowledge::KnowledgeBase, location::GeoPoint, region::Regions, supervision::Ladder,
    unit::Units,
};

pub use self::{
    articles::{Articles, CurrentArticles},
    kind::CityKind,
    outlines::Outlines,
    policies::EarlierPolicies,
};

/// One consistent version of everything that the city may change.
pub struct City {
    /// Divisions and added places.
    pub regions: Regions,
    /// Departments, counties, townships, enterprises.
    pub units: Units,
    /// What a case can be about.
    pub categories: Categories,
    /// Which unit leads for which category where.
    pub catalogue: Catalogue,
    /// How long everything may take, for whatever keeps no earlier version of it.
    pub policy: Arc<DeadlinePolicy>,
    /// Versions of it that are in force no more, as far as they were asked for.
    pub earlier: EarlierPolicies,
    /// The five tiers of supervision.
    pub ladder: Ladder,
    /// Which days are worked.
    pub calendar: Calendar,
    /// Questions with answers as the document has them; those in force are [`Articles`].
    pub knowledge: KnowledgeBase,
    /// Words of danger with the numbers to call.
    pub emergency: EmergencyWords,
    /// Suggests category and kind from the words.
    pub classifier: Classifier,
    /// Outlines of the counties.
    pub outlines: Outlines,
    /// Which version each kind has.
    pub parts: BTreeMap<CityKind, PartVersion>,
    /// Id of the newest stored version that it was made from; 0 when it was not read from the database.
    pub newest: i64,
}

/// The version of one kind of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartVersion {
    /// As the data call themselves.
    pub version: String,
    /// SHA-256 of the content in hexadecimal.
    pub fingerprint: String,
}

/// The current version, replaced as a whole when data are imported.
pub struct CurrentCity(RwLock<Arc<City>>);

impl CurrentCity {
    /// Starts with this version.
    #[must_use]
    pub fn new(city: City) -> Self {
        Self(RwLock::new(Arc::new(city)))
    }

    /// A snapshot that stays the same however long it is used.
    #[must_use]
    pub fn snapshot(&self) -> Arc<City> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a new version in place; requests under way keep the old one.
    pub fn replace(&self, city: City) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(city);
    }
}

impl City {
    /// The version of one kind of data, as a case keeps it beside what was decided with it.
    #[must_use]
    pub fn version(&self, kind: CityKind) -> &str {
        self.parts.get(&kind).map_or("", |part| part.version.as_str())
    }

    /// The code of the county that the point lies in; `None` outside of all outlines.
    #[must_use]
    pub fn county_at(&self, point: GeoPoint) -> Option<&str> {
        self.outlines.county_at(point)
    }

    /// The unit's name, or its code when the unit is no longer there.
    #[must_use]
    pub fn unit_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.units.get(code).map_or(code, |unit| unit.name.as_str())
    }

    /// The unit's code and those of all units above it.
    #[must_use]
    pub fn unit_path<'a>(&'a self, code: &'a str) -> Vec<&'a str> {
        std::iter::once(code)
            .chain(self.units.ancestors(code).into_iter().map(|unit| unit.code.as_str()))
            .collect()
    }

    /// The region's code and those of all regions around it.
    #[must_use]
    pub fn region_path<'a>(&'a self, code: &'a str) -> Vec<&'a str> {
        std::iter::once(code)
            .chain(
                self.regions
                    .ancestors(code)
                    .into_iter()
                    .map(|region| region.code.as_str()),
            )
            .collect()
    }
}
