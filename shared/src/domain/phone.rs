//! Mobile numbers: reading one as people type it, and showing it without giving it away.
//!
//! It decides what a mainland mobile number is. It does not decide whether the number is in service, nor who may see it.

use std::{fmt, str::FromStr};

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// The longest input looked at, in characters: eleven digits with prefix and generous spacing.
const INPUT_MAX: usize = 40;

/// The input is not a mainland mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a mainland mobile number")]
pub struct PhoneError;

/// A mainland mobile number: eleven digits, `1`, then `3` to `9`, then nine more.
///
/// `Debug` shows no digit and there is no `Display`, so a number cannot slip into a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MobileNumber {
    /// The eleven national digits.
    digits: String,
}

impl MobileNumber {
    /// In E.164: `+86` and the eleven digits. The form to store (encrypted) and to send to.
    #[must_use]
    pub fn to_e164(&self) -> String {
        format!("+86{}", self.digits)
    }

    /// The eleven national digits.
    #[must_use]
    pub fn national(&self) -> &str {
        &self.digits
    }

    /// The form for lists and screens: first three and last four digits, `138****1234`.
    #[must_use]
    pub fn masked(&self) -> String {
        self.digits
            .chars()
            .enumerate()
            .map(|(place, digit)| if (3..7).contains(&place) { '*' } else { digit })
            .collect()
    }
}

impl FromStr for MobileNumber {
    type Err = PhoneError;

    /// Reads `13812345678`, `+86 138-1234-5678`, `008613812345678` and the like, in ASCII or full-width characters.
    fn from_str(input: &str) -> Result<Self, Self::Err> {
        if input.chars().nth(INPUT_MAX).is_some() {
            return Err(PhoneError);
        }
        let kept: String = input.nfkc().filter(|character| !is_spacing(*character)).collect();
        let digits = ["+86", "0086", "86"]
            .iter()
            .find_map(|prefix| kept.strip_prefix(prefix))
            .unwrap_or(&kept);
        let bytes = digits.as_bytes();
        let is_mobile =
            matches!(bytes, [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit));
        if is_mobile {
            Ok(Self {
                digits: digits.to_owned(),
            })
        } else {
            Err(PhoneError)
        }
    }
}

impl fmt::Debug for MobileNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MobileNumber(…)")
    }
}

/// Characters that people and copy buttons put between the digits, and that mean nothing.
fn is_spacing(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '.' | '(' | ')' | '·' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_read_however_it_was_typed() {
        for typed in [
            "13812345678",
            " 138 1234 5678 ",
            "138-1234-5678",
            "+8613812345678",
            "+86 138 1234 5678",
            "008613812345678",
            "86-138-1234-5678",
            "１３８１２３４５６７８",
            "＋８６　１３８－１２３４－５６７８",
            "(+86)138.1234.5678",
            "\u{202D}13812345678\u{202C}",
        ] {
            let number: MobileNumber = typed.parse().expect(typed);
            assert_eq!(number.to_e164(), "+8613812345678", "{typed}");
            assert_eq!(number.masked(), "138****5678");
        }
    }

    #[test]
    fn what_is_no_mobile_number_is_refused() {
        for typed in [
            "",
            "12345",
            "12812345678",
            "1381234567",
            "138123456789",
            "0539-8312345",
            "+85291234567",
            "一三八",
        ] {
            assert_eq!(typed.parse::<MobileNumber>(), Err(PhoneError), "{typed}");
        }
        assert_eq!("1 ".repeat(500).parse::<MobileNumber>(), Err(PhoneError));
    }

    #[test]
    fn debug_output_shows_no_digit() {
        let number: MobileNumber = "13812345678".parse().unwrap();
        assert!(!format!("{number:?}").contains(|character: char| character.is_ascii_digit()));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            if let Ok(number) = text.parse::<MobileNumber>() {
                prop_assert_eq!(number.to_e164().parse::<MobileNumber>(), Ok(number));
            }
        }
    }
}
