//! The ways to people's phones: configured, well-formed, and with `--online` whether the push service knows us.

use std::sync::Arc;

use super::{Finding, keys::only_for_its_owner};
use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    delivery::gateways,
};

pub(super) async fn examine(config: &Config, online: bool) -> Vec<Finding> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut findings = push(config, &clock, online).await;
    findings.push(texts(config, &clock));
    findings
}

async fn push(config: &Config, clock: &Arc<dyn Clock>, online: bool) -> Vec<Finding> {
    const SUBJECT: &str = "push";
    let Some(path) = &config.push.fcm_service_account else {
        return vec![Finding::ok(SUBJECT, "not configured: residents read their inbox")];
    };
    let client = match gateways::open_fcm(config, clock) {
        Ok(Some(client)) => client,
        Ok(None) => return Vec::new(),
        Err(error) => {
            return vec![Finding::problem(
                SUBJECT,
                error,
                "fetch a new key in the Firebase console and name it in push.fcm_service_account",
            )];
        }
    };
    let known = if online {
        match client.check().await {
            Ok(()) => Finding::ok(SUBJECT, "Google gives a token for the key"),
            Err(failure) => Finding::problem(
                SUBJECT,
                format!("no token can be had: {failure}"),
                "check the network, this clock, and the key in the Firebase console",
            ),
        }
    } else {
        Finding::ok(SUBJECT, "the key is well-formed; --online asks Google")
    };
    vec![known, only_for_its_owner(SUBJECT, path)]
}

fn texts(config: &Config, clock: &Arc<dyn Clock>) -> Finding {
    const SUBJECT: &str = "sms";
    match gateways::open_sms(config, clock) {
        Ok(Some(_)) => Finding::ok(SUBJECT, "a gateway is configured"),
        Ok(None) => Finding::warning(
            SUBJECT,
            "no gateway: no code leaves this machine, so that nobody new can sign in by phone",
            "set sms.url and sms.token",
        ),
        Err(error) => Finding::problem(SUBJECT, error, "correct sms.url and sms.token"),
    }
}
