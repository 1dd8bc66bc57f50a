//! Who can be given an order: the tree of governments, departments, townships and enterprises.
//!
//! Decides the tree and its subtrees. Which unit a matter goes to is the catalogue's business.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::provenance::{Provenance, check_text, check_words};
use super::region::{Region, RegionLevel, Regions};

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnitLevel {
    /// 市政府 and what stands directly for it.
    City,
    /// 县区政府.
    County,
    /// 乡镇政府、街道办事处.
    Township,
    /// 村、社区.
    Village,
    /// 部门 of the city or a county.
    Department,
    /// 企业: power, water, gas, heat, buses, telecoms.
    Enterprise,
}

/// One unit. Its code is the region it stands for, a dot and its own word: `3713.housing`, `371323.housing`,
/// `371323001.office`; so the same duty has the same word in every county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Unique code.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Name for lists.
    pub short_name: String,
    /// What it is.
    pub level: UnitLevel,
    /// Code of the unit above; `None` for the city government.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Code of the region it serves.
    pub region: String,
    /// What it is in charge of, in a few words each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<String>,
    /// Public telephone of the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The 12345 hotline centre itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hotline: bool,
}

/// A unit that exists once in each county or each township.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitTemplate {
    /// In which regions it exists: `county` or `township`.
    pub each: RegionLevel,
    /// The word after the dot in the codes.
    pub slug: String,
    /// Full name; `{region}` stands for the region's name.
    pub name: String,
    /// Short name; `{region}` and `{stem}` (沂水) may stand in it.
    pub short_name: String,
    /// What the units are.
    pub level: UnitLevel,
    /// The word of the unit above, in the same region or, when `parent_above` is set, in the region above.
    pub parent: String,
    /// Look for the parent in the region above.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub parent_above: bool,
    /// What they are in charge of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<String>,
    /// Regions that have no such unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Only regions whose name ends so (镇, 街道); empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub name_ends: Vec<String>,
    /// Public telephone, the same for all (demonstration only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl UnitTemplate {
    fn applies_to(&self, region: &Region) -> bool {
        region.level == self.each
            && !self.except.contains(&region.code)
            && (self.name_ends.is_empty() || self.name_ends.iter().any(|end| region.name.ends_with(end.as_str())))
    }

    fn unit_for(&self, region: &Region) -> Unit {
        let stem = region.aliases.first().cloned().unwrap_or_else(|| region.stem());
        let above = region
            .parent
            .as_deref()
            .filter(|_| self.parent_above)
            .unwrap_or(&region.code);
        Unit {
            code: format!("{}.{}", region.code, self.slug),
            name: self.name.replace("{region}", &region.name),
            short_name: self
                .short_name
                .replace("{region}", &region.name)
                .replace("{stem}", &stem),
            level: self.level,
            parent: Some(format!("{above}.{}", self.parent)),
            region: region.code.clone(),
            duties: self.duties.clone(),
            phone: self.phone.clone(),
            hotline: false,
        }
    }
}

/// The data file of units: single units and templates. A single unit replaces a template's unit of the same code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFile {
    /// Where the data comes from.
    pub about: Provenance,
    /// Single units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unit: Vec<Unit>,
    /// Units of each county or township.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub template: Vec<UnitTemplate>,
}

/// Every unit, indexed.
#[derive(Debug, Clone, Default)]
pub struct Units {
    nodes: Vec<Unit>,
    by_code: HashMap<String, usize>,
    by_region: HashMap<String, Vec<usize>>,
}

impl Units {
    /// Expands the templates over the regions and checks the tree.
    ///
    /// # Errors
    /// Every fault found, as readable sentences.
    pub fn from_file(file: &UnitFile, regions: &Regions) -> Result<Self, Vec<String>> {
        let mut problems = file.about.validate();
        let mut nodes = file.unit.clone();
        let single: std::collections::HashSet<&str> = file.unit.iter().map(|unit| unit.code.as_str()).collect();
        for template in &file.template {
            if !matches!(template.each, RegionLevel::County | RegionLevel::Township) {
                problems.push(format!("template {}: each must be county or township", template.slug));
            }
            let made = regions
                .iter()
                .filter(|region| template.applies_to(region))
                .map(|region| template.unit_for(region));
            nodes.extend(made.filter(|unit| !single.contains(unit.code.as_str())));
        }
        match Self::new(nodes, regions) {
            Ok(units) if problems.is_empty() => Ok(units),
            Ok(_) => Err(problems),
            Err(more) => {
                problems.extend(more);
                Err(problems)
            }
        }
    }

    /// Builds the tree from its units.
    ///
    /// # Errors
    /// Every fault found, as readable sentences: codes, regions, parents, circles, lengths, duplicates.
    pub fn new(nodes: Vec<Unit>, regions: &Regions) -> Result<Self, Vec<String>> {
        let mut tree = Self {
            nodes,
            ..Self::default()
        };
        let mut problems = Vec::new();
        for (index, unit) in tree.nodes.iter().enumerate() {
            problems.extend(unit.validate(regions));
            if tree.by_code.insert(unit.code.clone(), index).is_some() {
                problems.push(format!("unit {}: twice", unit.code));
            }
            tree.by_region.entry(unit.region.clone()).or_default().push(index);
        }
        for unit in &tree.nodes {
            match unit.parent.as_deref() {
                Some(parent) if !tree.by_code.contains_key(parent) => {
                    problems.push(format!("unit {}: its parent {parent} does not exist", unit.code));
                }
                Some(_) if tree.ancestors(&unit.code).len() >= MOST_LEVELS => {
                    problems.push(format!("unit {}: its parents go in a circle or too deep", unit.code));
                }
                _ => {}
            }
        }
        if problems.is_empty() { Ok(tree) } else { Err(problems) }
    }

    /// Every unit.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.nodes.iter()
    }

    /// The unit with this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.by_code.get(code).and_then(|index| self.nodes.get(*index))
    }

    /// From the unit's parent up to the city government.
    #[must_use]
    pub fn ancestors(&self, code: &str) -> Vec<&Unit> {
        let mut above = Vec::new();
        let mut next = self.get(code).and_then(|unit| unit.parent.as_deref());
        while let Some(unit) = next
            .and_then(|parent| self.get(parent))
            .filter(|_| above.len() < MOST_LEVELS)
        {
            above.push(unit);
            next = unit.parent.as_deref();
        }
        above
    }

    /// Whether `unit` is `root` or stands below it.
    #[must_use]
    pub fn in_subtree(&self, root: &str, unit: &str) -> bool {
        self.get(unit).is_some_and(|_| unit == root) || self.ancestors(unit).iter().any(|above| above.code == root)
    }

    /// Directly below.
    #[must_use]
    pub fn children(&self, code: &str) -> Vec<&Unit> {
        self.nodes
            .iter()
            .filter(|unit| unit.parent.as_deref() == Some(code))
            .collect()
    }

    /// The units that serve exactly this region.
    #[must_use]
    pub fn by_region(&self, region: &str) -> Vec<&Unit> {
        self.by_region
            .get(region)
            .into_iter()
            .flatten()
            .filter_map(|index| self.nodes.get(*index))
            .collect()
    }

    /// The unit of a region with this word in its code: `("371323", "housing")`.
    #[must_use]
    pub fn of_region(&self, region: &str, slug: &str) -> Option<&Unit> {
        self.get(&format!("{region}.{slug}"))
    }
}

/// Deepest tree that is not taken for a circle.
const MOST_LEVELS: usize = 8;

impl Unit {
    fn validate(&self, regions: &Regions) -> Vec<String> {
        let mut problems = Vec::new();
        let what = format!("unit {}", self.code);
        check_text(&mut problems, &what, &self.code, 3, 48);
        check_text(&mut problems, &format!("{what} name"), &self.name, 2, 60);
        check_text(&mut problems, &format!("{what} short_name"), &self.short_name, 2, 30);
        check_words(&mut problems, &format!("{what} duties"), &self.duties, 40, 60);
        if let Some(phone) = &self.phone {
            check_text(&mut problems, &format!("{what} phone"), phone, 3, 20);
        }
        match self.code.split_once('.') {
            Some((region, slug)) if region == self.region && is_slug(slug) => {}
            _ => problems.push(format!(
                "{what}: the code is the region, a dot and a word of a-z, 0-9 and -"
            )),
        }
        if regions.get(&self.region).is_none() {
            problems.push(format!("{what}: no region {}", self.region));
        }
        problems
    }
}

/// Whether a word can stand after the dot of a unit's code.
pub(crate) fn is_slug(word: &str) -> bool {
    (1..=24).contains(&word.len())
        && word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
