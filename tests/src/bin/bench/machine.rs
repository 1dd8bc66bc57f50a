//! What the machine spent: CPU time and memory of other processes, read from `/proc` (Linux).

use std::{fs, path::Path, time::Duration};

/// CPU time that all living threads of these processes used so far.
pub(crate) fn cpu_of(pids: &[u32]) -> Duration {
    let nanoseconds: u64 = pids.iter().map(|pid| cpu_of_threads(*pid)).sum();
    Duration::from_nanos(nanoseconds)
}

fn cpu_of_threads(pid: u32) -> u64 {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return 0;
    };
    threads.flatten().map(|thread| running_time(&thread.path())).sum()
}

/// First field of `schedstat`: nanoseconds on a processor.
fn running_time(thread: &Path) -> u64 {
    let text = fs::read_to_string(thread.join("schedstat")).unwrap_or_default();
    text.split_whitespace()
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or_default()
}

/// Memory held now (`VmRSS`) and at most so far (`VmHWM`), in megabytes.
pub(crate) fn memory_of(pid: u32) -> (f64, f64) {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    (megabytes(&text, "VmRSS:"), megabytes(&text, "VmHWM:"))
}

fn megabytes(status: &str, field: &str) -> f64 {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .unwrap_or_default();
    let kilobytes: f64 = line
        .split_whitespace()
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or_default();
    kilobytes / 1024.0
}

/// The processes that a process started, directly.
pub(crate) fn children_of(pid: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}

/// The value at a share of the sorted values, such as 0.99.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let index = ((values.len() as f64) * share) as usize;
    values
        .get(index.min(values.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}
