//! Finds vehicle plates: with the province's character in any spelling, and without it when the text says that it is one.

use super::{Finding, MaskKind, at, before, preceded_by};

/// The characters of the provinces, as plates carry them.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// The last character of special plates: trailers, learners, police, Hong Kong, Macao, consulates.
const SUFFIXES: &str = "挂学警港澳领使试超";

pub(super) fn find(text: &[char], findings: &mut Vec<Finding>) {
    let mut place = 0;
    while place < text.len() {
        let end = with_province(text, place).or_else(|| after_the_word(text, place));
        if let Some(end) = end {
            findings.push(Finding {
                start: place,
                end,
                kind: MaskKind::Plate,
                reason: "像车牌号",
            });
            place = end;
        } else {
            place += 1;
        }
    }
}

/// The place after a plate that begins here with its province.
fn with_province(text: &[char], start: usize) -> Option<usize> {
    if !PROVINCES.contains(at(text, start)?) {
        return None;
    }
    let letter = past_separators(text, start + 1);
    at(text, letter).filter(char::is_ascii_uppercase)?;
    serial(text, past_separators(text, letter + 1))
}

/// The place after a plate without its province, when 车牌 stands shortly before.
fn after_the_word(text: &[char], start: usize) -> Option<usize> {
    at(text, start).filter(char::is_ascii_uppercase)?;
    if before(text, start).is_some_and(|character| character.is_ascii_alphanumeric())
        || !preceded_by(text, start, 8, &["车牌", "牌号", "牌照", "车号"])
    {
        return None;
    }
    serial(text, past_separators(text, start + 1))
}

/// The place after the five or six characters of a plate's serial, which may be spaced; four before a suffix.
fn serial(text: &[char], start: usize) -> Option<usize> {
    let mut place = start;
    let mut length = 0;
    let mut digits = 0;
    let mut end = start;
    while let Some(character) = at(text, place) {
        if character.is_ascii_digit() || character.is_ascii_uppercase() {
            length += 1;
            digits += usize::from(character.is_ascii_digit());
            place += 1;
            end = place;
        } else if is_separator(character) && length > 0 && length < 6 {
            // A gap counts only when the serial goes on behind it.
            let next = past_separators(text, place);
            if next - place > 2 || length >= 5 {
                break;
            }
            place = next;
        } else {
            break;
        }
    }
    let suffixed = at(text, end).is_some_and(|character| SUFFIXES.contains(character));
    match length {
        4 if suffixed && digits >= 2 => Some(end + 1),
        5 | 6 if digits >= 3 => Some(end),
        _ => None,
    }
}

fn past_separators(text: &[char], start: usize) -> usize {
    let mut place = start;
    while place < start + 3 && at(text, place).is_some_and(is_separator) {
        place += 1;
    }
    place
}

fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '·' | '.' | '•' | '・' | '-' | '—' | '_' | '*')
}
