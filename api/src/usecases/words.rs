//! Longer texts as people send them, line breaks included: trimmed, within their bound, without control characters.

use crate::errors::Failure;

/// A reason, question, basis or note.
pub const REASON_LIMIT: usize = 500;
/// A report, a reply or an answer.
pub const BODY_LIMIT: usize = 2000;

/// The text without the space around it.
///
/// # Errors
/// `Invalid` when it is empty, longer than `most` characters, or holds control characters other than line breaks and tabs.
pub fn text(field: &'static str, given: &str, most: usize) -> Result<String, Failure> {
    let given = given.trim();
    if given.is_empty() {
        return Err(Failure::invalid(field, "请填写内容"));
    }
    if given.chars().nth(most).is_some() {
        return Err(Failure::invalid(field, format!("最多 {most} 个字")));
    }
    if given
        .chars()
        .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
    {
        return Err(Failure::invalid(field, "含有不能使用的控制字符"));
    }
    Ok(given.to_owned())
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
}
