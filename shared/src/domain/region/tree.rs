//! The tree of regions, indexed: ancestors, children, full names, text search, nearest and neighbouring places.

use std::collections::{HashMap, HashSet};

use super::{Region, RegionAdditions, RegionFile, RegionLevel};
use crate::domain::location::{GeoPoint, distance_metres};

/// Centres at most this far apart make two villages neighbours.
pub const NEIGHBOUR_METRES: f64 = 2_000.0;

/// The whole tree, indexed by code.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    nodes: Vec<Region>,
    by_code: HashMap<String, usize>,
    children: HashMap<String, Vec<usize>>,
    full_names: Vec<String>,
}

impl Regions {
    /// Builds the tree from the table and the operator's additions.
    ///
    /// # Errors
    /// Every fault found, as readable sentences.
    pub fn from_files(table: &RegionFile, additions: &RegionAdditions) -> Result<Self, Vec<String>> {
        let mut problems = table.about.validate();
        problems.extend(additions.about.validate());
        let mut nodes = Vec::with_capacity(table.regions.len() + additions.region.len());
        for (code, name) in &table.regions {
            match Region::coded(code, name) {
                Some(region) => nodes.push(region),
                None => problems.push(format!("region {code}: not a code of 4, 6, 9 or 12 digits")),
            }
        }
        nodes.extend(additions.region.iter().cloned());
        for note in &additions.note {
            let Some(region) = nodes.iter_mut().find(|region| region.code == note.code) else {
                problems.push(format!("note on region {}: no such region", note.code));
                continue;
            };
            region.aliases.extend(note.aliases.iter().cloned());
            if note.centre.is_some() {
                region.centre = note.centre;
                region.centre_source = note.centre_source;
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Self::new(nodes)
    }

    /// Builds the tree from its nodes in any order.
    ///
    /// # Errors
    /// Every fault found, as readable sentences: codes, parents, lengths, centres, duplicates.
    pub fn new(nodes: Vec<Region>) -> Result<Self, Vec<String>> {
        let mut tree = Self {
            nodes,
            ..Self::default()
        };
        let mut problems = Vec::new();
        for (index, region) in tree.nodes.iter().enumerate() {
            problems.extend(region.validate());
            if tree.by_code.insert(region.code.clone(), index).is_some() {
                problems.push(format!("region {}: twice", region.code));
            }
            if let Some(parent) = &region.parent {
                tree.children.entry(parent.clone()).or_default().push(index);
            }
        }
        for region in &tree.nodes {
            if let Some(parent) = region
                .parent
                .as_deref()
                .filter(|parent| !tree.by_code.contains_key(*parent))
            {
                problems.push(format!(
                    "region {}: its parent {parent} is not in the table",
                    region.code
                ));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        tree.full_names = tree.nodes.iter().map(|region| tree.join_names(region)).collect();
        Ok(tree)
    }

    /// Every region, parents before children where the source keeps that order.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.nodes.iter()
    }

    /// How many regions of a level there are.
    #[must_use]
    pub fn count(&self, level: RegionLevel) -> usize {
        self.nodes.iter().filter(|region| region.level == level).count()
    }

    /// The region with this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Region> {
        self.by_code.get(code).and_then(|index| self.nodes.get(*index))
    }

    /// From the region's parent up to the city; empty for an unknown code.
    #[must_use]
    pub fn ancestors(&self, code: &str) -> Vec<&Region> {
        let mut above = Vec::new();
        let mut next = self.get(code).and_then(|region| region.parent.as_deref());
        while let Some(region) = next.and_then(|parent| self.get(parent)) {
            above.push(region);
            next = region.parent.as_deref();
        }
        above
    }

    /// Directly below, in the table's order.
    #[must_use]
    pub fn children(&self, code: &str) -> Vec<&Region> {
        self.children
            .get(code)
            .into_iter()
            .flatten()
            .filter_map(|index| self.nodes.get(*index))
            .collect()
    }

    /// The region itself or the one above it at `level`.
    #[must_use]
    pub fn at_level(&self, code: &str, level: RegionLevel) -> Option<&Region> {
        self.get(code)
            .into_iter()
            .chain(self.ancestors(code))
            .find(|region| region.level == level)
    }

    /// The county the region is or lies in.
    #[must_use]
    pub fn county_of(&self, code: &str) -> Option<&Region> {
        self.at_level(code, RegionLevel::County)
    }

    /// The township the region is or lies in.
    #[must_use]
    pub fn township_of(&self, code: &str) -> Option<&Region> {
        self.at_level(code, RegionLevel::Township)
    }

    /// Whether `inner` is `outer` or lies in it.
    #[must_use]
    pub fn contains(&self, outer: &str, inner: &str) -> bool {
        self.by_code.contains_key(outer) && self.by_code.contains_key(inner) && inner.starts_with(outer)
    }

    /// The name from the county down, 沂水县沂城街道罗家庄; the city's own name for the city.
    #[must_use]
    pub fn full_name(&self, code: &str) -> Option<&str> {
        self.by_code
            .get(code)
            .and_then(|index| self.full_names.get(*index))
            .map(String::as_str)
    }

    fn join_names(&self, region: &Region) -> String {
        let mut names: Vec<String> = self
            .ancestors(&region.code)
            .into_iter()
            .filter(|above| above.level != RegionLevel::City)
            .map(Region::spoken_name)
            .collect();
        names.reverse();
        names.push(region.spoken_name());
        names.concat()
    }

    /// Regions whose name or alias fits `text`, best first: the whole name, its beginning, a part of it. Counties and
    /// townships named before it narrow the search (沂水 罗家庄, 沂水县沂城街道罗家庄). `within` limits to a region.
    #[must_use]
    pub fn find(&self, text: &str, within: Option<&str>, limit: usize) -> Vec<&Region> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).take(60).collect();
        if text.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, usize)> = Vec::new();
        let mut searches = vec![(within.unwrap_or_default().to_owned(), text.as_str())];
        let mut next = 0;
        while let Some((scope, words)) = searches.get(next).cloned() {
            next += 1;
            for (index, region) in self.nodes.iter().enumerate() {
                if !region.code.starts_with(&scope) {
                    continue;
                }
                if let Some(rank) = name_rank(region, words) {
                    found.push((rank, index));
                }
                if region.level <= RegionLevel::Township
                    && let Some(rest) = text_after_name(region, words)
                    && searches.len() < 16
                {
                    searches.push((region.code.clone(), rest));
                }
            }
        }
        // The most narrowed search is the best answer to what the person typed, then the closest name.
        found.sort_by_key(|(rank, index)| (*rank, self.nodes.get(*index).map(|region| region.level), *index));
        let mut seen = HashSet::new();
        let fresh = found.into_iter().filter(|(_, index)| seen.insert(*index));
        fresh
            .filter_map(|(_, index)| self.nodes.get(index))
            .take(limit)
            .collect()
    }

    /// Regions with a known centre, nearest first, with the distance in metres.
    #[must_use]
    pub fn nearest(&self, point: GeoPoint, limit: usize) -> Vec<(&Region, f64)> {
        let mut near: Vec<(&Region, f64)> = self
            .nodes
            .iter()
            .filter(|region| region.level >= RegionLevel::Township)
            .filter_map(|region| region.centre.map(|centre| (region, distance_metres(centre, point))))
            .collect();
        near.sort_by(|one, other| one.1.total_cmp(&other.1));
        near.truncate(limit);
        near
    }

    /// The settlements next to one: those whose known centres lie within [`NEIGHBOUR_METRES`], else, when the region's own
    /// centre is unknown or nothing is that near, those of the same township. Never the region itself.
    #[must_use]
    pub fn neighbours(&self, code: &str) -> Vec<&Region> {
        let Some(own) = self.get(code) else { return Vec::new() };
        let others = || {
            self.nodes
                .iter()
                .filter(|other| other.level.is_settlement() && other.code != code)
        };
        if let Some(centre) = own.centre {
            let near: Vec<&Region> = others()
                .filter(|other| {
                    other
                        .centre
                        .is_some_and(|there| distance_metres(there, centre) <= NEIGHBOUR_METRES)
                })
                .collect();
            if !near.is_empty() {
                return near;
            }
        }
        let Some(township) = self.township_of(code) else {
            return Vec::new();
        };
        others()
            .filter(|other| other.code.starts_with(&township.code))
            .collect()
    }
}

/// How well a region's names fit: 0 the whole name, 1 its beginning, 2 a part.
fn name_rank(region: &Region, words: &str) -> Option<u8> {
    let fits = |name: &str| match name.find(words) {
        Some(0) if name == words => Some(0),
        Some(0) => Some(1),
        Some(_) => Some(2),
        None => None,
    };
    let own = [fits(&region.name), fits(&region.spoken_name()), fits(&region.stem())];
    own.into_iter()
        .chain(region.aliases.iter().map(|alias| fits(alias)))
        .flatten()
        .min()
}

/// What is left of the text after a region's name, its stem or an alias at its beginning.
fn text_after_name<'t>(region: &Region, text: &'t str) -> Option<&'t str> {
    let (name, stem) = (region.spoken_name(), region.stem());
    let names = [name.as_str(), stem.as_str()];
    let rests = names.into_iter().chain(region.aliases.iter().map(String::as_str));
    rests
        .filter_map(|name| text.strip_prefix(name))
        .filter(|rest| !rest.is_empty())
        .min_by_key(|rest| rest.len())
}

#[cfg(test)]
mod tests {
    use super::super::CentreSource;
    use super::*;

    fn nodes() -> Vec<Region> {
        let mut nodes: Vec<Region> = [
            ("3713", "临沂市"),
            ("371323", "沂水县"),
            ("371328", "蒙阴县"),
            ("371323001", "沂城街道"),
            ("371328001", "蒙阴街道"),
            ("371323001288", "孔家庄村村民委员会"),
            ("371323001289", "北张庄村村民委员会"),
            ("371328001209", "罗家庄村委会"),
        ]
        .into_iter()
        .map(|(code, name)| Region::coded(code, name).unwrap())
        .collect();
        let mut hamlet = Region::coded("371323001999", "罗家庄").unwrap();
        hamlet.code = "371323001x001".into();
        hamlet.level = RegionLevel::NaturalVillage;
        hamlet.custom = true;
        hamlet.aliases = vec!["东罗".into()];
        nodes.push(hamlet);
        nodes
    }

    fn tree() -> Regions {
        Regions::new(nodes()).unwrap()
    }

    fn names(found: &[&Region]) -> Vec<String> {
        found.iter().map(|region| region.code.clone()).collect()
    }

    #[test]
    fn a_hamlet_below_the_table_has_its_full_name_and_its_county() {
        let tree = tree();
        assert_eq!(tree.full_name("371323001x001"), Some("沂水县沂城街道罗家庄"));
        assert_eq!(tree.full_name("371323001288"), Some("沂水县沂城街道孔家庄村"));
        assert_eq!(
            tree.county_of("371323001x001").map(|county| county.name.as_str()),
            Some("沂水县")
        );
        assert!(tree.contains("371323", "371323001x001"));
        assert!(!tree.contains("371328", "371323001x001"));
    }

    #[test]
    fn a_village_is_found_by_name_alias_and_with_its_county_before_it() {
        let tree = tree();
        assert_eq!(names(&tree.find("罗家庄", None, 5)), ["371328001209", "371323001x001"]);
        assert_eq!(names(&tree.find("沂水 罗家庄", None, 5)), ["371323001x001"]);
        assert_eq!(names(&tree.find("沂水县沂城街道罗家庄", None, 5)), ["371323001x001"]);
        assert_eq!(names(&tree.find("东罗", None, 5)), ["371323001x001"]);
        assert_eq!(names(&tree.find("罗家庄", Some("371323"), 5)), ["371323001x001"]);
        assert!(tree.find(" ", None, 5).is_empty());
    }

    #[test]
    fn neighbours_are_near_centres_else_the_same_township() {
        let mut list = nodes();
        assert_eq!(tree().neighbours("371323001x001").len(), 2);
        for (code, latitude) in [
            ("371323001288", 35.780),
            ("371323001x001", 35.785),
            ("371323001289", 35.9),
        ] {
            let region = list.iter_mut().find(|region| region.code == code).unwrap();
            region.centre = Some(GeoPoint::new(latitude, 118.627).unwrap());
            region.centre_source = Some(CentreSource::Demonstration);
        }
        let tree = Regions::new(list).unwrap();
        assert_eq!(names(&tree.neighbours("371323001x001")), ["371323001288"]);
        let nearest = tree.nearest(GeoPoint::new(35.786, 118.627).unwrap(), 1);
        assert_eq!(nearest[0].0.code, "371323001x001");
        assert!((nearest[0].1 - 111.2).abs() < 1.0);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let mut list = nodes();
        list.push(Region::coded("371399001", "无县镇").unwrap());
        list[1].parent = Some("3714".into());
        list[8].custom = false;
        let problems = Regions::new(list).unwrap_err();
        assert_eq!(problems.len(), 4, "{problems:?}");
    }
}
