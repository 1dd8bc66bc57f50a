//! The digest of a play: SHA-256 over what became of every case and who was told what, sorted within each case. Ids are left out,
//! and of instants all but those at which something is due.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::stepped::CaseSeen;

/// The digest, hexadecimal.
pub(super) fn digest(cases: &[(usize, CaseSeen)]) -> String {
    let mut hash = Sha256::new();
    for (number, case) in cases {
        hash.update(lines(*number, case).as_bytes());
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// A case in sorted lines.
pub(super) fn lines(number: usize, case: &CaseSeen) -> String {
    let mut parts = vec![format!(
        "case {} {} cycle {} redos {} returns {} dispatches {} tier {} {}",
        case.state, case.outcome, case.cycle, case.redos, case.returns, case.dispatches, case.tier, case.unit
    )];
    let clocks = case.clocks.iter().map(|(kind, due)| format!("clock {kind} {due}"));
    parts.extend(clocks);
    let supervisions = case.supervisions.iter();
    parts.extend(supervisions.map(|(tier, cause, due, result)| format!("supervision {tier} {cause} {due} {result}")));
    parts.extend(
        case.told
            .iter()
            .map(|told| format!("told {} {} {}", told.to, told.topic, told.body)),
    );
    parts.sort_unstable();
    format!("{number}\n{}\n", parts.join("\n"))
}
