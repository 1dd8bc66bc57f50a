//! One instant type for rules, rows and wire: microseconds since 1970 in UTC, written as RFC 3339 on the wire.
//!
//! Civil dates are those of the city: China has used one offset, +08:00, without daylight saving since 1991.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Seconds east of UTC of the city's civil time.
const CITY_OFFSET_SECONDS: i32 = 8 * 3600;

/// An instant: microseconds since the Unix epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = DateTime))]
pub struct Timestamp(pub i64);

/// The city's civil time zone, UTC+8.
#[must_use]
pub fn city_zone() -> FixedOffset {
    FixedOffset::east_opt(CITY_OFFSET_SECONDS).unwrap_or_else(unreachable_offset)
}

/// The offset is a constant within ±24 h; this keeps the type honest without a panic path.
fn unreachable_offset() -> FixedOffset {
    use chrono::Offset;
    Utc.fix()
}

impl Timestamp {
    /// Whole milliseconds since the Unix epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The instant `minutes` later (earlier when negative), saturating at the ends of time.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(60_000_000)))
    }

    /// The instant `seconds` later (earlier when negative), saturating at the ends of time.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Microseconds from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The civil date and time in the city.
    #[must_use]
    pub fn city_time(self) -> NaiveDateTime {
        self.to_utc().with_timezone(&city_zone()).naive_local()
    }

    /// The civil date in the city.
    #[must_use]
    pub fn city_date(self) -> NaiveDate {
        self.city_time().date()
    }

    /// The instant at which the city's clocks show `civil`.
    #[must_use]
    pub fn from_city_time(civil: NaiveDateTime) -> Self {
        Self(civil.and_utc().timestamp_micros() - i64::from(CITY_OFFSET_SECONDS) * 1_000_000)
    }

    /// As chrono's UTC time; instants outside chrono's range become the epoch.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(value: DateTime<Utc>) -> Self {
        Self(value.timestamp_micros())
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            &self
                .to_utc()
                .with_timezone(&city_zone())
                .to_rfc3339_opts(SecondsFormat::AutoSi, false),
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text)
            .map(|moment| Self::from(moment.to_utc()))
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_city_time_and_read_in_any_zone() {
        let midnight = NaiveDate::from_ymd_opt(2026, 11, 23)
            .unwrap()
            .and_hms_opt(0, 0, 0)
            .unwrap();
        let instant = Timestamp::from_city_time(midnight);
        assert_eq!(instant.to_string(), "2026-11-23T00:00:00+08:00");
        let same: Timestamp = serde_json::from_str("\"2026-11-22T16:00:00Z\"").unwrap();
        assert_eq!(same, instant);
        assert_eq!(instant.city_date(), midnight.date());
    }
}
