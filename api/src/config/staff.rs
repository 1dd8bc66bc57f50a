//! What the city asks of its staff before they work: passwords that change, a second factor.

use std::str::FromStr;

use serde::Deserialize;

/// Who must have a second factor. Whoever has one is always asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorPolicy {
    /// Everybody on the staff.
    All,
    /// The three administrators; for all others it is their own choice.
    #[default]
    Administrators,
    /// Nobody; it is everybody's own choice.
    Enrolled,
}

impl FromStr for SecondFactorPolicy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "all" => Ok(Self::All),
            "administrators" => Ok(Self::Administrators),
            "enrolled" => Ok(Self::Enrolled),
            _ => Err("all, administrators or enrolled"),
        }
    }
}

/// Passwords and second factor of staff.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StaffConfig {
    /// Who must have a second factor.
    pub second_factor: SecondFactorPolicy,
    /// Days after which a password has to be changed; 0 for never.
    pub password_days: i64,
    /// The newest passwords that cannot be chosen again, the present one among them.
    pub password_history: u32,
    /// Seconds between the password and the code of the second factor.
    pub challenge_seconds: i64,
}

impl Default for StaffConfig {
    fn default() -> Self {
        Self {
            second_factor: SecondFactorPolicy::default(),
            password_days: 90,
            password_history: 5,
            challenge_seconds: 300,
        }
    }
}
