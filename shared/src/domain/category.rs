//! What a case is about: a tree of two levels, groups and leaves, with what follows from each leaf.
//!
//! Decides defaults, questions and evidence. Suggesting a leaf from the words is the classifier's business.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::case::{CaseKind, Urgency, Visibility};
use super::classify::CategoryWords;
use super::provenance::{Provenance, check_text, check_words};

/// Which photographs a reply must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// None.
    #[default]
    None,
    /// One taken after the work.
    AfterPhoto,
    /// One before and one after the work.
    BeforeAndAfterPhotos,
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnswerType {
    /// Free words.
    Text,
    /// A number.
    Number,
    /// One of the choices.
    Choice,
    /// Yes or no.
    YesNo,
}

/// An extra question asked for one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Unique within the category: `lamp_number`.
    pub code: String,
    /// The question in Chinese.
    pub label: String,
    /// What may be answered.
    pub answer: AnswerType,
    /// Whether the report needs it.
    #[serde(default)]
    pub required: bool,
    /// The choices; present exactly when `answer` is a choice.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// Longest free answer to a question, in characters.
pub const LONGEST_ANSWER: usize = 200;

/// What is wrong with an answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// A required answer is missing.
    #[error("an answer is required")]
    Missing,
    /// The category has no such question.
    #[error("no such question")]
    Unknown,
    /// Not a number, not one of the choices, not yes or no, or too long.
    #[error("not an answer to the question")]
    NotAnAnswer,
}

impl Question {
    /// Checks one answer as it travels: text, digits, a choice's own words, `yes` or `no`.
    ///
    /// # Errors
    /// [`AnswerError::Missing`] for an empty required answer, [`AnswerError::NotAnAnswer`] for one of another type.
    pub fn check(&self, answer: &str) -> Result<(), AnswerError> {
        let answer = answer.trim();
        if answer.is_empty() {
            return if self.required {
                Err(AnswerError::Missing)
            } else {
                Ok(())
            };
        }
        let fits = match self.answer {
            AnswerType::Text => answer.chars().count() <= LONGEST_ANSWER,
            AnswerType::Number => answer.len() <= 15 && answer.parse::<f64>().is_ok_and(f64::is_finite),
            AnswerType::Choice => self.choices.iter().any(|choice| choice == answer),
            AnswerType::YesNo => matches!(answer, "yes" | "no"),
        };
        if fits { Ok(()) } else { Err(AnswerError::NotAnAnswer) }
    }
}

/// A group or a leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Unique code: a group's word (`facilities`), or the group's, a dot and the leaf's own (`facilities.street_light`).
    pub code: String,
    /// The group's code; `None` for a group.
    #[serde(default)]
    pub parent: Option<String>,
    /// Its name in the field's words.
    pub name: String,
    /// Words that suggest it.
    #[serde(default)]
    pub words: Vec<String>,
    /// The kind a case of it usually is.
    pub default_kind: CaseKind,
    /// What the requester is offered first.
    pub default_visibility: Visibility,
    /// How urgent it usually is.
    pub urgency: Urgency,
    /// The place is usually somebody's home and must be shown coarsely.
    #[serde(default)]
    pub home_place: bool,
    /// Photographs a reply must carry.
    #[serde(default)]
    pub evidence: Evidence,
    /// Extra questions.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// Touches persons closely (mediation, family, health, minors, wages): private unless the requester asks otherwise.
    #[serde(default)]
    pub protected: bool,
}

impl Category {
    /// Whether cases can be filed under it; groups only gather.
    #[must_use]
    pub const fn is_leaf(&self) -> bool {
        self.parent.is_some()
    }

    /// Checks a report's answers, pairs of question code and answer.
    ///
    /// # Errors
    /// The code of each faulty question with what is wrong.
    pub fn check_answers(&self, answers: &[(String, String)]) -> Result<(), Vec<(String, AnswerError)>> {
        let mut faults = Vec::new();
        for (code, _) in answers {
            if !self.questions.iter().any(|question| question.code == *code) {
                faults.push((code.chars().take(32).collect(), AnswerError::Unknown));
            }
        }
        for question in &self.questions {
            let answer = answers
                .iter()
                .find(|(code, _)| *code == question.code)
                .map_or("", |(_, answer)| answer);
            if let Err(fault) = question.check(answer) {
                faults.push((question.code.clone(), fault));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn validate(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let what = format!("category {}", self.code);
        check_text(&mut problems, &what, &self.code, 2, 48);
        check_text(&mut problems, &format!("{what} name"), &self.name, 2, 20);
        check_words(&mut problems, &format!("{what} words"), &self.words, 60, 12);
        if self.code.split_once('.').map(|(group, _)| group) != self.parent.as_deref() {
            problems.push(format!("{what}: a leaf's code is its group's, a dot and its own word"));
        }
        if self
            .code
            .bytes()
            .any(|b| !(b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.'))
        {
            problems.push(format!("{what}: codes are of a-z, 0-9 and _"));
        }
        if self.default_kind == CaseKind::ViolationReport && self.default_visibility != Visibility::Confidential {
            problems.push(format!("{what}: a violation report is always confidential"));
        }
        if self.protected && self.default_visibility == Visibility::Public {
            problems.push(format!("{what}: protected, so it cannot be public by default"));
        }
        if self.questions.len() > 6 {
            problems.push(format!("{what}: more than 6 questions"));
        }
        let mut codes = std::collections::HashSet::new();
        for question in &self.questions {
            let what = format!("{what} question {}", question.code);
            check_text(&mut problems, &what, &question.code, 1, 32);
            check_text(&mut problems, &format!("{what} label"), &question.label, 2, 40);
            check_words(&mut problems, &format!("{what} choices"), &question.choices, 12, 20);
            if (question.answer == AnswerType::Choice) == question.choices.is_empty() {
                problems.push(format!(
                    "{what}: choices belong to a question of type choice, and to no other"
                ));
            }
            if !codes.insert(question.code.as_str()) {
                problems.push(format!("{what}: twice"));
            }
        }
        problems
    }
}

/// The data file of categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryFile {
    /// Where the data comes from.
    pub about: Provenance,
    /// Groups and leaves.
    pub category: Vec<Category>,
}

/// Every category, indexed, in the order people are offered them.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    nodes: Vec<Category>,
    by_code: HashMap<String, usize>,
}

impl Categories {
    /// Checks the file and builds the index.
    ///
    /// # Errors
    /// Every fault found, as readable sentences.
    pub fn from_file(file: &CategoryFile) -> Result<Self, Vec<String>> {
        let mut problems = file.about.validate();
        let mut tree = Self {
            nodes: file.category.clone(),
            by_code: HashMap::new(),
        };
        for (index, category) in tree.nodes.iter().enumerate() {
            problems.extend(category.validate());
            if tree.by_code.insert(category.code.clone(), index).is_some() {
                problems.push(format!("category {}: twice", category.code));
            }
        }
        for category in &tree.nodes {
            match category.parent.as_deref().map(|parent| tree.get(parent)) {
                Some(None) => problems.push(format!("category {}: its group does not exist", category.code)),
                Some(Some(parent)) if parent.is_leaf() => {
                    problems.push(format!("category {}: its group is itself a leaf", category.code));
                }
                None if tree.leaves_of(&category.code).next().is_none() => {
                    problems.push(format!("category {}: a group without leaves", category.code));
                }
                _ => {}
            }
        }
        if problems.is_empty() { Ok(tree) } else { Err(problems) }
    }

    /// Every category.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.nodes.iter()
    }

    /// The category with this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Category> {
        self.by_code.get(code).and_then(|index| self.nodes.get(*index))
    }

    /// The groups.
    pub fn groups(&self) -> impl Iterator<Item = &Category> {
        self.nodes.iter().filter(|category| !category.is_leaf())
    }

    /// Every leaf.
    pub fn leaves(&self) -> impl Iterator<Item = &Category> {
        self.nodes.iter().filter(|category| category.is_leaf())
    }

    /// The leaves of a group.
    pub fn leaves_of(&self, group: &str) -> impl Iterator<Item = &Category> {
        self.nodes
            .iter()
            .filter(move |category| category.parent.as_deref() == Some(group))
    }

    /// The leaves' words in the form the classifier is built from.
    #[must_use]
    pub fn words(&self) -> Vec<CategoryWords> {
        let words_of = |leaf: &Category| CategoryWords {
            code: leaf.code.clone(),
            words: leaf.words.clone(),
            default_kind: leaf.default_kind,
        };
        self.leaves().map(words_of).collect()
    }

    /// The leaf's name with its group's: 市政设施·路灯.
    #[must_use]
    pub fn full_name(&self, code: &str) -> Option<String> {
        let category = self.get(code)?;
        let group = category.parent.as_deref().and_then(|parent| self.get(parent));
        Some(group.map_or_else(
            || category.name.clone(),
            |group| format!("{}·{}", group.name, category.name),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(answer: AnswerType, required: bool) -> Question {
        let choices = if answer == AnswerType::Choice {
            vec!["一盏".into(), "整段路".into()]
        } else {
            vec![]
        };
        Question {
            code: "extent".into(),
            label: "是一盏还是一段路".into(),
            answer,
            required,
            choices,
        }
    }

    #[test]
    fn an_answer_fits_its_question_or_is_refused() {
        assert_eq!(question(AnswerType::Choice, true).check("一盏"), Ok(()));
        assert_eq!(
            question(AnswerType::Choice, true).check("两盏"),
            Err(AnswerError::NotAnAnswer)
        );
        assert_eq!(question(AnswerType::Number, false).check("16.5"), Ok(()));
        assert_eq!(
            question(AnswerType::Number, false).check("不热"),
            Err(AnswerError::NotAnAnswer)
        );
        assert_eq!(question(AnswerType::YesNo, false).check("yes"), Ok(()));
        assert_eq!(question(AnswerType::Text, true).check(" "), Err(AnswerError::Missing));
        assert_eq!(question(AnswerType::Text, false).check(""), Ok(()));
        let long = "灯".repeat(LONGEST_ANSWER + 1);
        assert_eq!(
            question(AnswerType::Text, false).check(&long),
            Err(AnswerError::NotAnAnswer)
        );
    }
}
