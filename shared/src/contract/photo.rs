//! Photographs on the wire: what is answered to an upload. The pictures themselves travel as they are.

use serde::{Deserialize, Serialize};

use crate::domain::{id::PhotoId, time::Timestamp};

/// What the camera wrote into the file: to be offered to the sender, who may know better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoHintsView {
    /// Degrees, WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees, WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// When the picture was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// Whether the place lies in the city; missing without a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_city: Option<bool>,
}

/// A photograph that was received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoView {
    /// Names it in addresses.
    pub id: PhotoId,
    /// SHA-256 of the bytes as they were sent, 64 lower-case hexadecimal digits: names it in reports and replies.
    pub sha256: String,
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
    /// A report or reply names it already.
    pub attached: bool,
    /// Place and time, when the file says them.
    pub hints: PhotoHintsView,
    /// Where the rendition for the screen is read, at most 1600 pixels a side.
    pub display_url: String,
    /// Where the small rendition is read, at most 320 pixels a side.
    pub thumbnail_url: String,
}
