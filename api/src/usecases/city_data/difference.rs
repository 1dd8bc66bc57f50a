//! What differs between two contents of one kind, counted in the entries that a person edits: regions, units, rules, days.

use std::collections::BTreeMap;

use serde_json::Value;

use super::merge::calendar_years;
use crate::city::CityKind;

/// Entries that are new, gone, or not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Difference {
    /// Entries that were not there before.
    pub added: usize,
    /// Entries that are no longer there.
    pub removed: usize,
    /// Entries of the same name with another content.
    pub changed: usize,
}

/// Counts the difference. A content that cannot be read counts as empty.
pub(super) fn between(kind: CityKind, before: &str, after: &str) -> Difference {
    let (before, after) = (entries(kind, before), entries(kind, after));
    let common = || {
        before
            .iter()
            .filter_map(|(name, value)| Some((value, after.get(name)?)))
    };
    Difference {
        added: after.len() - common().count(),
        removed: before.len() - common().count(),
        changed: common().filter(|(old, new)| old != new).count(),
    }
}

/// Every entry by a name that stays the same when its content changes.
fn entries(kind: CityKind, content: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    match kind {
        CityKind::Calendar => {
            for (year, text) in calendar_years(content).unwrap_or_default() {
                let file: Value = serde_json::from_str(&text).unwrap_or_default();
                // A year is its days; where they were announced is no entry.
                let days = file.get("days").unwrap_or(&Value::Null);
                collect(&mut found, &year.to_string(), days);
            }
        }
        CityKind::Regions | CityKind::Outlines => {
            collect(&mut found, "", &serde_json::from_str(content).unwrap_or_default());
        }
        _ => collect(&mut found, "", &toml::from_str(content).unwrap_or_default()),
    }
    found
}

/// Tables are gone through; lists of tables or rows are entries of their own; the rest is taken as it is. What a file says
/// about itself is no entry.
fn collect(found: &mut BTreeMap<String, Value>, path: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if !(path.is_empty() && matches!(name.as_str(), "about" | "version" | "type")) {
                    collect(found, &format!("{path}/{name}"), value);
                }
            }
        }
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (position, item) in items.iter().enumerate() {
                let name = name_of(item).unwrap_or_else(|| position.to_string());
                found.insert(format!("{path}/{name}"), item.clone());
            }
        }
        other => {
            found.insert(path.to_owned(), other.clone());
        }
    }
}

/// The field that names an entry.
fn name_of(item: &Value) -> Option<String> {
    if let Some(row) = item.as_array() {
        return row.first()?.as_str().map(str::to_owned);
    }
    // Templates are named by their region's level and word, exceptions of the policy by category and clock.
    let pairs = [("each", "slug"), ("category", "clock")];
    for (first, second) in pairs {
        if let (Some(first), Some(second)) = (item.get(first), item.get(second)) {
            return Some(format!("{first} {second}"));
        }
    }
    let named = item.get("properties").unwrap_or(item);
    let field = ["code", "id", "date"].iter().find_map(|field| named.get(*field))?;
    field.as_str().map(str::to_owned)
}
