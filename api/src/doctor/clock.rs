//! Whether this machine's clock can be believed: against the database's, and against the newest id, which tells when it
//! was made. Deadlines, sessions and ids all hang on it.

use shared::domain::time::Timestamp;

use super::{Finding, database::Seen};
use crate::database::ids::made_at;

const SUBJECT: &str = "clock";
const SECOND: i64 = 1_000_000;
const ADVICE: &str = "set up time synchronisation (chrony or systemd-timesyncd) on both machines";

pub(super) fn examine(now: Timestamp, seen: &Seen) -> Finding {
    let newest = made_at(seen.condition.newest_id);
    let ahead = newest.0 - now.0;
    // Under load ids run some milliseconds ahead of the clock.
    if ahead > 5 * SECOND {
        return Finding::problem(
            SUBJECT,
            format!(
                "the newest row was made {} s in the future: this clock was set back",
                ahead / SECOND
            ),
            "correct the clock before anything is started",
        );
    }
    let apart = (seen.condition.database_now.unwrap_or(now.0) - now.0).abs();
    let text = format!("{} s apart from the database's", apart / SECOND);
    if apart > 60 * SECOND {
        Finding::problem(SUBJECT, text, ADVICE)
    } else if apart > 2 * SECOND {
        Finding::warning(SUBJECT, text, ADVICE)
    } else {
        Finding::ok(SUBJECT, "agrees with the database")
    }
}
