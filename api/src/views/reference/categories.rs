//! The category tree with what follows from each leaf, and whom to call in danger. The words that suggest a category or
//! tell a danger stay inside: they would teach how to get around them.

use shared::{
    contract::reference::{CategoriesView, CategoryGroupView, CategoryView, EmergencyNumberView, EmergencyNumbersView},
    domain::category::Category,
};

use crate::city::{City, CityKind};

/// The whole tree.
#[must_use]
pub fn categories(city: &City) -> CategoriesView {
    let group = |group: &Category| CategoryGroupView {
        code: group.code.clone(),
        name: group.name.clone(),
        categories: city.categories.leaves_of(&group.code).map(leaf).collect(),
    };
    CategoriesView {
        version: city.version(CityKind::Categories).to_owned(),
        groups: city.categories.groups().map(group).collect(),
    }
}

fn leaf(leaf: &Category) -> CategoryView {
    CategoryView {
        code: leaf.code.clone(),
        name: leaf.name.clone(),
        default_kind: leaf.default_kind,
        default_visibility: leaf.default_visibility,
        urgency: leaf.urgency,
        home_place: leaf.home_place,
        protected: leaf.protected,
        evidence: leaf.evidence,
        questions: leaf.questions.clone(),
    }
}

/// Every danger with its numbers.
#[must_use]
pub fn emergency_numbers(city: &City) -> EmergencyNumbersView {
    let items = city.emergency.rule.iter().map(|rule| EmergencyNumberView {
        code: rule.code.clone(),
        numbers: rule.numbers.clone(),
        advice: rule.advice.clone(),
    });
    EmergencyNumbersView { items: items.collect() }
}
