//! How old the last backup is. Whatever makes it touches a file in the data folder when it has succeeded.

use std::time::UNIX_EPOCH;

use shared::domain::time::Timestamp;

use super::Finding;
use crate::{backup::STAMP, config::Config};

const SUBJECT: &str = "backup";
const HOUR: i64 = 3600 * 1_000_000;
/// A nightly backup may take its time.
const OLD_HOURS: i64 = 26;

pub(super) fn examine(config: &Config, now: Timestamp) -> Finding {
    let path = config.data.join(STAMP);
    let made = std::fs::metadata(&path).and_then(|about| about.modified()).ok();
    let Some(made) = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok()) else {
        return Finding::warning(
            SUBJECT,
            "no backup is known of",
            format!(
                "take one every night with `shoufa backup`; another program's may `touch {}` when it has succeeded",
                path.display()
            ),
        );
    };
    let made = i64::try_from(made.as_micros()).unwrap_or(i64::MAX);
    let hours = (now.0 - made).max(0) / HOUR;
    if hours > OLD_HOURS {
        Finding::warning(
            SUBJECT,
            format!("the last one is {hours} hours old"),
            "find out why the nightly backup did not run",
        )
    } else {
        Finding::ok(SUBJECT, format!("the last one is {hours} hours old"))
    }
}
