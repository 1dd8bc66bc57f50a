//! Looking a case up without an account: the receipt number, and a code to the phone that was given with the case.

use serde::{Deserialize, Serialize};

use super::{case::OwnCaseView, secret::Secret};
use crate::domain::time::Timestamp;

/// Asks for a code for one case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookupCodeRequest {
    /// The receipt number; at most 40 characters.
    pub receipt_no: String,
    /// The mobile number that was given with the case.
    pub phone: Secret,
}

/// Looks a case up with the code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookupRequest {
    /// The receipt number; at most 40 characters.
    pub receipt_no: String,
    /// The mobile number that was given with the case.
    pub phone: Secret,
    /// The code from the text message; six digits.
    pub code: Secret,
}

/// The case as its requester reads it. Photographs and everything to be done ask for a sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookupView {
    /// Shows the case again, as `Lookup-Token`; opens nothing else.
    pub token: Secret,
    /// Until when.
    pub until: Timestamp,
    /// The case.
    pub case: OwnCaseView,
}
