//! Reads from a photograph's EXIF block where and when it was taken and how it was held.
//!
//! Place and time are hints to offer to the person who reports: anybody can write them. A block that makes no sense
//! gives no hints and never a failure, and nothing of it goes into a rendition.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, TimeZone};
use exif::{Exif, In, Reader, Tag, Value};
use shared::domain::time::Timestamp;

/// Where the camera says that it stood, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceHint {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// What an EXIF block offers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExifHints {
    /// Where it was taken, if said in a form that makes sense.
    pub place: Option<PlaceHint>,
    /// When it was taken; a time without a zone is taken as the city's.
    pub taken_at: Option<Timestamp>,
    /// How to turn the stored picture upright, 1 to 8 as EXIF counts; 1 where nothing is said.
    pub orientation: u8,
}

impl ExifHints {
    /// No hints: stored upright, place and time unknown.
    pub const NONE: Self = Self {
        place: None,
        taken_at: None,
        orientation: 1,
    };
}

/// Reads the hints in an EXIF block, which starts at its TIFF header. Never fails: damage means fewer hints.
#[must_use]
pub fn read_hints(block: &[u8]) -> ExifHints {
    catch_unwind(AssertUnwindSafe(|| parse(block))).unwrap_or(ExifHints::NONE)
}

fn parse(block: &[u8]) -> ExifHints {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let parsed = reader
        .read_raw(block.to_vec())
        .or_else(|error| error.distill_partial_result(|_| ()));
    let Ok(exif) = parsed else {
        return ExifHints::NONE;
    };
    ExifHints {
        place: place(&exif),
        taken_at: taken_at(&exif),
        orientation: orientation(&exif),
    }
}

fn orientation(exif: &Exif) -> u8 {
    exif.get_field(Tag::Orientation, In::PRIMARY)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|number| u8::try_from(number).ok())
        .filter(|number| (1..=8).contains(number))
        .unwrap_or(1)
}

fn place(exif: &Exif) -> Option<PlaceHint> {
    let latitude = coordinate(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, (b'N', b'S'), 90.0)?;
    let longitude = coordinate(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, (b'E', b'W'), 180.0)?;
    // Cameras without a fix write zeros; nobody reports from the Gulf of Guinea.
    let unset = latitude.abs() < 1e-6 && longitude.abs() < 1e-6;
    (!unset).then_some(PlaceHint { latitude, longitude })
}

/// Degrees, minutes and seconds as the standard wants them, three rationals; text and other forms are not guessed at.
fn coordinate(exif: &Exif, tag: Tag, sign: Tag, (plus, minus): (u8, u8), most: f64) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let [degrees, minutes, seconds] = parts.as_slice() else {
        return None;
    };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    if !value.is_finite() || minutes.to_f64() >= 60.0 || seconds.to_f64() >= 60.0 || value > most {
        return None;
    }
    let letter = text(exif, sign)?.first()?.to_ascii_uppercase();
    if letter == plus {
        Some(value)
    } else if letter == minus {
        Some(-value)
    } else {
        None
    }
}

fn text(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => lines.first().map(Vec::as_slice),
        _ => None,
    }
}

fn taken_at(exif: &Exif) -> Option<Timestamp> {
    let civil = civil_time(text(exif, Tag::DateTimeOriginal)?)?;
    match text(exif, Tag::OffsetTimeOriginal).and_then(zone) {
        Some(zone) => Some(Timestamp::from(zone.from_local_datetime(&civil).single()?.to_utc())),
        None => Some(Timestamp::from_city_time(civil)),
    }
}

/// `YYYY:MM:DD HH:MM:SS`, from the first digital cameras on; an unset clock gives no time.
fn civil_time(text: &[u8]) -> Option<NaiveDateTime> {
    let read = exif::DateTime::from_ascii(text).ok()?;
    if !(1990..2100).contains(&read.year) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::from(read.year), u32::from(read.month), u32::from(read.day))?.and_hms_opt(
        u32::from(read.hour),
        u32::from(read.minute),
        u32::from(read.second),
    )
}

/// `+08:00` and the like.
fn zone(text: &[u8]) -> Option<FixedOffset> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let (east, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(east * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_makes_no_sense_gives_no_hints() {
        for block in [&b""[..], b"II*\0", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"] {
            assert_eq!(read_hints(block), ExifHints::NONE);
        }
    }

    #[test]
    fn only_a_sensible_zone_is_believed() {
        assert_eq!(zone(b"+08:00"), FixedOffset::east_opt(8 * 3600));
        assert_eq!(zone(b"-03:30"), FixedOffset::west_opt(3 * 3600 + 30 * 60));
        for text in [&b"   :  "[..], b"08:00", b"+99:00", b"", "东八区".as_bytes()] {
            assert_eq!(zone(text), None);
        }
    }

    #[test]
    fn an_unset_clock_gives_no_time() {
        assert_eq!(civil_time(b"0000:00:00 00:00:00"), None);
        assert_eq!(civil_time(b"2026:02:30 10:00:00"), None);
        assert!(civil_time(b"2026:11:20 18:45:30").is_some());
    }
}
