//! Receipt numbers: what a resident is given for a case instead of its id.
//!
//! A keyed reversible permutation turns the time-ordered id into something without visible order, so the public cannot
//! count or guess cases, and the server needs no index to find the case again. It decides form and check character. It
//! is no permission: a receipt alone opens nothing private.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that carry the 64 permuted bits.
const DATA_LENGTH: usize = 13;
/// Data and check character.
const CODE_LENGTH: usize = DATA_LENGTH + 1;
/// Rounds of the permutation; four make it indistinguishable from random in theory, the rest is margin.
const ROUNDS: u32 = 12;
/// The longest input looked at, in characters.
const INPUT_MAX: usize = 64;
/// The longest prefix.
const PREFIX_MAX: usize = 4;

/// Why a receipt number was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// Wrong length, or characters that no receipt has.
    #[error("this does not have the form of a receipt number")]
    Malformed,
    /// The form is right and the check character is not: a typing error.
    #[error("the receipt number was mistyped")]
    Mistyped,
    /// The prefix is not one to four ASCII letters.
    #[error("the receipt prefix is not one to four ASCII letters")]
    Prefix,
}

/// Writes and reads the receipt numbers of one installation.
///
/// The key must stay the same for the life of the data: another key gives every case another number.
#[derive(Clone)]
pub struct ReceiptCodec {
    prefix: String,
    keys: [SipKey; 2],
}

impl ReceiptCodec {
    /// A codec with the city's letters, such as `LY`, and a secret key of 32 random bytes.
    ///
    /// # Errors
    /// [`ReceiptError::Prefix`] when the prefix is not one to four ASCII letters.
    pub fn new(prefix: &str, key: [u8; 32]) -> Result<Self, ReceiptError> {
        if !(1..=PREFIX_MAX).contains(&prefix.len()) || !prefix.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(ReceiptError::Prefix);
        }
        let mut words = [0u64; 4];
        for (word, bytes) in words.iter_mut().zip(key.chunks_exact(8)) {
            *word = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        }
        let keys = [SipKey(words[0], words[1]), SipKey(words[2], words[3])];
        Ok(Self {
            prefix: prefix.to_ascii_uppercase(),
            keys,
        })
    }

    /// The receipt number of an id, such as `LY-7F3K-20QX-M4ZP-1V`.
    #[must_use]
    pub fn write(&self, id: i64) -> String {
        let mut rest = self.permute(id.cast_unsigned());
        let mut values = [0u8; DATA_LENGTH];
        for value in values.iter_mut().rev() {
            *value = (rest & 31).to_le_bytes()[0];
            rest >>= 5;
        }
        let check = check_value(&values);
        let mut text = self.prefix.clone();
        for (place, value) in values.iter().chain(std::iter::once(&check)).enumerate() {
            if place % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(*value & 31)]));
        }
        text
    }

    /// The id behind a receipt number as people type it: any case, spacing and dashes, full-width characters, O for 0,
    /// I and L for 1, with the prefix or without.
    ///
    /// # Errors
    /// [`ReceiptError::Malformed`] or [`ReceiptError::Mistyped`].
    pub fn read(&self, input: &str) -> Result<i64, ReceiptError> {
        if input.chars().nth(INPUT_MAX).is_some() {
            return Err(ReceiptError::Malformed);
        }
        let typed: Vec<char> = input
            .nfkc()
            .filter(|character| character.is_alphanumeric())
            .map(|character| plain(character.to_ascii_uppercase()))
            .collect();
        let code = match typed.len().checked_sub(CODE_LENGTH) {
            Some(0) => typed.as_slice(),
            Some(extra)
                if extra == self.prefix.len()
                    && typed
                        .iter()
                        .copied()
                        .zip(self.prefix.chars().map(plain))
                        .take(extra)
                        .all(|(a, b)| a == b) =>
            {
                &typed[extra..]
            }
            _ => return Err(ReceiptError::Malformed),
        };
        let mut values = [0u8; CODE_LENGTH];
        for (value, character) in values.iter_mut().zip(code) {
            let found = ALPHABET
                .iter()
                .zip(0u8..)
                .find(|(letter, _)| char::from(**letter) == *character);
            *value = found.map(|(_, number)| number).ok_or(ReceiptError::Malformed)?;
        }
        let (data, check) = values.split_at(DATA_LENGTH);
        // Thirteen characters could hold one bit more than an id has.
        if check != [check_value(data)] || data[0] > 15 {
            return Err(ReceiptError::Mistyped);
        }
        let permuted = data.iter().fold(0u64, |bits, value| bits << 5 | u64::from(*value));
        let id = self.restore(permuted).cast_signed();
        if id > 0 { Ok(id) } else { Err(ReceiptError::Mistyped) }
    }

    /// A Feistel network over two halves of 32 bits, keyed in turn by the two halves of the key.
    fn permute(&self, value: u64) -> u64 {
        let (mut left, mut right) = halves(value);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ self.mix(round, right));
        }
        u64::from(left) << 32 | u64::from(right)
    }

    /// The same network backwards.
    fn restore(&self, value: u64) -> u64 {
        let (mut left, mut right) = halves(value);
        for round in (0..ROUNDS).rev() {
            (left, right) = (right ^ self.mix(round, left), left);
        }
        u64::from(left) << 32 | u64::from(right)
    }

    fn mix(&self, round: u32, half: u32) -> u32 {
        let key = self.keys[(round % 2) as usize];
        halves(sip_hash(key, u64::from(round) << 32 | u64::from(half))).1
    }
}

impl fmt::Debug for ReceiptCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiptCodec")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// The high and the low half.
fn halves(value: u64) -> (u32, u32) {
    let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or_default();
    (half(value >> 32), half(value))
}

/// The digit that a look-alike letter was meant to be.
fn plain(character: char) -> char {
    match character {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// A weighted sum over the field of 32 elements with a different weight at each place: tells every single wrong
/// character and every swap of two.
fn check_value(values: &[u8]) -> u8 {
    values.iter().rev().fold(0, |sum, value| double(sum ^ value))
}

/// Multiplication by the generator of the field with the polynomial x⁵ + x² + 1.
fn double(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

/// A key of 128 bits for the round function.
#[derive(Clone, Copy)]
struct SipKey(u64, u64);

/// SipHash-2-4 of one word of eight bytes (Aumasson and Bernstein, 2012).
fn sip_hash(SipKey(first, second): SipKey, message: u64) -> u64 {
    let mut state = [
        first ^ 0x736f_6d65_7073_6575,
        second ^ 0x646f_7261_6e64_6f6d,
        first ^ 0x6c79_6765_6e65_7261,
        second ^ 0x7465_6462_7974_6573,
    ];
    // The closing word holds the message's length in its top byte.
    for word in [message, 8 << 56] {
        state[3] ^= word;
        sip_round(&mut state);
        sip_round(&mut state);
        state[0] ^= word;
    }
    state[2] ^= 0xff;
    for _ in 0..4 {
        sip_round(&mut state);
    }
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

fn sip_round(state: &mut [u64; 4]) {
    let [mut a, mut b, mut c, mut d] = *state;
    a = a.wrapping_add(b);
    b = b.rotate_left(13) ^ a;
    a = a.rotate_left(32);
    c = c.wrapping_add(d);
    d = d.rotate_left(16) ^ c;
    a = a.wrapping_add(d);
    d = d.rotate_left(21) ^ a;
    c = c.wrapping_add(b);
    b = b.rotate_left(17) ^ c;
    c = c.rotate_left(32);
    *state = [a, b, c, d];
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An id as the server makes them in November 2026.
    const ID: i64 = 7_510_000_000_000_000_123;

    fn codec() -> ReceiptCodec {
        ReceiptCodec::new("LY", *b"0123456789abcdef0123456789ABCDEF").unwrap()
    }

    #[test]
    fn the_round_function_is_sip_hash() {
        // The published vectors: key 00 01 … 0f, message 00 01 … 07.
        let key = SipKey(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908);
        assert_eq!(sip_hash(key, 0x0706_0504_0302_0100), 0x93f5_f579_9a93_2462);
    }

    #[test]
    fn a_receipt_reads_well_and_leads_back_however_it_is_typed() {
        let receipt = codec().write(ID);
        assert_eq!(
            receipt.split('-').map(str::len).collect::<Vec<_>>(),
            [2, 4, 4, 4, 2],
            "{receipt}"
        );
        let spoken = receipt
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        let full_width: String = receipt
            .chars()
            .filter_map(|c| char::from_u32(u32::from(c) - 0x20 + 0xFF00))
            .collect();
        let bare = receipt.trim_start_matches("LY").replace('-', "");
        for typed in [
            receipt.clone(),
            spoken,
            full_width,
            bare,
            format!("  {receipt}\n"),
            receipt.replace('-', "—"),
        ] {
            assert_eq!(codec().read(&typed), Ok(ID), "{typed}");
        }
    }

    #[test]
    fn neighbouring_cases_have_unrelated_numbers() {
        let codec = codec();
        let receipts: Vec<String> = (0..500).map(|step| codec.write(ID + step)).collect();
        let ascending = receipts.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((200..300).contains(&ascending), "{ascending} of 499 pairs ascend");
        let shared: usize = receipts
            .windows(2)
            .map(|pair| {
                pair[0]
                    .bytes()
                    .zip(pair[1].bytes())
                    .skip(3)
                    .filter(|(a, b)| a == b && *a != b'-')
                    .count()
            })
            .sum();
        // By chance one character in 32 is the same.
        assert!(shared < 500 * CODE_LENGTH / 20, "{shared} characters shared");
        let other = ReceiptCodec::new("LY", [7; 32]).unwrap();
        assert_ne!(other.write(ID), codec.write(ID));
    }

    #[test]
    fn every_single_wrong_character_and_every_swap_of_neighbours_is_told() {
        let codec = codec();
        for id in [1, ID, i64::MAX] {
            let right: Vec<char> = codec.write(id).chars().collect();
            for place in 3..right.len() {
                if right[place] == '-' {
                    continue;
                }
                for letter in ALPHABET
                    .iter()
                    .map(|byte| char::from(*byte))
                    .filter(|letter| *letter != right[place])
                {
                    let mut wrong = right.clone();
                    wrong[place] = letter;
                    let wrong: String = wrong.into_iter().collect();
                    assert_eq!(codec.read(&wrong), Err(ReceiptError::Mistyped), "{wrong}");
                }
            }
            let code: Vec<char> = right.iter().copied().skip(2).filter(|c| *c != '-').collect();
            for place in 0..code.len() - 1 {
                let mut swapped = code.clone();
                swapped.swap(place, place + 1);
                if swapped != code {
                    assert_eq!(
                        codec.read(&swapped.into_iter().collect::<String>()),
                        Err(ReceiptError::Mistyped)
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_no_receipt_is_refused() {
        for typed in [
            "",
            "12345",
            "LY-",
            "QD-7F3K-20QX-M4ZP-1V",
            "收件号",
            "LY-UUUU-UUUU-UUUU-UU",
            &"0".repeat(200),
        ] {
            assert_eq!(codec().read(typed), Err(ReceiptError::Malformed), "{typed}");
        }
        assert_eq!(ReceiptCodec::new("临沂", [0; 32]).unwrap_err(), ReceiptError::Prefix);
        assert_eq!(ReceiptCodec::new("", [0; 32]).unwrap_err(), ReceiptError::Prefix);
        assert!(!format!("{:?}", codec()).contains("keys"));
    }

    proptest! {
        #[test]
        fn every_id_comes_back(id in 1i64.., key: [u8; 32]) {
            let codec = ReceiptCodec::new("LY", key).unwrap();
            prop_assert_eq!(codec.read(&codec.write(id)), Ok(id));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            let codec = codec();
            if let Ok(id) = codec.read(&text) {
                prop_assert!(id > 0);
            }
        }
    }
}
