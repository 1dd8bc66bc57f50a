//! Whether the data folder takes files, and how much room is left.

use std::{io::Write, path::Path};

use super::Finding;
use crate::config::Config;

const SUBJECT: &str = "storage";
const MIB: u64 = 1024 * 1024;
/// Less than this is a problem: uploads and the database's log stop soon.
const TOO_LITTLE: u64 = 512 * MIB;
/// Less than this share, or than ten times the least, is worth a warning.
const LITTLE_PERCENT: u64 = 10;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let folder = &config.data;
    if !folder.exists() {
        return vec![Finding::warning(
            SUBJECT,
            format!("there is no data folder {}", folder.display()),
            "the first start makes it; if this is no new server, correct SHOUFA_DATA",
        )];
    }
    let mut findings = Vec::new();
    for folder in [folder.clone(), folder.join("photos")] {
        if folder.exists() {
            findings.push(writable(&folder));
        }
    }
    findings.push(room(folder));
    findings
}

fn writable(folder: &Path) -> Finding {
    let tried = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(b"shoufa")?;
        file.as_file().sync_all()
    });
    match tried {
        Ok(()) => Finding::ok(SUBJECT, format!("{} takes files", folder.display())),
        Err(error) => Finding::problem(
            SUBJECT,
            format!("{} takes no files: {error}", folder.display()),
            "give the folder to the user that runs shoufa, or make room",
        ),
    }
}

fn room(folder: &Path) -> Finding {
    let Ok(disk) = rustix::fs::statvfs(folder) else {
        return Finding::warning(
            SUBJECT,
            "the free room cannot be read",
            "look with `df` whether there is room",
        );
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let whole = disk.f_blocks.saturating_mul(disk.f_frsize).max(1);
    let text = format!("{} MiB free", free / MIB);
    let advice = "make room or enlarge the disk; answers turn to 507 when it is full, and nothing acknowledged is lost";
    if free < TOO_LITTLE {
        Finding::problem(SUBJECT, text, advice)
    } else if free < 10 * TOO_LITTLE && free.saturating_mul(100) / whole < LITTLE_PERCENT {
        Finding::warning(SUBJECT, text, advice)
    } else {
        Finding::ok(SUBJECT, text)
    }
}
