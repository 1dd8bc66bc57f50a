//! The words of a text as both databases index and look them up: pairs of neighbouring Chinese characters, and whole
//! Latin words and numbers.
//!
//! It decides what a token is. It does not decide which texts are indexed nor who may find them: callers index redacted
//! text for the public.
//!
//! **Form.** A token consists of `a`–`z`, `0`–`9` and Han characters that every tokeniser in use knows as letters; anything else
//! (other scripts, rare Han characters) is written as `x` and hexadecimal code points. Such a token is kept whole by
//! `FTS5`'s `unicode61`, by PostgreSQL's `simple` configuration and by a plain cast to `tsvector`, and needs no escaping.
//!
//! **One character.** The last character of each run also stands alone, so the prefix query that a search for one
//! character becomes finds the character wherever it stands.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Characters of a text that are looked at; what follows is not indexed.
pub const TEXT_MAX: usize = 20_000;
/// Tokens that one text gives at most.
pub const TOKENS_MAX: usize = 4_000;
/// Tokens that one query gives at most.
pub const QUERY_TOKENS_MAX: usize = 16;
/// Characters of a Latin word or a number that are kept.
const WORD_MAX: usize = 32;

/// One condition of a search; all conditions of a query must hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QueryToken {
    /// The token as [`tokens`] writes it.
    pub text: String,
    /// Whether tokens that merely begin so count too: true for a single Chinese character only.
    pub prefix: bool,
}

/// The tokens to index for a text, in order of first appearance, each once.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for run in runs(text) {
        let pairs = match &run {
            Run::Word(word) => vec![written(word)],
            Run::Han(characters) => characters
                .windows(2)
                .chain(characters.windows(1).next_back())
                .map(written)
                .collect(),
        };
        for token in pairs {
            if found.len() == TOKENS_MAX {
                return found;
            }
            if seen.insert(token.clone()) {
                found.push(token);
            }
        }
    }
    found
}

/// The conditions of a search as typed by a person: `路灯` asks for one pair, `路灯不亮` for three.
///
/// A single Chinese character counts only when there is nothing better to look for, as a prefix. Empty when the query
/// holds no letter and no digit.
#[must_use]
pub fn query_tokens(query: &str) -> Vec<QueryToken> {
    let mut whole = Vec::new();
    let mut single = Vec::new();
    for run in runs(query) {
        match &run {
            Run::Word(word) => whole.push(QueryToken {
                text: written(word),
                prefix: false,
            }),
            Run::Han(characters) if characters.len() == 1 => {
                single.push(QueryToken {
                    text: written(characters),
                    prefix: true,
                });
            }
            Run::Han(characters) => {
                whole.extend(characters.windows(2).map(|pair| QueryToken {
                    text: written(pair),
                    prefix: false,
                }));
            }
        }
    }
    let mut seen = HashSet::new();
    let mut conditions = if whole.is_empty() { single } else { whole };
    conditions.retain(|condition| seen.insert(condition.text.clone()));
    conditions.truncate(QUERY_TOKENS_MAX);
    conditions
}

/// The right-hand side of an `FTS5` `MATCH` for a query; `None` when it asks for nothing.
#[must_use]
pub fn fts5_query(query: &str) -> Option<String> {
    joined(query, " ", |condition| {
        format!("\"{}\"{}", condition.text, if condition.prefix { "*" } else { "" })
    })
}

/// The text of a PostgreSQL `tsquery` for a query; `None` when it asks for nothing.
#[must_use]
pub fn tsquery(query: &str) -> Option<String> {
    joined(query, " & ", |condition| {
        format!("'{}'{}", condition.text, if condition.prefix { ":*" } else { "" })
    })
}

fn joined(query: &str, between: &str, write: impl Fn(&QueryToken) -> String) -> Option<String> {
    let conditions: Vec<String> = query_tokens(query).iter().map(write).collect();
    (!conditions.is_empty()).then(|| conditions.join(between))
}

/// A stretch of text without a break.
enum Run {
    /// A Latin word, a number, or a word of another script.
    Word(Vec<char>),
    /// Chinese characters (and kana, which are written as tightly).
    Han(Vec<char>),
}

/// Splits a text at everything that is neither letter nor digit, and between Han and other letters.
fn runs(text: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut open = false;
    let normal = text
        .chars()
        .take(TEXT_MAX)
        .nfkc()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|character| !is_combining_mark(*character))
        .take(TEXT_MAX);
    for character in normal {
        if is_tight(character) {
            match found.last_mut() {
                Some(Run::Han(characters)) if open => characters.push(character),
                _ => found.push(Run::Han(vec![character])),
            }
            open = true;
        } else if character.is_alphanumeric() {
            match found.last_mut() {
                Some(Run::Word(word)) if open => {
                    if word.len() < WORD_MAX {
                        word.push(character);
                    }
                }
                _ => found.push(Run::Word(vec![character])),
            }
            open = true;
        } else {
            open = false;
        }
    }
    found
}

/// Whether the script is written without spaces, so that pairs of characters are its words.
fn is_tight(character: char) -> bool {
    matches!(character, '\u{3007}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Whether every tokeniser in use takes the character for part of a word and leaves it as it is: Unicode 6.1's Han.
fn is_plain(character: char) -> bool {
    matches!(character, 'a'..='z' | '0'..='9' | '\u{3400}'..='\u{4DB5}' | '\u{4E00}'..='\u{9FCC}')
}

fn written(characters: &[char]) -> String {
    if characters.iter().all(|character| is_plain(*character)) {
        characters.iter().collect()
    } else {
        characters.iter().fold(String::from("x"), |token, character| {
            format!("{token}{:x}", u32::from(*character))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a search would find a text, as both backends decide it.
    fn finds(query: &str, text: &str) -> bool {
        let indexed = tokens(text);
        let conditions = query_tokens(query);
        !conditions.is_empty()
            && conditions.iter().all(|condition| {
                indexed.iter().any(|token| {
                    if condition.prefix {
                        token.starts_with(&condition.text)
                    } else {
                        *token == condition.text
                    }
                })
            })
    }

    #[test]
    fn chinese_is_indexed_by_pairs_and_latin_by_words() {
        assert_eq!(tokens("路灯不亮"), ["路灯", "灯不", "不亮", "亮"]);
        assert_eq!(
            tokens("Ｋ５路公交，LED 坏了！坏了！"),
            ["k5", "路公", "公交", "交", "led", "坏了", "了"]
        );
        assert_eq!(tokens("水"), ["水"]);
        assert!(tokens("，。！ \n").is_empty());
    }

    #[test]
    fn two_characters_find_what_holds_them() {
        let text = "金雀山路与沂蒙路交叉口东200米，路灯坏了3天，晚上很黑。家里有狗";
        for query in ["路灯", "沂蒙路", "交叉口", "200", "金雀山路 路灯"] {
            assert!(finds(query, text), "{query}");
        }
        for query in ["灯路", "垃圾", "2000", "路灯 垃圾"] {
            assert!(!finds(query, text), "{query}");
        }
    }

    #[test]
    fn one_character_is_found_wherever_it_stands() {
        let text = "家里有狗，水压低";
        for query in ["狗", "水", "有", "低", "?狗!"] {
            assert!(finds(query, text), "{query}");
        }
        assert!(!finds("猫", text));
        assert!(
            finds("K5路", "坐K5公交"),
            "beside better conditions a single character is left out"
        );
    }

    #[test]
    fn queries_are_safe_to_hand_to_either_backend() {
        assert_eq!(
            fts5_query("路灯 NOT \"x\" OR *"),
            Some("\"路灯\" \"not\" \"x\" \"or\"".to_owned())
        );
        assert_eq!(tsquery("路灯' | !水:*"), Some("'路灯'".to_owned()));
        assert_eq!(tsquery("水"), Some("'水':*".to_owned()));
        assert_eq!(fts5_query("水"), Some("\"水\"*".to_owned()));
        assert_eq!(fts5_query("——"), None);
    }

    #[test]
    fn other_scripts_and_rare_characters_are_found_too() {
        assert_eq!(tokens("Café"), ["cafe"]);
        assert!(
            tokens("Привет")
                .iter()
                .all(|token| token.starts_with('x') && token.is_ascii())
        );
        assert!(finds("привет", "ПРИВЕТ из Линьи"));
        assert!(finds("𠮷野", "𠮷野家"));
    }

    #[test]
    fn long_texts_and_queries_are_bounded() {
        let endless: String = (0..30_000)
            .filter_map(|step| char::from_u32(0x4E00 + step * 7 % 20_000))
            .collect();
        assert_eq!(tokens(&endless).len(), TOKENS_MAX);
        assert_eq!(query_tokens(&endless).len(), QUERY_TOKENS_MAX);
        assert_eq!(tokens(&"a".repeat(500)), ["a".repeat(WORD_MAX)]);
    }

    proptest! {
        #[test]
        fn tokens_are_short_plain_and_unique(text: String) {
            let found = tokens(&text);
            let unique: HashSet<&String> = found.iter().collect();
            prop_assert_eq!(unique.len(), found.len());
            for token in &found {
                prop_assert!(!token.is_empty() && token.len() <= 1 + WORD_MAX * 6);
                prop_assert!(token.chars().all(is_plain), "{}", token);
            }
        }

        #[test]
        fn a_text_is_found_by_any_part_of_it(text in "[路灯不亮水管漏电动车]{4,20}", from in 0usize..3, length in 1usize..6) {
            let part: String = text.chars().skip(from).take(length).collect();
            prop_assume!(!part.is_empty());
            prop_assert!(finds(&part, &text), "{} in {}", part, text);
        }
    }
}
