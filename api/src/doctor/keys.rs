//! Whether the keys are there, readable by their owner alone, and the ones that this database was begun with.

use std::path::Path;

use super::{Finding, database::Seen};
use crate::{
    access::secrets::{KEY_FILE, Secrets},
    config::Config,
};

const SUBJECT: &str = "keys";

pub(super) fn examine(config: &Config, seen: Option<&Seen>) -> Finding {
    let path = config.data.join(KEY_FILE);
    let begun_with = seen.and_then(|seen| seen.key_fingerprint.as_deref());
    if !path.exists() {
        return match begun_with {
            None => Finding::ok(SUBJECT, "not made yet: the first start does"),
            Some(_) => Finding::problem(
                SUBJECT,
                format!("the database was begun with keys, but there is no {}", path.display()),
                "put the file back from your backup: without it telephone numbers cannot be read",
            ),
        };
    }
    let secrets = match Secrets::open(&config.data) {
        Ok(secrets) => secrets,
        Err(error) => {
            return Finding::problem(SUBJECT, error.to_string(), "put the file back from your backup");
        }
    };
    if begun_with.is_some_and(|known| known != secrets.fingerprint()) {
        return Finding::problem(
            SUBJECT,
            format!("{} holds other keys than this database was begun with", path.display()),
            "put the file back that belongs to this database",
        );
    }
    only_for_its_owner(SUBJECT, &path)
}

/// Whether a file with secrets can be read by its owner alone.
pub(super) fn only_for_its_owner(subject: &'static str, path: &Path) -> Finding {
    use std::os::unix::fs::PermissionsExt;

    let shown = path.display();
    match std::fs::metadata(path) {
        Ok(about) if about.permissions().mode().trailing_zeros() >= 6 => {
            Finding::ok(subject, format!("{shown} is readable by its owner alone"))
        }
        Ok(_) => Finding::warning(
            subject,
            format!("others than its owner can read {shown}"),
            format!("chmod 600 {shown}"),
        ),
        Err(error) => Finding::problem(
            subject,
            format!("{shown}: {error}"),
            "give the file to the user that runs shoufa, or correct the path",
        ),
    }
}
