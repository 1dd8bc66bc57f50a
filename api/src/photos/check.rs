//! Decides whether the bytes received are a photograph that may be decoded, before any decoder sees them.
//!
//! A running decoder cannot be stopped, so everything that makes one expensive is judged here from the headers. What
//! the file is called and what the sender says it is play no part.

use serde::Deserialize;

use super::structure::{self, PhotoStructure};

/// How large a photograph may be and how much work it may cause. Configuration; the defaults hold for a city's server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhotoLimits {
    /// Bytes in a file.
    pub file_bytes: u64,
    /// Pixels along the longer side.
    pub longest_side: u32,
    /// Pixels along the shorter side, at least.
    pub shortest_side: u32,
    /// Pixels in a baseline JPEG of one or three components, which is decoded at a reduced scale.
    pub baseline_pixels: u64,
    /// Pixels in anything that has to be decoded at full size: progressive and CMYK JPEG, PNG, WebP.
    pub full_decode_pixels: u64,
    /// Pixels for each byte of the file; a flat JPEG has about 340.
    pub pixels_per_byte: u64,
    /// Pictures up to this many pixels may be as flat as they like: a white screenshot is no attack.
    pub flat_pixels: u64,
    /// Scans in a JPEG; cameras and encoders write 1 to about 12.
    pub jpeg_scans: u32,
    /// Bytes of an EXIF block that are read; a larger block is ignored.
    pub exif_bytes: usize,
    /// Bytes of a colour profile that is applied; a larger one is ignored.
    pub profile_bytes: usize,
    /// Bytes a decoder may take for what is not pixels, such as inflated text.
    pub decoder_side_bytes: u64,
}

impl Default for PhotoLimits {
    fn default() -> Self {
        Self {
            file_bytes: 25_000_000,
            longest_side: 16_384,
            shortest_side: 16,
            baseline_pixels: 64_000_000,
            full_decode_pixels: 24_000_000,
            pixels_per_byte: 400,
            flat_pixels: 4_000_000,
            jpeg_scans: 20,
            exif_bytes: 65_536,
            profile_bytes: 262_144,
            decoder_side_bytes: 64_000_000,
        }
    }
}

/// Why a photograph was not taken. [`PhotoRefusal::code`] is stable; phone and web have words for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PhotoRefusal {
    /// More bytes than [`PhotoLimits::file_bytes`].
    #[error("the file is too large")]
    TooLarge,
    /// Not a JPEG, PNG or WebP picture by its content, or a way of coding one that no phone uses.
    #[error("the file is not a picture of an accepted type")]
    TypeNotAllowed,
    /// HEIC or HEIF: the phone has to send JPEG.
    #[error("HEIC pictures are not accepted")]
    HeicNotSupported,
    /// The file ends before the picture does.
    #[error("the picture is cut off")]
    Truncated,
    /// Too many pixels, too long or too short a side.
    #[error("the picture's dimensions are out of bounds")]
    Dimensions,
    /// Made to cost more work than its size explains.
    #[error("the picture would cost more work than its size explains")]
    Bomb,
    /// Damaged in a way that no decoder accepts.
    #[error("the picture is damaged")]
    Corrupt,
}

impl PhotoRefusal {
    /// Every refusal, for the tables of words and statuses.
    pub const ALL: [Self; 7] = [
        Self::TooLarge,
        Self::TypeNotAllowed,
        Self::HeicNotSupported,
        Self::Truncated,
        Self::Dimensions,
        Self::Bomb,
        Self::Corrupt,
    ];

    /// The problem code on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "photo_too_large",
            Self::TypeNotAllowed => "photo_type_not_allowed",
            Self::HeicNotSupported => "photo_heic_not_supported",
            Self::Truncated => "photo_truncated",
            Self::Dimensions => "photo_dimensions",
            Self::Bomb => "photo_bomb",
            Self::Corrupt => "photo_corrupt",
        }
    }
}

/// What kind of picture the content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoFormat {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossy or lossless.
    WebP,
}

impl PhotoFormat {
    /// The media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// The kind of picture that these bytes begin as.
///
/// # Errors
/// [`PhotoRefusal::HeicNotSupported`] for HEIC and HEIF, [`PhotoRefusal::TypeNotAllowed`] for everything else unknown.
pub fn sniff(bytes: &[u8]) -> Result<PhotoFormat, PhotoRefusal> {
    const HEIF_BRANDS: [&[u8; 4]; 10] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
    ];
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Ok(PhotoFormat::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(PhotoFormat::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(PhotoFormat::WebP);
    }
    let brand = bytes.get(8..12).unwrap_or_default();
    if bytes.get(4..8) == Some(b"ftyp") && HEIF_BRANDS.iter().any(|known| *known == brand) {
        return Err(PhotoRefusal::HeicNotSupported);
    }
    Err(PhotoRefusal::TypeNotAllowed)
}

/// Judges a whole file: its type, that it is complete, and that decoding it stays within `limits`.
///
/// # Errors
/// The first reason found to refuse it.
pub fn check(bytes: &[u8], limits: &PhotoLimits) -> Result<PhotoStructure, PhotoRefusal> {
    let received = u64::try_from(bytes.len()).map_err(|_| PhotoRefusal::TooLarge)?;
    if received > limits.file_bytes {
        return Err(PhotoRefusal::TooLarge);
    }
    let found = match sniff(bytes)? {
        PhotoFormat::Jpeg => structure::walk_jpeg(bytes, limits.jpeg_scans)?,
        PhotoFormat::Png => structure::walk_png(bytes)?,
        PhotoFormat::WebP => structure::walk_webp(bytes)?,
    };
    let (shorter, longer) = (found.width.min(found.height), found.width.max(found.height));
    if shorter < limits.shortest_side || longer > limits.longest_side {
        return Err(PhotoRefusal::Dimensions);
    }
    let pixels = u64::from(shorter) * u64::from(longer);
    let most = if found.decodes_reduced() {
        limits.baseline_pixels
    } else {
        limits.full_decode_pixels
    };
    if pixels > most {
        return Err(PhotoRefusal::Dimensions);
    }
    // What follows the picture's end does not count: it would only make a bomb look heavier than it is.
    let length = u64::try_from(found.end).unwrap_or(u64::MAX);
    if pixels > limits.flat_pixels && pixels / length.max(1) > limits.pixels_per_byte {
        return Err(PhotoRefusal::Bomb);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_own_code() {
        let codes: std::collections::HashSet<_> = PhotoRefusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), PhotoRefusal::ALL.len());
    }

    #[test]
    fn only_content_says_what_a_file_is() {
        assert_eq!(
            sniff(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            Err(PhotoRefusal::TypeNotAllowed)
        );
        assert_eq!(
            sniff(b"\0\0\0\x18ftypheic\0\0\0\0"),
            Err(PhotoRefusal::HeicNotSupported)
        );
        assert_eq!(sniff(b"\0\0\0\x18ftypavif\0\0\0\0"), Err(PhotoRefusal::TypeNotAllowed));
        assert_eq!(sniff(b"RIFF\0\0\0\0WAVE"), Err(PhotoRefusal::TypeNotAllowed));
        assert_eq!(sniff(b""), Err(PhotoRefusal::TypeNotAllowed));
        assert_eq!(sniff(&[0xFF, 0xD8, 0xFF, 0xE0]), Ok(PhotoFormat::Jpeg));
    }

    #[test]
    fn a_file_over_the_limit_is_refused_before_it_is_looked_at() {
        let limits = PhotoLimits {
            file_bytes: 3,
            ..PhotoLimits::default()
        };
        assert_eq!(check(b"1234", &limits).unwrap_err(), PhotoRefusal::TooLarge);
    }
}
