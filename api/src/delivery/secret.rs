//! A text that must not be printed: device tokens, numbers, keys, bearers. It decides only that; who may read it is the
//! caller's business, and every reading place is found by the word `expose`.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

/// A text whose `Debug` shows nothing of it and whose memory is cleared after the last copy is gone.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Arc<Zeroizing<String>>);

impl SecretText {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text itself, for the one place that puts it on the wire.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretText(…)")
    }
}
