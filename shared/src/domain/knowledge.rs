//! Answers that can be given at once: articles with their basis, owner and validity.
//!
//! Decides which articles fit a question, never whether the answer satisfies; a clerk or the resident does.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::provenance::{Provenance, check_text, check_words};

/// One question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnowledgeArticle {
    /// Stable id: `provident-fund-withdrawal`.
    pub id: String,
    /// The question as people ask it.
    pub question: String,
    /// The answer, short and spoken.
    pub answer: String,
    /// The law, rule or notice it rests on.
    pub basis: String,
    /// Code of the unit that answers for it.
    pub owner_unit: String,
    /// Code of its category.
    pub category: String,
    /// First day it holds.
    pub valid_from: NaiveDate,
    /// Last day it holds; open when absent.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Words people use for it.
    #[serde(default)]
    pub words: Vec<String>,
}

/// The data file of articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnowledgeBase {
    /// Where the data comes from.
    pub about: Provenance,
    /// The articles.
    pub article: Vec<KnowledgeArticle>,
}

/// An article that fits, with a score for ordering only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeHit<'a> {
    /// The article.
    pub article: &'a KnowledgeArticle,
    /// Higher fits better.
    pub score: u32,
}

/// A keyword of the article found in the question counts this much per character, against 1 for a shared bigram.
const KEYWORD_WEIGHT: u32 = 4;

/// Fewer points than one two-character keyword are chance.
const LEAST_SCORE: u32 = 2 * KEYWORD_WEIGHT;

impl KnowledgeArticle {
    /// Whether the article holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// How well it fits a question whose bigrams are given: keywords first, then wording shared with its own question.
    fn score(&self, text: &str, bigrams: &HashSet<(char, char)>) -> u32 {
        let keywords: usize = self
            .words
            .iter()
            .filter(|word| text.contains(word.as_str()))
            .map(|word| word.chars().count())
            .sum();
        let shared = bigrams_of(&self.question).intersection(bigrams).count();
        let keywords = u32::try_from(keywords)
            .unwrap_or(u32::MAX)
            .saturating_mul(KEYWORD_WEIGHT);
        keywords.saturating_add(u32::try_from(shared).unwrap_or(u32::MAX))
    }

    fn validate(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let what = format!("article {}", self.id);
        check_text(&mut problems, &what, &self.id, 1, 48);
        check_text(&mut problems, &format!("{what} question"), &self.question, 4, 100);
        check_text(&mut problems, &format!("{what} answer"), &self.answer, 10, 2_000);
        check_text(&mut problems, &format!("{what} basis"), &self.basis, 2, 200);
        check_text(&mut problems, &format!("{what} owner_unit"), &self.owner_unit, 1, 48);
        check_text(&mut problems, &format!("{what} category"), &self.category, 1, 48);
        check_words(&mut problems, &format!("{what} words"), &self.words, 40, 20);
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            problems.push(format!("{what}: valid_to lies before valid_from"));
        }
        problems
    }
}

impl KnowledgeBase {
    /// The article with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&KnowledgeArticle> {
        self.article.iter().find(|article| article.id == id)
    }

    /// Articles that fit `text` and hold on `day`, best first; an empty list when nothing really fits.
    #[must_use]
    pub fn search(&self, text: &str, day: NaiveDate, limit: usize) -> Vec<KnowledgeHit<'_>> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).take(500).collect();
        let bigrams = bigrams_of(&text);
        let mut hits: Vec<KnowledgeHit<'_>> = self
            .article
            .iter()
            .filter(|article| article.holds_on(day))
            .map(|article| KnowledgeHit {
                article,
                score: article.score(&text, &bigrams),
            })
            .filter(|hit| hit.score >= LEAST_SCORE)
            .collect();
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
        hits.truncate(limit);
        hits
    }

    /// Every fault as a readable sentence; empty when sound. Owners and categories are checked with their own files.
    #[must_use]
    pub fn validate(&self) -> Vec<String> {
        let mut problems = self.about.validate();
        let mut ids = HashSet::new();
        for article in &self.article {
            problems.extend(article.validate());
            if !ids.insert(article.id.as_str()) {
                problems.push(format!("article {}: twice", article.id));
            }
        }
        problems
    }
}

/// Pairs of neighbouring letters or ideographs; punctuation separates.
fn bigrams_of(text: &str) -> HashSet<(char, char)> {
    text.chars()
        .zip(text.chars().skip(1))
        .filter(|(first, second)| first.is_alphanumeric() && second.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn article(id: &str, question: &str, words: &[&str]) -> KnowledgeArticle {
        KnowledgeArticle {
            id: id.into(),
            question: question.into(),
            answer: "请带身份证到政务服务大厅办理。".into(),
            basis: "条例".into(),
            owner_unit: "3713.data".into(),
            category: "government.window".into(),
            valid_from: day(2026, 1, 1),
            valid_to: Some(day(2026, 12, 31)),
            words: words.iter().map(ToString::to_string).collect(),
        }
    }

    fn base() -> KnowledgeBase {
        let about = Provenance {
            version: "t".into(),
            source: "t".into(),
            licence: "t".into(),
            as_of: day(2026, 11, 23),
        };
        let heating = article("heating", "今年什么时候开始供暖", &["供暖", "供热", "暖气"]);
        let fund = article("fund", "公积金怎么提取", &["公积金", "提取"]);
        KnowledgeBase {
            about,
            article: vec![heating, fund],
        }
    }

    #[test]
    fn the_best_article_comes_first_and_small_talk_finds_none() {
        let base = base();
        let hits = base.search("请问公积金租房怎么提取?", day(2026, 11, 23), 3);
        assert_eq!(hits[0].article.id, "fund");
        assert!(
            base.search("你好,什么时候", day(2026, 11, 23), 3)
                .iter()
                .all(|hit| hit.article.id != "fund")
        );
        assert!(base.search("今天天气不错", day(2026, 11, 23), 3).is_empty());
    }

    #[test]
    fn an_article_that_no_longer_holds_is_not_offered() {
        assert!(base().search("供暖什么时候开始", day(2027, 1, 1), 3).is_empty());
    }

    #[test]
    fn the_same_id_twice_is_a_fault() {
        let mut base = base();
        base.article[1].id = "heating".into();
        assert_eq!(base.validate(), ["article heating: twice"]);
    }
}
