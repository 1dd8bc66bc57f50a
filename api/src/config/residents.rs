//! How long things take and stay that residents do with their own accounts and data.

use serde::Deserialize;

/// Waiting periods and limits of residents' accounts.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResidentConfig {
    /// Days that a new number waits which was asked for without the old one.
    pub number_wait_days: i64,
    /// Seconds for which a session is the proven owner's.
    pub proof_seconds: i64,
    /// Days that an export is kept.
    pub export_days: i64,
    /// Days in which signing in again takes the closing of an account back.
    pub closing_days: i64,
    /// Working days within which a request to see, correct or delete one's data is answered.
    pub rights_working_days: u16,
    /// Seconds that a look at a case without an account lasts.
    pub lookup_seconds: i64,
}

/// Working days within which the city promises an answer at the latest.
const MOST_WORKING_DAYS: u16 = 15;

impl ResidentConfig {
    /// What would take a protection away, or could never be kept.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let shortest = [
            self.number_wait_days,
            self.proof_seconds,
            self.export_days,
            self.closing_days,
            self.lookup_seconds,
        ];
        if shortest.iter().any(|span| *span < 1) {
            return Err("days and seconds of residents.* are at least 1");
        }
        if !(1..=MOST_WORKING_DAYS).contains(&self.rights_working_days) {
            return Err("residents.rights_working_days is from 1 to 15");
        }
        Ok(())
    }
}

impl Default for ResidentConfig {
    fn default() -> Self {
        Self {
            number_wait_days: 3,
            proof_seconds: 600,
            export_days: 7,
            closing_days: 7,
            rights_working_days: 15,
            lookup_seconds: 600,
        }
    }
}
