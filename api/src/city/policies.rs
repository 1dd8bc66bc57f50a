//! Which deadline policy counts: the one in force, or the earlier one that a case was accepted or a clock started under. An
//! earlier one is read once from the table `city_data` and stays with the snapshot, so that a step costs no statement for it.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use shared::domain::deadline::DeadlinePolicy;

use super::{City, CityKind};

/// Earlier policies in memory at most: far more than a city writes while a case is open.
const MOST_KEPT: usize = 64;

/// The earlier policies that somebody asked for, by version.
#[derive(Default)]
pub struct EarlierPolicies(RwLock<BTreeMap<String, Arc<DeadlinePolicy>>>);

impl EarlierPolicies {
    fn find(&self, version: &str) -> Option<Arc<DeadlinePolicy>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(version).map(Arc::clone)
    }

    fn keep(&self, version: &str, policy: &Arc<DeadlinePolicy>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(version.to_owned(), Arc::clone(policy));
    }
}

impl City {
    /// The deadline policy of this version; the one in force for no version, and in place of one that cannot be read any more.
    /// `find_content` is asked for kind and version of one that is not in memory yet.
    ///
    /// # Errors
    /// That of `find_content`.
    pub fn policy_of<E>(
        &self,
        version: Option<&str>,
        find_content: impl FnOnce(&str, &str) -> Result<Option<String>, E>,
    ) -> Result<Arc<DeadlinePolicy>, E> {
        let earlier = version.filter(|version| *version != self.policy.version);
        let Some(version) = earlier else {
            return Ok(Arc::clone(&self.policy));
        };
        if let Some(kept) = self.earlier.find(version) {
            return Ok(kept);
        }
        let content = find_content(CityKind::Deadlines.as_str(), version)?;
        let read = content.and_then(|text| toml::from_str(text.trim_start_matches('\u{feff}')).ok());
        let policy = read.map_or_else(
            || {
                tracing::warn!(
                    version,
                    "an earlier deadline policy cannot be read; the one in force counts in its place"
                );
                Arc::clone(&self.policy)
            },
            Arc::new,
        );
        self.earlier.keep(version, &policy);
        Ok(policy)
    }
}
