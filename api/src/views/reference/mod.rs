//! What everybody may know of the city. All of it is in memory: nothing here asks the database.

mod base_map;
mod categories;
mod knowledge;
mod regions;
mod units;

#[cfg(test)]
mod tests;

pub use self::{
    base_map::{base_map, tile},
    categories::{categories, emergency_numbers},
    knowledge::{knowledge_article, knowledge_list},
    regions::{near, region, regions, search_regions},
    units::{unit, units},
};

use crate::errors::Failure;

/// The number of entries wanted, within the bounds.
fn wanted(limit: Option<u32>, usual: u32, most: u32) -> usize {
    usize::try_from(limit.unwrap_or(usual).clamp(1, most)).unwrap_or(1)
}

/// Refuses words longer than `most` characters, without reading them to the end.
fn bounded(field: &'static str, text: &str, most: usize) -> Result<(), Failure> {
    if text.chars().nth(most).is_some() {
        return Err(Failure::invalid(field, format!("最多{most}个字")));
    }
    Ok(())
}
