//! Whether the keys are there, readable by their owner alone, and the ones that this database was written with.

use std::path::Path;

use super::{Finding, database::Seen};
use crate::{
    access::secrets::{KEY_FILE, PERSON_PHONE, Secrets},
    config::Config,
};

const SUBJECT: &str = "keys";

pub(super) fn examine(config: &Config, seen: Option<&Seen>) -> Finding {
    let path = config.data.join(KEY_FILE);
    let sealed = seen.and_then(|seen| seen.condition.sealed_phone.as_deref());
    if !path.exists() {
        return match sealed {
            None => Finding::ok(SUBJECT, "not made yet: the first start does"),
            Some(_) => Finding::problem(
                SUBJECT,
                format!("the database holds residents, but there is no {}", path.display()),
                "put the file back from your backup before anything is started: without it their numbers are lost",
            ),
        };
    }
    let secrets = match Secrets::open(&config.data) {
        Ok(secrets) => secrets,
        Err(error) => {
            return Finding::problem(SUBJECT, error.to_string(), "put the file back from your backup");
        }
    };
    if sealed.is_some_and(|sealed| secrets.cipher().open(PERSON_PHONE, sealed).is_err()) {
        return Finding::problem(
            SUBJECT,
            format!(
                "{} holds other keys than this database was written with",
                path.display()
            ),
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
        Ok(about) if about.permissions().mode() & 0o077 == 0 => {
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
