//! Suggests a category and a kind from the words of a text. The words of each category are data of the operator.
//!
//! A suggestion is only ever that: the requester may choose another, and a clerk decides at acceptance.

use std::{cmp::Reverse, collections::HashMap};

use unicode_normalization::UnicodeNormalization;

use super::case::CaseKind;

/// Suggestions given at most.
pub const SUGGESTIONS_MAX: usize = 3;
/// Characters of a text that are read.
const TEXT_MAX: usize = 4_000;
/// A word that comes again counts up to so many times.
const REPEATS_MAX: u32 = 2;

/// The words that speak for one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryWords {
    /// The category's code.
    pub code: String,
    /// Words and phrases; a longer one speaks louder. Case and width do not matter.
    pub words: Vec<String>,
    /// The kind of a case in this category when the text does not say otherwise.
    pub default_kind: CaseKind,
}

/// One category that a text may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategorySuggestion {
    /// The category's code.
    pub code: String,
    /// How strongly the words speak for it; only comparable within one answer.
    pub score: u32,
    /// The words found, in the order of the text, each once.
    pub matched: Vec<String>,
    /// The kind that the text's own signals name, else the category's default.
    pub kind: CaseKind,
}

/// One word of the dictionary and the categories it speaks for.
#[derive(Debug, Clone)]
struct Entry {
    characters: Vec<char>,
    categories: Vec<usize>,
}

/// Suggests categories; built once from the operator's words, then asked often.
#[derive(Debug, Clone)]
pub struct Classifier {
    categories: Vec<(String, CaseKind)>,
    entries: Vec<Entry>,
    /// Entries by first character, longest first.
    by_first: HashMap<char, Vec<usize>>,
}

/// A word found in the text, and the character position after it.
struct Hit {
    end: usize,
    entry: usize,
}

impl Classifier {
    /// Builds the dictionary. Empty words are skipped; a word may belong to several categories.
    #[must_use]
    pub fn new(categories: &[CategoryWords]) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut known: HashMap<Vec<char>, usize> = HashMap::new();
        for (category, words) in categories.iter().enumerate() {
            for word in &words.words {
                let characters = folded(word.trim());
                if characters.is_empty() {
                    continue;
                }
                let place = *known.entry(characters.clone()).or_insert_with(|| {
                    entries.push(Entry {
                        characters,
                        categories: Vec::new(),
                    });
                    entries.len() - 1
                });
                if let Some(entry) = entries.get_mut(place)
                    && entry.categories.last() != Some(&category)
                {
                    entry.categories.push(category);
                }
            }
        }
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (place, entry) in entries.iter().enumerate() {
            if let Some(first) = entry.characters.first() {
                by_first.entry(*first).or_default().push(place);
            }
        }
        for places in by_first.values_mut() {
            places.sort_by_key(|place| Reverse(entries.get(*place).map_or(0, |entry| entry.characters.len())));
        }
        let categories = categories
            .iter()
            .map(|words| (words.code.clone(), words.default_kind))
            .collect();
        Self {
            categories,
            entries,
            by_first,
        }
    }

    /// The likeliest categories, best first, at most [`SUGGESTIONS_MAX`]; empty when no word is known.
    #[must_use]
    pub fn suggest(&self, text: &str) -> Vec<CategorySuggestion> {
        let characters = folded(text);
        let signalled = signalled_kind(&characters);
        let mut times: HashMap<usize, u32> = HashMap::new();
        let mut found: Vec<Option<(u32, Vec<String>)>> = vec![None; self.categories.len()];
        for hit in self.hits(&characters) {
            let Some(entry) = self.entries.get(hit.entry) else {
                continue;
            };
            let seen = times.entry(hit.entry).or_insert(0);
            *seen += 1;
            let weight = match *seen {
                1 => weight(entry.characters.len()),
                repeat if repeat <= REPEATS_MAX => weight(entry.characters.len()) / 4,
                _ => continue,
            };
            for category in &entry.categories {
                let Some(slot) = found.get_mut(*category) else { continue };
                let (score, matched) = slot.get_or_insert_default();
                *score = score.saturating_add(weight);
                if *seen == 1 {
                    matched.push(entry.characters.iter().collect());
                }
            }
        }
        let mut suggestions: Vec<CategorySuggestion> = self
            .categories
            .iter()
            .zip(found)
            .filter_map(|((code, default_kind), found)| {
                let (score, matched) = found?;
                Some(CategorySuggestion {
                    code: code.clone(),
                    score,
                    matched,
                    kind: signalled.unwrap_or(*default_kind),
                })
            })
            .collect();
        // The sort is stable: among equals the operator's order of categories stands.
        suggestions.sort_by_key(|suggestion| Reverse(suggestion.score));
        suggestions.truncate(SUGGESTIONS_MAX);
        suggestions
    }

    /// All words found, without those that are only part of a longer one: 路灯杆 hides 路灯.
    fn hits(&self, text: &[char]) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for (start, first) in text.iter().enumerate() {
            let Some(places) = self.by_first.get(first) else {
                continue;
            };
            let rest = text.get(start..).unwrap_or_default();
            let longest = places.iter().find_map(|place| {
                let entry = self.entries.get(*place)?;
                rest.starts_with(&entry.characters)
                    .then_some((*place, entry.characters.len()))
            });
            if let Some((entry, length)) = longest {
                let end = start + length;
                if hits.last().is_none_or(|before| end > before.end) {
                    hits.push(Hit { end, entry });
                }
            }
        }
        hits
    }
}

/// The kind that the words of a text suggest; `default` when they say nothing, assistance when there is no default.
#[must_use]
pub fn suggest_kind(text: &str, default: Option<CaseKind>) -> CaseKind {
    signalled_kind(&folded(text))
        .or(default)
        .unwrap_or(CaseKind::Assistance)
}

/// Longer words say disproportionately more; the square keeps one long word ahead of two short ones.
fn weight(length: usize) -> u32 {
    let length = u32::try_from(length.min(12)).unwrap_or(12);
    length * length * 4
}

/// Words that tell the kind, each with its weight. Broken things speak for assistance, so that "请问…什么时候修好" about a
/// dark street is no mere question and "感谢" at its end no commendation.
const SIGNALS: [(CaseKind, u32, &[&str]); 9] = [
    (
        CaseKind::ViolationReport,
        6,
        &[
            "举报",
            "检举",
            "偷排",
            "违建",
            "违法",
            "无证经营",
            "无照经营",
            "假冒伪劣",
            "传销",
            "偷税",
            "非法",
            "超标排放",
            "私搭乱建",
            "盗采",
            "涉黄",
            "赌博",
            "欺行霸市",
        ],
    ),
    (
        CaseKind::Complaint,
        5,
        &[
            "投诉",
            "不作为",
            "乱作为",
            "乱收费",
            "态度恶劣",
            "态度差",
            "态度不好",
            "推诿",
            "踢皮球",
            "敷衍",
            "扯皮",
            "刁难",
            "吃拿卡要",
            "不给解决",
            "强制消费",
            "不退款",
            "拒不",
        ],
    ),
    (
        CaseKind::Suggestion,
        5,
        &[
            "建议",
            "希望增加",
            "希望增设",
            "希望能增设",
            "希望能增加",
            "能否增设",
            "能不能增设",
            "可否增加",
        ],
    ),
    (
        CaseKind::Commendation,
        5,
        &[
            "表扬",
            "点赞",
            "锦旗",
            "好评",
            "称赞",
            "感谢信",
            "特此感谢",
            "非常感谢",
            "衷心感谢",
        ],
    ),
    (CaseKind::Commendation, 2, &["感谢", "尽职尽责", "热心", "认真负责"]),
    (
        CaseKind::Inquiry,
        4,
        &[
            "请问",
            "咨询",
            "怎么办理",
            "如何办理",
            "怎么申请",
            "如何申请",
            "需要什么材料",
            "需要哪些材料",
            "什么条件",
            "怎么查询",
            "怎么缴",
            "什么流程",
            "想问一下",
            "想了解",
            "什么政策",
            "有没有政策",
        ],
    ),
    (
        CaseKind::Inquiry,
        2,
        &[
            "什么时候",
            "多少钱",
            "在哪里办",
            "几点",
            "是否可以",
            "能不能办",
            "怎么办",
            "电话是多少",
        ],
    ),
    (
        CaseKind::Assistance,
        4,
        &[
            "不亮",
            "坏了",
            "损坏",
            "停水",
            "停电",
            "没水",
            "没电",
            "漏水",
            "堵塞",
            "堵了",
            "破损",
            "塌陷",
            "断裂",
            "求助",
            "没人管",
            "无人管",
            "没人修",
            "不热",
            "积水",
            "缺失",
            "脱落",
            "异味",
            "噪音",
            "扰民",
            "拖欠",
            "不通",
        ],
    ),
    (
        CaseKind::Assistance,
        2,
        &["维修", "帮忙", "希望尽快", "请尽快", "麻烦", "解决一下", "修好"],
    ),
];

/// Kinds by precedence when their signals weigh the same: what protects a person most comes first.
const PRECEDENCE: [CaseKind; 6] = [
    CaseKind::ViolationReport,
    CaseKind::Complaint,
    CaseKind::Assistance,
    CaseKind::Suggestion,
    CaseKind::Inquiry,
    CaseKind::Commendation,
];

/// The kind with the strongest signals. Assistance alone is no signal: a category's default knows better.
fn signalled_kind(text: &[char]) -> Option<CaseKind> {
    let text: String = text.iter().collect();
    let weigh = |kind: CaseKind| -> u32 {
        SIGNALS
            .iter()
            .filter(|(signalled, ..)| *signalled == kind)
            .map(|(_, weight, words)| {
                let hits = words.iter().filter(|word| text.contains(**word)).count();
                weight * u32::try_from(hits.min(2)).unwrap_or(2)
            })
            .sum()
    };
    let (kind, weight) = PRECEDENCE
        .iter()
        .map(|kind| (*kind, weigh(*kind)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    (weight > 0 && kind != CaseKind::Assistance).then_some(kind)
}

/// The characters compared: compatibility forms unified, lower case, white space dropped.
fn folded(text: &str) -> Vec<char> {
    text.chars()
        .take(TEXT_MAX)
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|character| !character.is_whitespace())
        .take(TEXT_MAX)
        .collect()
}

#[cfg(test)]
mod tests;
