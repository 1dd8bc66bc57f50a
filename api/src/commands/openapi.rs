//! `shoufa openapi`: prints the document that is also served.

use super::{CommandError, say};
use crate::routes::openapi::document_text;

pub(super) fn run() -> Result<(), CommandError> {
    say(&document_text().map_err(CommandError::of)?)
}
