//! The gateways that the operator configured. What has no gateway is not sent; the inbox stays the truth.

use std::{io, sync::Arc, time::Duration};

use super::{
    PushGateway, SecretText, SmsGateway,
    fcm::{FcmPush, FcmSettings},
    sms::{HttpSms, HttpSmsSettings, TerminalSms},
};
use crate::{clock::Clock, config::Config};
use shared::contract::secret::Secret;

/// Longest time for one text message.
const SMS_TIMEOUT: Duration = Duration::from_secs(10);

/// The ways out of the house.
#[derive(Clone, Default)]
pub struct Gateways {
    /// To devices registered with Firebase.
    pub fcm: Option<Arc<dyn PushGateway>>,
    /// To phone numbers.
    pub sms: Option<Arc<dyn SmsGateway>>,
}

impl Gateways {
    /// Sets up what is configured. The demonstration prints its texts on the terminal.
    ///
    /// # Errors
    /// A sentence for the operator when a key file or an address cannot be used.
    pub fn open(config: &Config, clock: &Arc<dyn Clock>) -> Result<Self, String> {
        Ok(Self {
            fcm: open_fcm(config, clock)?.map(|gateway| Arc::new(gateway) as Arc<dyn PushGateway>),
            sms: open_sms(config, clock)?,
        })
    }

    /// Whether anything can reach a phone. Without a way the inbox is all there is.
    #[must_use]
    pub fn reach_phones(&self) -> bool {
        self.fcm.is_some() || self.sms.is_some()
    }
}

/// The way to Firebase, when its key is configured.
///
/// # Errors
/// A sentence for the operator when the key file or the address cannot be used.
pub fn open_fcm(config: &Config, clock: &Arc<dyn Clock>) -> Result<Option<FcmPush>, String> {
    let Some(path) = &config.push.fcm_service_account else {
        return Ok(None);
    };
    let key = std::fs::read_to_string(path).map_err(|error| format!("push key {}: {error}", path.display()))?;
    let mut settings = FcmSettings::new(SecretText::new(key));
    if let Some(base) = &config.push.fcm_base {
        settings.base.clone_from(base);
    }
    FcmPush::new(&settings, Arc::clone(clock))
        .map(Some)
        .map_err(|error| error.to_string())
}

/// The way to phone numbers, when a gateway is configured.
///
/// # Errors
/// A sentence for the operator when the address or the token cannot be used.
pub fn open_sms(config: &Config, clock: &Arc<dyn Clock>) -> Result<Option<Arc<dyn SmsGateway>>, String> {
    let Some(address) = &config.sms.url else {
        let terminal = || -> Arc<dyn SmsGateway> { Arc::new(TerminalSms::new(Box::new(io::stdout()))) };
        return Ok(config.demo.then(terminal));
    };
    let settings = HttpSmsSettings {
        address: address.clone(),
        bearer: SecretText::new(config.sms.token.as_ref().map(Secret::reveal).unwrap_or_default()),
        timeout: SMS_TIMEOUT,
    };
    let gateway = HttpSms::new(&settings, Arc::clone(clock)).map_err(|error| error.to_string())?;
    Ok(Some(Arc::new(gateway)))
}
