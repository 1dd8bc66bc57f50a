//! What people type, within bounds: short fields on one line, and longer texts with line breaks. Trimmed, not too long, without
//! control characters.

use crate::errors::Failure;

/// A reason, question, basis or note.
pub const REASON_LIMIT: usize = 500;
/// A report, a reply or an answer.
pub const BODY_LIMIT: usize = 2000;

/// A longer text without the space around it.
///
/// # Errors
/// `Invalid` when it is empty, longer than `most` characters, or holds control characters other than line breaks and tabs.
pub fn text(field: &'static str, given: &str, most: usize) -> Result<String, Failure> {
    let given = there(field, bounded(field, given, most)?)?;
    let unfit = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if given.chars().any(unfit) {
        return Err(Failure::invalid(field, "含有不能使用的控制字符"));
    }
    Ok(given)
}

/// As [`text`]; nothing when it is missing or empty.
///
/// # Errors
/// As [`text`].
pub fn optional_text(field: &'static str, given: Option<&str>, most: usize) -> Result<Option<String>, Failure> {
    given
        .filter(|given| !given.trim().is_empty())
        .map(|given| text(field, given, most))
        .transpose()
}

/// A short text on one line without spaces around it; it may be empty.
///
/// # Errors
/// `Invalid` when it has more than `most` characters, a line break or another control character.
pub fn short(field: &'static str, given: &str, most: usize) -> Result<String, Failure> {
    let given = bounded(field, given, most)?;
    if given.chars().any(char::is_control) {
        return Err(Failure::invalid(field, "不能包含换行或特殊字符"));
    }
    Ok(given)
}

/// As [`short`], and at least one character.
///
/// # Errors
/// As [`short`], and `Invalid` when it is empty.
pub fn short_and_there(field: &'static str, given: &str, most: usize) -> Result<String, Failure> {
    there(field, short(field, given, most)?)
}

fn bounded(field: &'static str, given: &str, most: usize) -> Result<String, Failure> {
    let given = given.trim();
    if given.chars().nth(most).is_some() {
        return Err(Failure::invalid(field, format!("最多 {most} 个字")));
    }
    Ok(given.to_owned())
}

fn there(field: &'static str, given: String) -> Result<String, Failure> {
    if given.is_empty() {
        return Err(Failure::invalid(field, "请填写内容"));
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_kept_within_its_bound() {
        assert_eq!(
            text("reason", "  已现场核实。\n", 500).ok().as_deref(),
            Some("已现场核实。")
        );
        for bad in ["", " \n ", "灯\u{0}灭", &"灯".repeat(501)] {
            let refused = text("reason", bad, 500);
            assert_eq!(refused.err().and_then(|failure| failure.field), Some("reason"));
        }
        assert!(text("reason", &"灯".repeat(500), 500).is_ok());
        assert_eq!(optional_text("reason", Some("  "), 500).ok(), Some(None));
    }

    #[test]
    fn a_short_text_stays_on_one_line() {
        assert_eq!(short("unit", " 兰山区 ", 4).ok().as_deref(), Some("兰山区"));
        assert_eq!(short("unit", " ", 4).ok().as_deref(), Some(""));
        assert!(short_and_there("unit", " ", 4).is_err());
        assert!(short("unit", "兰山区\n罗庄区", 40).is_err());
        assert!(short("unit", "兰山区罗庄", 4).is_err());
    }
}
