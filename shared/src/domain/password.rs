//! What makes a password acceptable. It does not hash or compare passwords: that is the server's matter.

/// Characters a password has at least.
pub const SHORTEST: usize = 8;
/// Characters a password has at most: hashing time must not grow with the input.
pub const LONGEST: usize = 128;
/// Classes of characters (lower case, upper case, digits, others) that a member of staff's password mixes.
pub const STAFF_CLASSES: usize = 3;
/// Classes of characters that a resident's password mixes.
pub const RESIDENT_CLASSES: usize = 2;

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`SHORTEST`] characters.
    #[error("too short")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("too long")]
    TooLong,
    /// Too few classes of characters.
    #[error("too few classes of characters")]
    TooPlain,
    /// It contains the account's own name or number.
    #[error("contains the account's name")]
    HoldsName,
}

impl PasswordError {
    /// What would be right, for the person who chose the password.
    #[must_use]
    pub const fn message_zh(self) -> &'static str {
        match self {
            Self::TooShort => "密码至少 8 位",
            Self::TooLong => "密码最多 128 位",
            Self::TooPlain => "密码请混合使用大写字母、小写字母、数字和符号：工作人员至少三种，市民至少两种",
            Self::HoldsName => "密码不能包含账号或手机号",
        }
    }
}

/// Checks a new password: length, classes of characters, and that it does not repeat the account's `name`.
///
/// # Errors
/// The first rule that the password breaks.
pub fn check(password: &str, name: &str, classes: usize) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordError::TooLong);
    }
    let mixed = [
        password.chars().any(|character| character.is_ascii_lowercase()),
        password.chars().any(|character| character.is_ascii_uppercase()),
        password.chars().any(|character| character.is_ascii_digit()),
        password.chars().any(|character| !character.is_ascii_alphanumeric()),
    ];
    if mixed.into_iter().filter(|class| *class).count() < classes {
        return Err(PasswordError::TooPlain);
    }
    if !name.is_empty() && password.to_lowercase().contains(&name.to_lowercase()) {
        return Err(PasswordError::HoldsName);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_mix_three_classes_and_residents_two() {
        assert_eq!(check("Yimeng-2026", "wang", STAFF_CLASSES), Ok(()));
        assert_eq!(check("yimeng2026", "wang", STAFF_CLASSES), Err(PasswordError::TooPlain));
        assert_eq!(check("yimeng2026", "13812345678", RESIDENT_CLASSES), Ok(()));
        assert_eq!(
            check("12345678", "13812345678", RESIDENT_CLASSES),
            Err(PasswordError::TooPlain)
        );
    }

    #[test]
    fn length_counts_characters_and_the_own_name_is_refused() {
        assert_eq!(check("沂蒙山小调ab1", "", RESIDENT_CLASSES), Ok(()));
        assert_eq!(check(&"Ab1-".repeat(32), "", STAFF_CLASSES), Ok(()));
        assert_eq!(check("Ab1-Ab1", "", STAFF_CLASSES), Err(PasswordError::TooShort));
        assert_eq!(
            check(&"Ab1-".repeat(33), "", STAFF_CLASSES),
            Err(PasswordError::TooLong)
        );
        assert_eq!(
            check("Zhang.Ying-1", "zhang.ying", STAFF_CLASSES),
            Err(PasswordError::HoldsName)
        );
    }
}
