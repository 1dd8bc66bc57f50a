//! Where things are: the tree of counties, townships, villages and the operator's own places below them.
//!
//! Decides what one region is and what its data files hold; the tree (`Regions`) decides parents, neighbours and text search.
//! Does not turn a point into a county; outlines do that elsewhere.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::location::GeoPoint;
use super::provenance::{Provenance, check_text, check_words};

mod tree;

pub use tree::{NEIGHBOUR_METRES, Regions};

/// Longest code: a village's 12 digits and three operator-added steps below it.
const LONGEST_CODE: usize = 24;

/// What a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    /// 市, code of 4 digits.
    City,
    /// 县、区, code of 6 digits.
    County,
    /// 乡镇、街道, code of 9 digits.
    Township,
    /// 村、社区, code of 12 digits.
    Village,
    /// 自然村, operator-added.
    NaturalVillage,
    /// 小区, operator-added.
    Estate,
    /// 路段, operator-added.
    RoadSection,
}

impl RegionLevel {
    /// The level of a statistical code by its number of digits.
    const fn of_digits(digits: usize) -> Option<Self> {
        match digits {
            4 => Some(Self::City),
            6 => Some(Self::County),
            9 => Some(Self::Township),
            12 => Some(Self::Village),
            _ => None,
        }
    }

    /// Digits of the statistical code of this level; `None` for operator-added levels.
    const fn digits(self) -> Option<usize> {
        match self {
            Self::City => Some(4),
            Self::County => Some(6),
            Self::Township => Some(9),
            Self::Village => Some(12),
            Self::NaturalVillage | Self::Estate | Self::RoadSection => None,
        }
    }

    /// Whether people live there as neighbours: villages, natural villages and estates.
    const fn is_settlement(self) -> bool {
        matches!(self, Self::Village | Self::NaturalVillage | Self::Estate)
    }
}

/// Who says where a region's centre is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CentreSource {
    /// Taken from a data set.
    Imported,
    /// Set by an operator.
    Operator,
    /// Invented for the demonstration city.
    Demonstration,
}

/// One node of the tree.
///
/// Codes: 4, 6, 9 or 12 digits whose parent is the shorter prefix (city 3713, county 371323, township 371323001, village
/// 371323001001). An operator-added node is its parent's code, `x` and three digits (371323001x001), so that a code is
/// always a prefix of everything below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Unique code.
    pub code: String,
    /// Code of the region above; `None` for the city.
    #[serde(default)]
    pub parent: Option<String>,
    /// What it is.
    pub level: RegionLevel,
    /// Official name, for a village with its committee (罗庄村委会).
    pub name: String,
    /// Other names people use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Added by an operator rather than taken from the statistical table.
    #[serde(default)]
    pub custom: bool,
    /// First day in force; open when absent.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// Last day in force; open when absent.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Centre point, if known.
    #[serde(default)]
    pub centre: Option<GeoPoint>,
    /// Who says so; present exactly when `centre` is.
    #[serde(default)]
    pub centre_source: Option<CentreSource>,
}

impl Region {
    /// A node of the statistical table; level and parent follow from the number of digits. `None` for another shape.
    #[must_use]
    pub fn coded(code: &str, name: &str) -> Option<Self> {
        let level = RegionLevel::of_digits(code.len()).filter(|_| code.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some(Self {
            code: code.to_owned(),
            parent: expected_parent(code).map(str::to_owned),
            level,
            name: name.to_owned(),
            aliases: Vec::new(),
            custom: false,
            valid_from: None,
            valid_to: None,
            centre: None,
            centre_source: None,
        })
    }

    /// The name as people say it: a village without its committee's suffix (…村委会 → …村, …居委会 → …).
    #[must_use]
    pub fn spoken_name(&self) -> String {
        let suffixes = ["村民委员会", "居民委员会", "村委会", "居委会"];
        for suffix in suffixes {
            if let Some(stem) = self.name.strip_suffix(suffix).filter(|stem| !stem.is_empty()) {
                let bare = stem.ends_with('村') || stem.ends_with("社区") || suffix.starts_with('居');
                return if bare { stem.to_owned() } else { format!("{stem}村") };
            }
        }
        self.name.clone()
    }

    /// The name without its kind: 沂水县 → 沂水, 罗家庄村委会 → 罗家庄. Names of two characters stay (费县).
    #[must_use]
    pub fn stem(&self) -> String {
        let spoken = self.spoken_name();
        for kind in ["街道", "社区", "自然村", "市", "县", "区", "镇", "乡", "村"] {
            if let Some(stem) = spoken.strip_suffix(kind).filter(|stem| stem.chars().count() >= 2) {
                return stem.to_owned();
            }
        }
        spoken
    }

    /// Whether the region is in force on `day`.
    #[must_use]
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|first| first <= day) && self.valid_to.is_none_or(|last| day <= last)
    }

    fn validate(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let what = format!("region {}", self.code);
        check_text(&mut problems, &what, &self.code, 4, LONGEST_CODE);
        check_text(&mut problems, &format!("{what} name"), &self.name, 1, 60);
        check_words(&mut problems, &format!("{what} aliases"), &self.aliases, 20, 60);
        let coded_level = self.level.digits() == Some(self.code.len()) && self.code.bytes().all(|b| b.is_ascii_digit());
        match expected_parent(&self.code) {
            _ if coded_level == self.custom => {
                problems.push(format!("{what}: code does not have the shape of its level"));
            }
            None if self.level != RegionLevel::City => problems.push(format!("{what}: code has no parent in it")),
            parent if parent != self.parent.as_deref() => {
                problems.push(format!("{what}: parent is not the prefix of the code"));
            }
            _ => {}
        }
        if self.centre.is_some() != self.centre_source.is_some() {
            problems.push(format!("{what}: centre and centre_source belong together"));
        }
        if self
            .valid_from
            .zip(self.valid_to)
            .is_some_and(|(first, last)| last < first)
        {
            problems.push(format!("{what}: valid_to lies before valid_from"));
        }
        problems
    }
}

/// The parent a code names: the shorter prefix; `None` for the city or a code of no known shape.
fn expected_parent(code: &str) -> Option<&str> {
    if let Some((parent, step)) = code.rsplit_once('x') {
        return (step.len() == 3 && step.bytes().all(|byte| byte.is_ascii_digit())).then_some(parent);
    }
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match code.len() {
        6 => code.get(..4),
        9 => code.get(..6),
        12 => code.get(..9),
        _ => None,
    }
}

/// The table made from the statistical source: `[code, name]` rows, every level in one list, parents first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionFile {
    /// Where the table comes from.
    pub about: Provenance,
    /// Code and name.
    pub regions: Vec<(String, String)>,
}

/// What the operator adds to the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionAdditions {
    /// Where the additions come from.
    pub about: Provenance,
    /// Places below or beside the villages.
    #[serde(default)]
    pub region: Vec<Region>,
    /// Facts added to regions of the table.
    #[serde(default)]
    pub note: Vec<RegionNote>,
}

/// Other names and the centre of a region that the table has already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionNote {
    /// The region's code.
    pub code: String,
    /// Names to add.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Centre, if known.
    #[serde(default)]
    pub centre: Option<GeoPoint>,
    /// Who says so.
    #[serde(default)]
    pub centre_source: Option<CentreSource>,
}
