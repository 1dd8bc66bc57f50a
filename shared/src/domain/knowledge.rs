//! Answers that can be given at once: articles with their basis, owner and validity.
//!
//! Decides which articles fit a question, when one may be cited, and when its owner is to look at it again; never whether the
//! answer satisfies: a clerk or the resident does.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    case::words::closed_list,
    provenance::{Provenance, check_text, check_words},
};

/// Longest question, in characters.
pub const QUESTION_LIMIT: usize = 100;
/// Longest answer, in characters.
pub const ANSWER_LIMIT: usize = 2_000;
/// Longest basis, in characters.
pub const BASIS_LIMIT: usize = 200;
/// Words that one article has at most.
pub const MOST_WORDS: usize = 40;
/// Longest of these words, in characters.
pub const WORD_LIMIT: usize = 20;
/// So many days before an article's last day its owner is told.
pub const DAYS_OF_NOTICE: u64 = 30;

closed_list! {
    /// Where a version of an article stands.
    pub enum ArticleState as "state of an article" {
        /// Its first day has not come.
        Coming = "coming", "未生效";
        /// It holds.
        InForce = "in_force", "有效";
        /// It holds, and its last day is near.
        Expiring = "expiring", "即将到期";
        /// Its last day is over.
        Expired = "expired", "已过期";
        /// An editor took it out of use for good.
        Retired = "retired", "已停用";
        /// There is a later version.
        Replaced = "replaced", "已更新";
    }
}

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

    /// Where it stands on `day`, when it is the present version and not retired.
    #[must_use]
    pub fn state_on(&self, day: NaiveDate) -> ArticleState {
        if day < self.valid_from {
            ArticleState::Coming
        } else if !self.holds_on(day) {
            ArticleState::Expired
        } else if self.notice_from().is_some_and(|from| from <= day) {
            ArticleState::Expiring
        } else {
            ArticleState::InForce
        }
    }

    /// The day from which its owner is to know that it ends; none when it does not end.
    #[must_use]
    pub fn notice_from(&self) -> Option<NaiveDate> {
        self.valid_to
            .map(|last| last.checked_sub_days(Days::new(DAYS_OF_NOTICE)).unwrap_or(last))
    }

    /// What is looked through when somebody searches for it by words.
    #[must_use]
    pub fn searched(&self) -> String {
        format!("{}\n{}\n{}", self.question, self.answer, self.words.join("\n"))
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
        check_text(
            &mut problems,
            &format!("{what} question"),
            &self.question,
            4,
            QUESTION_LIMIT,
        );
        check_text(&mut problems, &format!("{what} answer"), &self.answer, 10, ANSWER_LIMIT);
        check_text(&mut problems, &format!("{what} basis"), &self.basis, 2, BASIS_LIMIT);
        check_text(&mut problems, &format!("{what} owner_unit"), &self.owner_unit, 1, 48);
        check_text(&mut problems, &format!("{what} category"), &self.category, 1, 48);
        check_words(
            &mut problems,
            &format!("{what} words"),
            &self.words,
            MOST_WORDS,
            WORD_LIMIT,
        );
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            problems.push(format!("{what}: valid_to lies before valid_from"));
        }
        problems
    }
}

/// Those of the articles that fit `text` and hold on `day`, best first; an empty list when nothing really fits.
#[must_use]
pub fn search<'a>(articles: &'a [KnowledgeArticle], text: &str, day: NaiveDate, limit: usize) -> Vec<KnowledgeHit<'a>> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).take(500).collect();
    let bigrams = bigrams_of(&text);
    let mut hits: Vec<KnowledgeHit<'_>> = articles
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

impl KnowledgeBase {
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
        let hits = search(&base.article, "请问公积金租房怎么提取?", day(2026, 11, 23), 3);
        assert_eq!(hits[0].article.id, "fund");
        assert!(
            search(&base.article, "你好,什么时候", day(2026, 11, 23), 3)
                .iter()
                .all(|hit| hit.article.id != "fund")
        );
        assert!(search(&base.article, "今天天气不错", day(2026, 11, 23), 3).is_empty());
    }

    #[test]
    fn an_article_that_no_longer_holds_is_not_offered() {
        assert!(search(&base().article, "供暖什么时候开始", day(2027, 1, 1), 3).is_empty());
    }

    #[test]
    fn an_article_comes_holds_nears_its_end_and_expires() {
        let article = article("heating", "今年什么时候开始供暖", &["供暖"]);
        for (day, state) in [
            (day(2025, 12, 31), ArticleState::Coming),
            (day(2026, 1, 1), ArticleState::InForce),
            (day(2026, 11, 30), ArticleState::InForce),
            (day(2026, 12, 1), ArticleState::Expiring),
            (day(2026, 12, 31), ArticleState::Expiring),
            (day(2027, 1, 1), ArticleState::Expired),
        ] {
            assert_eq!(article.state_on(day), state, "{day}");
        }
        let open = KnowledgeArticle {
            valid_to: None,
            ..article
        };
        assert_eq!(open.notice_from(), None);
        assert_eq!(open.state_on(day(2099, 1, 1)), ArticleState::InForce);
    }

    #[test]
    fn the_same_id_twice_is_a_fault() {
        let mut base = base();
        base.article[1].id = "heating".into();
        assert_eq!(base.validate(), ["article heating: twice"]);
    }
}
