//! Bounds of short texts that people type: trimmed, without control characters, not too long.

use crate::errors::Failure;

/// The text without spaces around it.
///
/// # Errors
/// `Invalid` for `field` when it has more than `most` characters or a control character.
pub fn short(field: &'static str, text: &str, most: usize) -> Result<String, Failure> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Failure::invalid(field, format!("最多 {most} 个字")));
    }
    if text.chars().any(char::is_control) {
        return Err(Failure::invalid(field, "不能包含换行或特殊字符"));
    }
    Ok(text.to_owned())
}

/// As [`short`], and at least one character.
///
/// # Errors
/// `Invalid` for `field` when it is empty, too long or has a control character.
pub fn short_and_there(field: &'static str, text: &str, most: usize) -> Result<String, Failure> {
    let text = short(field, text, most)?;
    if text.is_empty() {
        return Err(Failure::invalid(field, "请填写"));
    }
    Ok(text)
}
