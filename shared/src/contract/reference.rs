//! What everybody may know of the city without signing in: categories, places, units, outlines, answers, whom to call.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{CaseKind, Urgency, Visibility},
    category::{Evidence, Question},
    location::{Datum, GeoPoint},
    region::{CentreSource, RegionLevel},
    unit::UnitLevel,
};

/// Places found by words, at most.
pub const MOST_PLACES: u32 = 20;
/// Articles answered, at most.
pub const MOST_ARTICLES: u32 = 50;
/// Longest words to search for, in characters.
pub const LONGEST_SEARCH: usize = 60;

/// What a report can be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoriesView {
    /// Version of the tree.
    pub version: String,
    /// The groups, in the order people are offered them.
    pub groups: Vec<CategoryGroupView>,
}

/// A group of categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryGroupView {
    /// Code of the group: `facilities`.
    pub code: String,
    /// Its name: 市政设施.
    pub name: String,
    /// What a report can be filed under.
    pub categories: Vec<CategoryView>,
}

/// A category that reports are filed under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// Its code: `facilities.street_light`.
    pub code: String,
    /// Its name: 路灯.
    pub name: String,
    /// The kind a report of it usually is.
    pub default_kind: CaseKind,
    /// What the requester is offered first.
    pub default_visibility: Visibility,
    /// How urgent it usually is.
    pub urgency: Urgency,
    /// The place is usually a home and is shown to others only coarsely.
    pub home_place: bool,
    /// Touches persons closely: private unless the requester asks otherwise.
    pub protected: bool,
    /// Photographs that a reply must carry.
    pub evidence: Evidence,
    /// Extra questions to ask.
    pub questions: Vec<Question>,
}

/// A place of the city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionView {
    /// Its code, a prefix of everything below it: `371323001`.
    pub code: String,
    /// Code of the region above; absent for the city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What it is.
    pub level: RegionLevel,
    /// The name as people say it: 罗家庄村.
    pub name: String,
    /// The name from the county down: 沂水县沂城街道罗家庄村.
    pub full_name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Whether there is something below it.
    pub has_children: bool,
    /// Centre, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub centre: Option<GeoPoint>,
    /// Who says where the centre is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub centre_source: Option<CentreSource>,
}

/// Places, in the table's order or best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionsView {
    /// The places.
    pub items: Vec<RegionView>,
}

/// One place with those around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegionDetailView {
    /// The place.
    pub region: RegionView,
    /// From its parent up to the city.
    pub ancestors: Vec<RegionView>,
}

/// Which level of the tree.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct RegionsQuery {
    /// Code of the region to look below; the city itself is answered when absent.
    pub parent: Option<String>,
}

/// Words for a place.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct RegionSearchQuery {
    /// A name or part of one, with or without county and township before it; 1 to 60 characters.
    pub q: String,
    /// Code of the region to look in; everywhere when absent.
    pub within: Option<String>,
    /// Places wanted, 1 to 20; 10 when absent.
    pub limit: Option<u32>,
}

/// A point as the device gave it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct NearQuery {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Datum of the two: `wgs84` when absent, or `gcj02`.
    pub datum: Option<Datum>,
}

/// What lies at and around a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearView {
    /// Whether the point lies in the city; the city's units answer for nothing outside.
    pub in_city: bool,
    /// The county that the point lies in, by its outline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub county: Option<RegionView>,
    /// Townships and smaller places of that county whose centres are known, nearest first. Offered, never decided: the nearest
    /// centre need not be the place itself.
    pub places: Vec<NearPlaceView>,
}

/// A place near a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearPlaceView {
    /// The place.
    pub region: RegionView,
    /// Distance to its centre in whole metres.
    pub metres: u32,
}

/// A unit as the public knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicUnitView {
    /// Its code: `371323.housing`.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Name for lists.
    pub short_name: String,
    /// What it is.
    pub level: UnitLevel,
    /// Code of the unit above; absent for the city government.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Code of the region that it serves.
    pub region: String,
    /// What it is in charge of.
    pub duties: Vec<String>,
    /// Public telephone of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Units of one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicUnitsView {
    /// The units, in the file's order.
    pub items: Vec<PublicUnitView>,
}

/// Whose units.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct UnitsQuery {
    /// Code of the region whose own units are wanted; the city when absent.
    pub region: Option<String>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnowledgeView {
    /// Stable id.
    pub id: String,
    /// The question as people ask it.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The law, rule or notice it rests on.
    pub basis: String,
    /// Code of the category that it belongs to.
    pub category: String,
    /// Name of the unit that answers for it.
    pub owner: String,
    /// First day it holds.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub valid_from: NaiveDate,
    /// Last day it holds; open when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<NaiveDate>,
}

/// Answers, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnowledgeListView {
    /// Rises with every change of an article.
    pub version: String,
    /// The articles that hold today.
    pub items: Vec<KnowledgeView>,
}

/// A question to be answered at once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct KnowledgeQuery {
    /// The question in the person's own words, up to 500 characters; every article when absent.
    pub q: Option<String>,
    /// Articles wanted, 1 to 50; 20 when absent.
    pub limit: Option<u32>,
}

/// Whom to call in which danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyNumbersView {
    /// The dangers, more urgent ones first.
    pub items: Vec<EmergencyNumberView>,
}

/// One danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyNumberView {
    /// Its code: `fire`.
    pub code: String,
    /// Numbers to call, most fitting first.
    pub numbers: Vec<String>,
    /// What to do.
    pub advice: String,
}

/// Which base map there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BaseMapKind {
    /// None: outlines and cases lie on an empty ground.
    None,
    /// Tiles on the grid of web maps.
    Xyz,
}

/// The coordinates in which a base map is drawn. What lies on it travels in WGS-84 and is moved by whoever draws it, as is what
/// somebody points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MapDatum {
    /// As satellites say it; CGCS2000 (Tianditu) equals it for this use.
    Wgs84,
    /// The prescribed offset of mainland maps.
    Gcj02,
    /// Baidu's, on top of that.
    Bd09,
}

/// What lies under the maps of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BaseMapView {
    /// Which there is.
    pub kind: BaseMapKind,
    /// Its coordinates.
    pub datum: MapDatum,
    /// Path of a tile with `{z}`, `{x}` and `{y}` in it; absent without a base map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiles: Option<String>,
    /// What must be read beside it: whose it is, and its review number; absent without a base map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// The farthest zoom that there are tiles for.
    pub min_zoom: u8,
    /// The nearest.
    pub max_zoom: u8,
}
