//! Bytes as hexadecimal digits: how hashes are written wherever they are kept, sent or compared.

/// Two lower-case digits a byte.
#[must_use]
pub fn lower_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_two_lower_case_digits() {
        assert_eq!(lower_hex(&[0, 1, 0x7f, 0xab, 0xff]), "00017fabff");
        assert_eq!(lower_hex(&[]), "");
    }
}
