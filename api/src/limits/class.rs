//! Which budget an operation is taken from, by its method and path.

/// A kind of operation with budgets of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Looking at something.
    Reading,
    /// Changing something.
    Writing,
    /// Registering, signing in, second steps, looking a case up.
    SigningIn,
    /// Asking for a code by text message.
    Codes,
    /// Sending a photograph.
    Photos,
}

impl Class {
    /// Every class, in the order of its number.
    pub const ALL: [Self; 5] = [Self::Reading, Self::Writing, Self::SigningIn, Self::Codes, Self::Photos];

    /// The class of an operation; none for what watches over the server.
    #[must_use]
    pub fn of(method: &str, path: &str) -> Option<Self> {
        if matches!(path, "/healthz" | "/readyz" | "/metrics") {
            return None;
        }
        // The files of the pages: a first visit fetches dozens, and none costs more than sending it.
        if path.starts_with("/assets/") || path.starts_with("/staff/assets/") {
            return None;
        }
        if matches!(method, "GET" | "HEAD" | "OPTIONS") {
            return Some(Self::Reading);
        }
        Some(match (method, path) {
            ("POST", "/api/v1/accounts/codes" | "/api/v1/lookups/codes") => Self::Codes,
            ("POST", "/api/v1/photos") => Self::Photos,
            (
                "POST",
                "/api/v1/accounts"
                | "/api/v1/lookups"
                | "/api/v1/sessions"
                | "/api/v1/staff/sessions"
                | "/api/v1/staff/sessions/second-step",
            ) => Self::SigningIn,
            _ => Self::Writing,
        })
    }

    /// Names of its policies, by address and by account.
    pub(super) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Reading => ("reading-address", "reading-account"),
            Self::Writing => ("writing-address", "writing-account"),
            Self::SigningIn => ("signing-in-address", "signing-in-account"),
            Self::Codes => ("codes-address", "codes-account"),
            Self::Photos => ("photos-address", "photos-account"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_has_one_class() {
        assert_eq!(Class::of("GET", "/api/v1/public/cases"), Some(Class::Reading));
        assert_eq!(Class::of("POST", "/api/v1/cases"), Some(Class::Writing));
        assert_eq!(Class::of("POST", "/api/v1/sessions"), Some(Class::SigningIn));
        assert_eq!(Class::of("POST", "/api/v1/sessions/refresh"), Some(Class::Writing));
        assert_eq!(Class::of("POST", "/api/v1/accounts/codes"), Some(Class::Codes));
        assert_eq!(Class::of("POST", "/api/v1/photos"), Some(Class::Photos));
        assert_eq!(Class::of("GET", "/healthz"), None);
        assert!(
            Class::ALL
                .iter()
                .enumerate()
                .all(|(place, class)| *class as usize == place)
        );
    }
}
