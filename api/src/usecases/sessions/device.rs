//! What somebody who signs in says about the device: its name, and the token by which it is known again.

use crate::{access::devices, errors::Failure, services::Services, usecases::words};

/// The device of a sign-in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Device<'request> {
    /// What the person calls it; at most 60 characters.
    pub name: Option<&'request str>,
    /// The token that an earlier sign-in gave out.
    pub token: Option<&'request str>,
}

impl<'request> Device<'request> {
    /// The name as it is kept.
    ///
    /// # Errors
    /// `Invalid` when it is too long.
    pub fn name(&self) -> Result<Option<String>, Failure> {
        self.name.map(|name| words::short("device_name", name, 60)).transpose()
    }

    /// What tells this device from others, when it signed in to the account before.
    #[must_use]
    pub fn known(&self, services: &Services, account: &str) -> Option<&'request str> {
        devices::known(&services.access.secrets, account, self.token?)
    }

    /// The token to give out: the same again when it is good.
    #[must_use]
    pub fn token_for(&self, services: &Services, account: &str) -> String {
        match self.token.filter(|_| self.known(services, account).is_some()) {
            Some(token) => token.to_owned(),
            None => devices::make_token(&services.access.secrets, account),
        }
    }
}
