//! Proposes what to mask in a text before the public sees it, and masks it.
//!
//! Patterns only propose: a moderator releases the text, takes proposals away or adds spans of his own. The requester's
//! own words are never changed; the masked text is a second one. What is found: phone numbers, identity numbers, plates, bank cards,
//! door numbers, names, mail and chat accounts. The proposals lean towards too much, since a leak cannot be taken back.

mod doors;
mod names;
mod numbers;
mod plates;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Characters of a text that are looked at; longer texts are refused before they get here.
pub const TEXT_MAX: usize = 20_000;
/// Spans that one text may have at most.
pub const SPANS_MAX: usize = 1_000;

/// What a span hides; decides the words put in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MaskKind {
    /// A mobile or landline number.
    Phone,
    /// A resident identity number.
    ResidentId,
    /// A vehicle's plate.
    Plate,
    /// A bank card or account number.
    BankCard,
    /// A building, unit and room, or a house's number.
    DoorNumber,
    /// A person's name; the title behind it stays.
    Name,
    /// A mail address.
    Email,
    /// A chat account.
    ChatAccount,
    /// Anything else that a moderator hides.
    Other,
}

impl MaskKind {
    /// What readers see in place of the hidden words.
    #[must_use]
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::Phone => "〔电话〕",
            Self::ResidentId => "〔身份证号〕",
            Self::Plate => "〔车牌〕",
            Self::BankCard => "〔银行卡号〕",
            Self::DoorNumber => "〔门牌号〕",
            Self::Name => "〔姓名〕",
            Self::Email => "〔邮箱〕",
            Self::ChatAccount => "〔聊天账号〕",
            Self::Other => "〔已隐去〕",
        }
    }
}

/// A stretch of a text to hide, in characters (not bytes): from `start` up to but without `end`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MaskSpan {
    /// The first hidden character's place, counted from 0.
    pub start: usize,
    /// The place after the last hidden character.
    pub end: usize,
    /// What it hides.
    pub kind: MaskKind,
    /// Why, in a few Chinese words for the moderator.
    pub reason: String,
}

/// Why spans could not be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MaskError {
    /// A span is empty or runs backwards.
    #[error("a span is empty")]
    Empty,
    /// A span reaches beyond the text.
    #[error("a span reaches beyond the text")]
    OutOfBounds,
    /// More than [`SPANS_MAX`] spans.
    #[error("there are too many spans")]
    TooMany,
}

/// What one rule found.
struct Finding {
    start: usize,
    end: usize,
    kind: MaskKind,
    reason: &'static str,
}

/// Proposes spans for a text: in order, not overlapping, within the text. An empty list means that no pattern matched, not
/// that the text is harmless.
#[must_use]
pub fn propose(text: &str) -> Vec<MaskSpan> {
    let characters: Vec<char> = text.chars().take(TEXT_MAX).map(folded).collect();
    let mut findings = Vec::new();
    numbers::find(&characters, &mut findings);
    plates::find(&characters, &mut findings);
    doors::find(&characters, &mut findings);
    names::find(&characters, &mut findings);
    let spans = findings
        .into_iter()
        .map(
            |Finding {
                 start,
                 end,
                 kind,
                 reason,
             }| MaskSpan {
                start,
                end,
                kind,
                reason: reason.to_owned(),
            },
        )
        .collect();
    let mut spans = merged(spans);
    spans.truncate(SPANS_MAX);
    spans
}

/// The text with each span replaced by its kind's words. Overlapping spans hide their union under the longer one's kind;
/// neighbours of one kind that touch become one.
///
/// # Errors
/// [`MaskError`] when a span is empty, reaches beyond the text, or there are too many.
pub fn apply(text: &str, spans: &[MaskSpan]) -> Result<String, MaskError> {
    check(text, spans)?;
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    let mut place = 0;
    for span in merged(spans.to_vec()) {
        result.extend(characters.by_ref().take(span.start.saturating_sub(place)));
        result.push_str(span.kind.placeholder());
        place = span.end;
        // What is hidden is taken from the text and dropped.
        characters.by_ref().take(span.end - span.start).for_each(drop);
    }
    result.extend(characters);
    Ok(result)
}

/// Whether all spans lie within the text.
///
/// # Errors
/// [`MaskError`] naming the first fault.
pub fn check(text: &str, spans: &[MaskSpan]) -> Result<(), MaskError> {
    if spans.len() > SPANS_MAX {
        return Err(MaskError::TooMany);
    }
    let length = text.chars().count();
    for span in spans {
        if span.start >= span.end {
            return Err(MaskError::Empty);
        }
        if span.end > length {
            return Err(MaskError::OutOfBounds);
        }
    }
    Ok(())
}

/// Sorts spans and unites those that overlap, and those of one kind that touch.
fn merged(mut spans: Vec<MaskSpan>) -> Vec<MaskSpan> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut result: Vec<MaskSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match result.last_mut() {
            Some(last) if span.start < last.end || (span.start == last.end && span.kind == last.kind) => {
                if span.end - span.start > last.end - last.start {
                    last.kind = span.kind;
                    last.reason = span.reason;
                }
                last.end = last.end.max(span.end);
            }
            _ => result.push(span),
        }
    }
    result
}

/// The one character that stands for full-width, circled and styled forms, in upper case; others stay. One for one, so
/// that places in the folded text are places in the original.
fn folded(character: char) -> char {
    let mut forms = std::iter::once(character).nfkc();
    let first = forms.next().unwrap_or(character);
    if forms.next().is_some() {
        character
    } else {
        first.to_ascii_uppercase()
    }
}

/// The character at a place, if there is one.
fn at(text: &[char], place: usize) -> Option<char> {
    text.get(place).copied()
}

/// The character before a place, if there is one.
fn before(text: &[char], place: usize) -> Option<char> {
    text.get(place.checked_sub(1)?).copied()
}

/// Whether the text goes on with these words at a place.
fn starts_with(text: &[char], place: usize, words: &str) -> bool {
    let mut rest = text.get(place..).unwrap_or_default().iter();
    words.chars().all(|character| rest.next() == Some(&character))
}

/// Whether any of these words stand within the `reach` characters before a place, in the same sentence.
fn preceded_by(text: &[char], place: usize, reach: usize, words: &[&str]) -> bool {
    let window = text.get(place.saturating_sub(reach)..place).unwrap_or_default();
    let sentence: String = window
        .rsplit(|character| matches!(character, '。' | '!' | '?' | '\n' | ';'))
        .next()
        .unwrap_or_default()
        .iter()
        .collect();
    words.iter().any(|word| sentence.contains(word))
}

/// Whether the character is Han.
fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}
