//! Whether what waits is being worked off, and whether something was given up.

use shared::domain::time::Timestamp;

use super::Finding;
use crate::{database::ids::made_at, stores::backlog_store::BacklogRow};

const MINUTE: i64 = 60 * 1_000_000;

pub(super) fn examine(now: Timestamp, backlog: &BacklogRow) -> Vec<Finding> {
    let mut findings = Vec::new();
    let oldest = backlog.oldest_message.map_or(0, |id| (now.0 - made_at(id).0) / MINUTE);
    findings.push(if oldest > 15 {
        Finding::warning(
            "outbox",
            format!(
                "the oldest of {} messages has waited for {oldest} minutes",
                backlog.waiting
            ),
            "see that a server runs, and that its log does not name a gateway that refuses us",
        )
    } else {
        Finding::ok("outbox", format!("{} messages wait", backlog.waiting))
    });
    if backlog.dead_letters > 0 {
        findings.push(Finding::warning(
            "outbox",
            format!("{} messages were given up", backlog.dead_letters),
            "`shoufa outbox list` says why; `shoufa outbox resend --all` once the cause is gone",
        ));
    }
    let overdue = backlog.next_wake.map_or(0, |wake| (now.0 - wake) / MINUTE);
    findings.push(if overdue > 5 {
        Finding::warning(
            "sweep",
            format!("a clock has been due for {overdue} minutes"),
            "see that a server runs: without one nothing falls due",
        )
    } else {
        Finding::ok("sweep", "nothing is overdue")
    });
    findings
}
