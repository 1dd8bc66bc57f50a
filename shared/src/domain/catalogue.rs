//! The dispatch catalogue (派单目录): which unit leads a matter of this category in this place, and why.
//!
//! Suggests; a dispatcher decides. Where nothing matches, the list is empty and the case waits in the clerk's queue.

use serde::{Deserialize, Serialize};

use super::category::Categories;
use super::provenance::{Provenance, check_text};
use super::region::{RegionLevel, Regions};
use super::unit::{Unit, UnitLevel, Units, is_slug};

/// One line of the catalogue.
///
/// `lead` and `co` name a unit by its code (`3713.power`) or by its word and where to look for it: `township:office`,
/// `county:housing`, `city:housing`. `county:` falls back to the city's unit of the same word where the place is unknown
/// or the county has none; nothing falls down to a township.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchRule {
    /// Stable id.
    pub id: String,
    /// A leaf's code, or a group's for all of its leaves.
    pub category: String,
    /// Code of the region it holds in, with everything below; everywhere when absent.
    #[serde(default)]
    pub region: Option<String>,
    /// Who leads.
    pub lead: String,
    /// Who helps.
    #[serde(default)]
    pub co: Vec<String>,
    /// Why, in Chinese, as shown to the dispatcher.
    pub reason: String,
    /// The duty list, law or rule it rests on.
    pub basis: String,
    /// The matter stands on the townships' own duty list; only then may a township lead.
    #[serde(default)]
    pub township_duty: bool,
}

/// The data file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Where the data comes from; its version is kept with every dispatch.
    pub about: Provenance,
    /// The lines.
    pub rule: Vec<DispatchRule>,
    /// Categories that on purpose have no line: a clerk reads each such case.
    #[serde(default)]
    pub clerk: Vec<String>,
}

/// A unit proposed for a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DispatchSuggestion {
    /// Code of the unit to lead.
    pub lead: String,
    /// Codes of the units to help, without the lead.
    pub co: Vec<String>,
    /// Why, in Chinese.
    pub reason: String,
    /// What it rests on, in Chinese.
    pub basis: String,
    /// The catalogue line.
    pub rule_id: String,
    /// How closely the line fits: 100 for the leaf itself, plus the length of the region's code. For ordering only.
    pub specificity: u32,
}

/// What a line for the very leaf weighs against any region (codes have at most 24 characters).
const LEAF_WEIGHT: u32 = 100;

impl Catalogue {
    /// Proposals for a category in a region (`None` when the place is unknown), most specific first, one a lead.
    ///
    /// `excluded` are the units complained of: one of them never leads; the unit of the same duty above it does, and the
    /// excluded one may help. Without such a unit the line is passed over.
    #[must_use]
    pub fn suggest(
        &self,
        category: &str,
        region: Option<&str>,
        regions: &Regions,
        units: &Units,
        excluded: &[String],
    ) -> Vec<DispatchSuggestion> {
        let search = Search {
            region,
            regions,
            units,
            excluded,
        };
        let group = category.split_once('.').map_or(category, |(group, _)| group);
        let mut found: Vec<DispatchSuggestion> = self
            .rule
            .iter()
            .filter(|rule| rule.category == category || rule.category == group)
            .filter(|rule| match (&rule.region, region) {
                (None, _) => true,
                (Some(area), Some(place)) => regions.contains(area, place),
                (Some(_), None) => false,
            })
            .filter_map(|rule| search.apply(rule, rule.category == category))
            .collect();
        // Stable: lines of equal fit keep the file's order.
        found.sort_by_key(|suggestion| std::cmp::Reverse(suggestion.specificity));
        let mut leads = std::collections::HashSet::new();
        found.retain(|suggestion| leads.insert(suggestion.lead.clone()));
        found
    }

    /// Every fault as a readable sentence: texts, unknown categories, regions and units, townships given what is not
    /// their duty, categories with neither a line nor an entry in `clerk`.
    #[must_use]
    pub fn validate(&self, categories: &Categories, regions: &Regions, units: &Units) -> Vec<String> {
        let mut problems = self.about.validate();
        let mut ids = std::collections::HashSet::new();
        for rule in &self.rule {
            let what = format!("rule {}", rule.id);
            check_text(&mut problems, &what, &rule.id, 1, 48);
            check_text(&mut problems, &format!("{what} reason"), &rule.reason, 4, 100);
            check_text(&mut problems, &format!("{what} basis"), &rule.basis, 2, 100);
            if !ids.insert(rule.id.as_str()) {
                problems.push(format!("{what}: twice"));
            }
            if categories.get(&rule.category).is_none() {
                problems.push(format!("{what}: no category {}", rule.category));
            }
            if rule
                .region
                .as_deref()
                .is_some_and(|region| regions.get(region).is_none())
            {
                problems.push(format!("{what}: no such region"));
            }
            if rule.co.len() > 6 {
                problems.push(format!("{what}: more than 6 helping units"));
            }
            for name in std::iter::once(&rule.lead).chain(&rule.co) {
                if !UnitName::parse(name).is_some_and(|name| name.exists(regions, units)) {
                    problems.push(format!("{what}: no unit {name}"));
                }
            }
            if rule.lead.starts_with("township:") && !rule.township_duty {
                problems.push(format!("{what}: a township leads, but township_duty is not set"));
            }
        }
        for code in &self.clerk {
            if categories.get(code).is_none() {
                problems.push(format!("clerk: no category {code}"));
            }
        }
        for leaf in categories.leaves() {
            let names = |code: &String| *code == leaf.code || leaf.parent.as_ref() == Some(code);
            if !self.rule.iter().any(|rule| names(&rule.category)) && !self.clerk.iter().any(names) {
                problems.push(format!("category {}: neither a rule nor the clerk's queue", leaf.code));
            }
        }
        problems
    }
}

/// How a rule names a unit.
enum UnitName<'r> {
    /// By its code.
    Code(&'r str),
    /// By its word, in the place's region of this level.
    At(RegionLevel, &'r str),
}

impl<'r> UnitName<'r> {
    fn parse(name: &'r str) -> Option<Self> {
        let Some((level, slug)) = name.split_once(':') else {
            return Some(Self::Code(name));
        };
        let level = match level {
            "city" => RegionLevel::City,
            "county" => RegionLevel::County,
            "township" => RegionLevel::Township,
            _ => return None,
        };
        is_slug(slug).then_some(Self::At(level, slug))
    }

    /// Whether at least one unit can ever answer to the name.
    fn exists(&self, regions: &Regions, units: &Units) -> bool {
        match self {
            Self::Code(code) => units.get(code).is_some(),
            Self::At(level, slug) => regions
                .iter()
                .any(|region| region.level == *level && units.of_region(&region.code, slug).is_some()),
        }
    }
}

/// The facts a rule is applied to.
struct Search<'s> {
    region: Option<&'s str>,
    regions: &'s Regions,
    units: &'s Units,
    excluded: &'s [String],
}

impl<'s> Search<'s> {
    fn apply(&self, rule: &DispatchRule, exact: bool) -> Option<DispatchSuggestion> {
        let meant = self.resolve(&rule.lead)?;
        let lead = if self.is_excluded(meant) {
            self.same_duty_above(meant)?
        } else {
            meant
        };
        if lead.level == UnitLevel::Township && !rule.township_duty {
            return None;
        }
        let mut co: Vec<String> = Vec::new();
        let helpers = rule.co.iter().filter_map(|name| self.resolve(name));
        for unit in helpers.chain(std::iter::once(meant)) {
            if unit.code != lead.code && !co.contains(&unit.code) {
                co.push(unit.code.clone());
            }
        }
        let area = u32::try_from(rule.region.as_deref().unwrap_or_default().len()).unwrap_or(0);
        Some(DispatchSuggestion {
            lead: lead.code.clone(),
            co,
            reason: if lead.code == meant.code {
                rule.reason.clone()
            } else {
                format!("{}被投诉单位不能单独办理,由{}牵头。", rule.reason, lead.short_name)
            },
            basis: rule.basis.clone(),
            rule_id: rule.id.clone(),
            specificity: area + if exact { LEAF_WEIGHT } else { 0 },
        })
    }

    fn is_excluded(&self, unit: &Unit) -> bool {
        self.excluded.contains(&unit.code)
    }

    /// The unit a name means here.
    fn resolve(&self, name: &str) -> Option<&'s Unit> {
        match UnitName::parse(name)? {
            UnitName::Code(code) => self.units.get(code),
            UnitName::At(RegionLevel::City, slug) => self.city_unit(slug),
            UnitName::At(level, slug) => {
                let here = self.region.and_then(|region| self.regions.at_level(region, level));
                let unit = here.and_then(|area| self.units.of_region(&area.code, slug));
                unit.or_else(|| (level == RegionLevel::County).then(|| self.city_unit(slug)).flatten())
            }
        }
    }

    fn city_unit(&self, slug: &str) -> Option<&'s Unit> {
        let mut cities = self.regions.iter().filter(|region| region.level == RegionLevel::City);
        cities.find_map(|city| self.units.of_region(&city.code, slug))
    }

    /// The nearest unit above that may lead instead: the same word in the region above, else the parent in the tree.
    fn same_duty_above(&self, unit: &Unit) -> Option<&'s Unit> {
        let slug = unit.code.split_once('.').map_or("", |(_, slug)| slug);
        let above = self.regions.ancestors(&unit.region);
        let same = above
            .into_iter()
            .filter_map(|region| self.units.of_region(&region.code, slug));
        same.chain(self.units.ancestors(&unit.code))
            .find(|candidate| !self.is_excluded(candidate))
    }
}
