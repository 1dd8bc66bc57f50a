//! Words that mean danger: whom to call at once, beside recording the report all the same.
//!
//! Decides only what to show. When in doubt it shows: a needless line of advice costs less than a missing one.

use serde::{Deserialize, Serialize};

use super::provenance::{Provenance, check_text, check_words};

/// Words of one danger, the numbers for it and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmergencyRule {
    /// Short code of the danger: `fire`.
    pub code: String,
    /// Words that point to it.
    pub words: Vec<String>,
    /// Everyday phrases that contain one of the words and mean no danger (火车站 is no fire); they are not counted.
    #[serde(default)]
    pub harmless: Vec<String>,
    /// Numbers to call, most fitting first: 110, 119, 120, 122 or a public utility's line.
    pub numbers: Vec<String>,
    /// What to do, one short spoken sentence in Chinese.
    pub advice: String,
}

/// The data file of emergency words; more urgent dangers first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmergencyWords {
    /// Where the data comes from.
    pub about: Provenance,
    /// The dangers.
    pub rule: Vec<EmergencyRule>,
}

/// What to show to somebody whose words point to danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyAdvice {
    /// Numbers to call, most fitting first, none twice.
    pub numbers: Vec<String>,
    /// What to do, in Chinese.
    pub advice: String,
    /// The words that were found.
    pub words: Vec<String>,
}

impl EmergencyWords {
    /// Looks for danger in what a person wrote; the first ten thousand characters count.
    #[must_use]
    pub fn check(&self, text: &str) -> Option<EmergencyAdvice> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).take(10_000).collect();
        let mut found = EmergencyAdvice {
            numbers: Vec::new(),
            advice: String::new(),
            words: Vec::new(),
        };
        for rule in &self.rule {
            let mut rest = text.clone();
            for phrase in rule.harmless.iter().filter(|phrase| text.contains(phrase.as_str())) {
                rest = rest.replace(phrase.as_str(), "\n");
            }
            let hits: Vec<&String> = rule.words.iter().filter(|word| rest.contains(word.as_str())).collect();
            if hits.is_empty() {
                continue;
            }
            found.words.extend(hits.into_iter().cloned());
            found.advice.push_str(&rule.advice);
            for number in &rule.numbers {
                if !found.numbers.contains(number) {
                    found.numbers.push(number.clone());
                }
            }
        }
        (!found.numbers.is_empty()).then_some(found)
    }

    /// Every fault as a readable sentence; empty when sound.
    #[must_use]
    pub fn validate(&self) -> Vec<String> {
        let mut problems = self.about.validate();
        for rule in &self.rule {
            let what = format!("emergency {}", rule.code);
            check_text(&mut problems, &what, &rule.code, 1, 32);
            check_words(&mut problems, &format!("{what} words"), &rule.words, 200, 20);
            check_words(&mut problems, &format!("{what} harmless"), &rule.harmless, 200, 20);
            check_text(&mut problems, &format!("{what} advice"), &rule.advice, 4, 120);
            if rule.words.iter().any(|word| word.chars().count() < 2) {
                problems.push(format!("{what}: a single character is no word to go by"));
            }
            if rule.numbers.is_empty() || rule.numbers.iter().any(|n| !is_short_number(n)) {
                problems.push(format!("{what}: numbers must be given, each of 3 to 6 digits"));
            }
        }
        problems
    }
}

/// 110 and its like, or a utility's line such as 95598.
fn is_short_number(number: &str) -> bool {
    (3..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> EmergencyWords {
        let about = Provenance {
            version: "t".into(),
            source: "t".into(),
            licence: "t".into(),
            as_of: chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        };
        let fire = EmergencyRule {
            code: "fire".into(),
            words: vec!["着火".into(), "冒烟".into()],
            harmless: vec!["着火气".into()],
            numbers: vec!["119".into(), "110".into()],
            advice: "请马上打119。".into(),
        };
        let hurt = EmergencyRule {
            code: "hurt".into(),
            words: vec!["昏迷".into()],
            harmless: vec![],
            numbers: vec!["120".into(), "110".into()],
            advice: "请马上打120。".into(),
        };
        EmergencyWords {
            about,
            rule: vec![fire, hurt],
        }
    }

    #[test]
    fn danger_names_every_number_once_and_what_to_do() {
        let advice = words().check("楼道着 火了,有人昏迷").unwrap();
        assert_eq!(advice.numbers, ["119", "110", "120"]);
        assert_eq!(advice.advice, "请马上打119。请马上打120。");
    }

    #[test]
    fn everyday_words_alone_show_nothing_but_beside_danger_they_hide_nothing() {
        assert_eq!(words().check("他憋着火气说话"), None);
        assert!(words().check("他憋着火气,屋里着火了").is_some());
        assert!(words().check("没有着火").is_some(), "a negation still shows the advice");
    }

    #[test]
    fn a_rule_without_a_number_is_refused() {
        let mut faulty = words();
        faulty.rule[0].numbers.clear();
        assert_eq!(faulty.validate().len(), 1);
        assert!(words().validate().is_empty());
    }
}
