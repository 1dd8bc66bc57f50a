//! How alike two texts are, for offering near-duplicates before a resident sends the same matter again.
//!
//! It gives a number between 0 and 1. Whether two cases are one matter is decided with place, category and time, and in
//! the end by a person.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// From this likeness on, a case nearby is offered as possibly the same: default of the policy.
pub const NEAR_DUPLICATE_DEFAULT: f64 = 0.35;

/// Characters of a text that are compared.
const TEXT_MAX: usize = 4_000;

/// The pairs of neighbouring letters of a text, made once to compare it with many others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs(HashSet<(char, char)>);

impl Pairs {
    /// Takes the pairs of a text; case, width, punctuation and spaces do not matter.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let letters: Vec<char> = text
            .chars()
            .take(TEXT_MAX)
            .nfkc()
            .flat_map(char::to_lowercase)
            .filter(|character| character.is_alphanumeric())
            .collect();
        Self(
            letters
                .windows(2)
                .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
                .collect(),
        )
    }

    /// Dice's coefficient: twice the shared pairs over all pairs of both. 0 when either has no pair.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f64 {
        if self.0.is_empty() || other.0.is_empty() {
            return 0.0;
        }
        let shared = self.0.intersection(&other.0).count();
        as_float(2 * shared) / as_float(self.0.len() + other.0.len())
    }
}

/// Exact: a text gives far fewer pairs than 2³².
fn as_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How alike two texts are, 0 to 1, by the pairs of letters they share.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    Pairs::of(a).similarity(&Pairs::of(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_matter_in_other_words_is_offered() {
        for (first, second) in [
            (
                "金雀山路路灯不亮好几天了，晚上走路看不见",
                "金雀山路的路灯好几天不亮，晚上看不见路",
            ),
            ("小区北门垃圾没人清理，味道很大", "北门的垃圾好几天没人清理了，味道大"),
            ("自来水停了两天，没有通知", "我们这自来水停了两天也没有通知"),
        ] {
            let alike = similarity(first, second);
            assert!(alike >= NEAR_DUPLICATE_DEFAULT, "{alike}: {first} / {second}");
        }
    }

    #[test]
    fn different_matters_are_not_offered() {
        for (first, second) in [
            ("金雀山路路灯不亮好几天了", "小区北门垃圾没人清理，味道很大"),
            ("请问社保卡怎么办理", "拖欠农民工工资不给"),
            ("路灯不亮", "井盖缺失"),
        ] {
            let alike = similarity(first, second);
            assert!(alike < NEAR_DUPLICATE_DEFAULT, "{alike}: {first} / {second}");
        }
    }

    #[test]
    fn spelling_does_not_matter_and_nothing_is_like_nothing() {
        assert!((similarity("路灯，坏 了！LED", "路灯坏了ｌｅｄ") - 1.0).abs() < 1e-12);
        assert!(similarity("", "").abs() < 1e-12);
        assert!(similarity("灯", "灯").abs() < 1e-12, "a single letter says too little");
    }

    proptest! {
        #[test]
        fn likeness_is_a_share_and_mutual(a: String, b: String) {
            let alike = similarity(&a, &b);
            prop_assert!((0.0..=1.0).contains(&alike));
            prop_assert!((alike - similarity(&b, &a)).abs() < 1e-12);
        }
    }
}
