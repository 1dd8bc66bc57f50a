//! Walks the outer structure of JPEG, PNG and WebP files without decoding: dimensions, how the picture is coded, where
//! its EXIF block lies and where it ends. Says when the file stops too early; sets no limit but that on JPEG scans.

use std::ops::Range;

use super::check::{PhotoFormat, PhotoRefusal};

/// What the headers of a complete picture say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoStructure {
    /// The kind of file.
    pub format: PhotoFormat,
    /// Pixels across as stored, before turning upright.
    pub width: u32,
    /// Pixels down as stored, before turning upright.
    pub height: u32,
    /// Bytes from the start to the picture's end; whatever follows is no part of it.
    pub end: usize,
    /// Where the EXIF block (from its TIFF header) lies, if there is one.
    pub exif: Option<Range<usize>>,
    /// For a JPEG: coded in one pass over the picture, not progressively.
    pub sequential: bool,
    /// Colour components; 0 where the format has no such notion.
    pub components: u8,
}

impl PhotoStructure {
    /// Whether the decoder can reduce the picture while decoding, so that memory does not follow its size.
    #[must_use]
    pub fn decodes_reduced(&self) -> bool {
        self.format == PhotoFormat::Jpeg && self.sequential && matches!(self.components, 1 | 3)
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at.checked_add(2)?)?
        .try_into()
        .ok()
        .map(u16::from_be_bytes)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(4)?)?
        .try_into()
        .ok()
        .map(u32::from_be_bytes)
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..at.checked_add(2)?)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(4)?)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}

/// The start-of-frame segment of a JPEG.
struct Frame {
    width: u32,
    height: u32,
    components: u8,
    sequential: bool,
}

impl Frame {
    fn read(marker: u8, segment: &[u8]) -> Result<Self, PhotoRefusal> {
        let (Some(&precision), Some(height), Some(width), Some(&components)) =
            (segment.first(), be16(segment, 1), be16(segment, 3), segment.get(5))
        else {
            return Err(PhotoRefusal::Corrupt);
        };
        // 12 bits a sample exist in medicine only; a height of 0 means "said later", which no camera does.
        if precision != 8 || !matches!(components, 1 | 3 | 4) || width == 0 || height == 0 {
            return Err(PhotoRefusal::Corrupt);
        }
        Ok(Self {
            width: width.into(),
            height: height.into(),
            components,
            sequential: marker != 0xC2,
        })
    }
}

/// Walks a JPEG's segments and scans up to its end-of-image marker.
///
/// # Errors
/// `Truncated` without the end marker, `Bomb` over `most_scans`, `TypeNotAllowed` for lossless, hierarchical and
/// arithmetic coding, `Corrupt` where the structure makes no sense.
pub(super) fn walk_jpeg(bytes: &[u8], most_scans: u32) -> Result<PhotoStructure, PhotoRefusal> {
    let mut at = 2;
    let mut scans = 0;
    let mut frame: Option<Frame> = None;
    let mut exif = None;
    loop {
        let marker = next_marker(bytes, &mut at)?;
        match marker {
            0xD9 => break,
            // Restart markers and TEM stand alone.
            0x01 | 0xD0..=0xD7 => continue,
            0x00 | 0xD8 => return Err(PhotoRefusal::Corrupt),
            _ => {}
        }
        let length = usize::from(be16(bytes, at).ok_or(PhotoRefusal::Truncated)?);
        if length < 2 {
            return Err(PhotoRefusal::Corrupt);
        }
        let inside = at + 2..at + length;
        let segment = bytes.get(inside.clone()).ok_or(PhotoRefusal::Truncated)?;
        at = inside.end;
        match marker {
            0xC0..=0xC2 if frame.is_some() => return Err(PhotoRefusal::Corrupt),
            0xC0..=0xC2 => frame = Some(Frame::read(marker, segment)?),
            0xC3 | 0xC5..=0xCF => return Err(PhotoRefusal::TypeNotAllowed),
            0xDA => {
                scans += 1;
                if frame.is_none() {
                    return Err(PhotoRefusal::Corrupt);
                }
                if scans > most_scans {
                    return Err(PhotoRefusal::Bomb);
                }
                at = end_of_scan(bytes, at)?;
            }
            0xE1 if exif.is_none() && segment.starts_with(b"Exif\0\0") => exif = Some(inside.start + 6..inside.end),
            _ => {}
        }
    }
    match frame {
        Some(frame) if scans > 0 => Ok(PhotoStructure {
            format: PhotoFormat::Jpeg,
            width: frame.width,
            height: frame.height,
            end: at,
            exif,
            sequential: frame.sequential,
            components: frame.components,
        }),
        _ => Err(PhotoRefusal::Corrupt),
    }
}

/// Reads the marker at `at`, past any fill bytes, and steps over it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Result<u8, PhotoRefusal> {
    match bytes.get(*at) {
        None => return Err(PhotoRefusal::Truncated),
        Some(0xFF) => {}
        Some(_) => return Err(PhotoRefusal::Corrupt),
    }
    while let Some(&byte) = bytes.get(*at) {
        *at += 1;
        if byte != 0xFF {
            return Ok(byte);
        }
    }
    Err(PhotoRefusal::Truncated)
}

/// Where the marker after a scan's coded data begins: the first 0xFF that is neither stuffing, restart nor fill.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Result<usize, PhotoRefusal> {
    loop {
        let rest = bytes.get(at..).ok_or(PhotoRefusal::Truncated)?;
        at += rest
            .iter()
            .position(|&byte| byte == 0xFF)
            .ok_or(PhotoRefusal::Truncated)?;
        match bytes.get(at + 1) {
            None => return Err(PhotoRefusal::Truncated),
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            Some(0xFF) => at += 1,
            Some(_) => return Ok(at),
        }
    }
}

/// Walks a PNG's chunks up to IEND.
///
/// # Errors
/// `Truncated` without IEND, `Corrupt` where IHDR is not first or not sensible.
pub(super) fn walk_png(bytes: &[u8]) -> Result<PhotoStructure, PhotoRefusal> {
    let mut at = 8;
    let mut size = None;
    let mut exif = None;
    loop {
        let length = be32(bytes, at).ok_or(PhotoRefusal::Truncated)?;
        let kind = bytes.get(at + 4..at + 8).ok_or(PhotoRefusal::Truncated)?;
        let length = usize::try_from(length).map_err(|_| PhotoRefusal::Corrupt)?;
        let start = at + 8;
        let end = start.checked_add(length).ok_or(PhotoRefusal::Corrupt)?;
        let next = end.checked_add(4).ok_or(PhotoRefusal::Corrupt)?;
        if next > bytes.len() {
            return Err(PhotoRefusal::Truncated);
        }
        match (kind, size) {
            (b"IHDR", None) => {
                let (Some(width), Some(height)) = (be32(bytes, start), be32(bytes, start + 4)) else {
                    return Err(PhotoRefusal::Corrupt);
                };
                size = Some((width, height));
            }
            (b"IHDR", Some(_)) | (_, None) => return Err(PhotoRefusal::Corrupt),
            (b"eXIf", _) if exif.is_none() => exif = Some(start..end),
            (b"IEND", Some((width, height))) => {
                return Ok(PhotoStructure {
                    format: PhotoFormat::Png,
                    width,
                    height,
                    end: next,
                    exif,
                    sequential: false,
                    components: 0,
                });
            }
            _ => {}
        }
        at = next;
    }
}

/// Walks a WebP's chunks within the length that its RIFF header claims.
///
/// # Errors
/// `Truncated` when the file is shorter than claimed, `Corrupt` where chunks overrun or no picture is found.
pub(super) fn walk_webp(bytes: &[u8]) -> Result<PhotoStructure, PhotoRefusal> {
    let claimed = le32(bytes, 4)
        .and_then(|length| usize::try_from(length).ok())
        .ok_or(PhotoRefusal::Corrupt)?;
    let end = claimed.checked_add(8).ok_or(PhotoRefusal::Corrupt)?;
    let inside = bytes.get(..end).ok_or(PhotoRefusal::Truncated)?;
    let mut at = 12;
    let mut canvas = None;
    let mut picture = None;
    let mut exif = None;
    while at + 8 <= end {
        let kind = inside.get(at..at + 4).ok_or(PhotoRefusal::Corrupt)?;
        let length = le32(inside, at + 4).and_then(|length| usize::try_from(length).ok());
        let start = at + 8;
        let stop = length
            .and_then(|length| start.checked_add(length))
            .ok_or(PhotoRefusal::Corrupt)?;
        let chunk = inside.get(start..stop).ok_or(PhotoRefusal::Corrupt)?;
        match kind {
            b"VP8X" if canvas.is_none() => canvas = canvas_size(chunk),
            b"VP8 " if picture.is_none() => picture = lossy_size(chunk),
            b"VP8L" if picture.is_none() => picture = lossless_size(chunk),
            b"EXIF" if exif.is_none() => {
                // Some writers put the JPEG prefix before the TIFF header.
                let prefix = if chunk.starts_with(b"Exif\0\0") { 6 } else { 0 };
                exif = Some(start + prefix..stop);
            }
            _ => {}
        }
        at = stop + (stop & 1);
    }
    let (width, height) = canvas.or(picture).ok_or(PhotoRefusal::Corrupt)?;
    Ok(PhotoStructure {
        format: PhotoFormat::WebP,
        width,
        height,
        end,
        exif,
        sequential: false,
        components: 0,
    })
}

/// Width and height of an extended WebP's canvas: 24 bits each, less one.
fn canvas_size(chunk: &[u8]) -> Option<(u32, u32)> {
    let three = |at: usize| -> Option<u32> {
        let part = chunk.get(at..at + 3)?;
        Some(u32::from_le_bytes([*part.first()?, *part.get(1)?, *part.get(2)?, 0]) + 1)
    };
    Some((three(4)?, three(7)?))
}

/// Width and height in a lossy WebP's key frame: 14 bits each after the start code.
fn lossy_size(chunk: &[u8]) -> Option<(u32, u32)> {
    if chunk.get(3..6)? != [0x9D, 0x01, 0x2A] {
        return None;
    }
    Some((u32::from(le16(chunk, 6)? & 0x3FFF), u32::from(le16(chunk, 8)? & 0x3FFF)))
}

/// Width and height in a lossless WebP: 14 bits each, less one, after the signature byte.
fn lossless_size(chunk: &[u8]) -> Option<(u32, u32)> {
    if *chunk.first()? != 0x2F {
        return None;
    }
    let bits = le32(chunk, 1)?;
    Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
}
