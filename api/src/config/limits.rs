//! How often one may ask, by kind of operation.

use serde::Deserialize;

use crate::limits::Class;

/// Budgets of one kind of operation. A budget of 0 is none: nothing is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLimit {
    /// Requests from one IPv4 address or IPv6 /64 in a window. Many phones share one address of their operator.
    pub address: u32,
    /// Requests of one account in a window.
    pub account: u32,
    /// Length of the window.
    pub seconds: u32,
}

impl ClassLimit {
    const fn a_minute(address: u32, account: u32) -> Self {
        Self {
            address,
            account,
            seconds: 60,
        }
    }
}

/// How often one may ask.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Counts at all; switched off for measurements.
    pub enabled: bool,
    /// Budgets remembered at most, at 16 bytes each.
    pub places: usize,
    /// Desks of this process that are told what happens while it happens, each over a connection of its own.
    pub live_desks: usize,
    /// Looking at something.
    pub reading: ClassLimit,
    /// Changing something.
    pub writing: ClassLimit,
    /// Registering and signing in.
    pub signing_in: ClassLimit,
    /// Asking for a code.
    pub codes: ClassLimit,
    /// Sending a photograph.
    pub photos: ClassLimit,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            places: 131_072,
            live_desks: 500,
            reading: ClassLimit::a_minute(6_000, 600),
            writing: ClassLimit::a_minute(1_200, 120),
            signing_in: ClassLimit::a_minute(300, 60),
            codes: ClassLimit::a_minute(120, 10),
            photos: ClassLimit::a_minute(600, 60),
        }
    }
}

impl LimitsConfig {
    /// The budgets of one kind.
    #[must_use]
    pub const fn of(&self, class: Class) -> ClassLimit {
        match class {
            Class::Reading => self.reading,
            Class::Writing => self.writing,
            Class::SigningIn => self.signing_in,
            Class::Codes => self.codes,
            Class::Photos => self.photos,
        }
    }

    /// Whether every window has a length.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        Class::ALL.iter().all(|class| self.of(*class).seconds > 0)
    }
}
