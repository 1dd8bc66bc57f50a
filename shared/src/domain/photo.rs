//! How a case names its photographs: by the hash of their bytes, so that report and photographs may arrive in any order.
//! What a photograph must be to be taken is decided where it is received.

use crate::domain::case::words::closed_list;

/// Photographs that one submission, addition, progress entry or reply may name.
pub const MOST_PHOTOS: usize = 9;

closed_list! {
    /// What a photograph shows, and so who may see it and when.
    pub enum PhotoPurpose as "photo_purpose" {
        /// Sent with the report.
        Report = "report", "诉求照片";
        /// Sent later, to supply or add information.
        Information = "information", "补充照片";
        /// Sent by the unit while it works.
        Progress = "progress", "进展照片";
        /// Sent with a reply: before the work.
        ReplyBefore = "reply_before", "办理前照片";
        /// Sent with a reply: after the work.
        ReplyAfter = "reply_after", "办理后照片";
    }
}

/// SHA-256 of a photograph's bytes as they were sent: 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoHash(String);

/// A text that is not a photograph's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct PhotoHashError;

impl PhotoHash {
    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for PhotoHash {
    type Err = PhotoHashError;

    /// Takes upper-case digits too: some clients write them so.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(PhotoHashError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_hexadecimal_digits_in_one_form() {
        let upper = "AB".repeat(32).parse::<PhotoHash>().unwrap();
        assert_eq!(upper.as_str(), "ab".repeat(32));
        for wrong in ["", "ab", &"zz".repeat(32), &"ab".repeat(33), &"照片".repeat(11)] {
            assert_eq!(wrong.parse::<PhotoHash>(), Err(PhotoHashError), "{wrong}");
        }
    }
}
