//! The settings as they go together, and who can read the file that holds them.

use std::path::Path;

use super::Finding;
use crate::config::Config;

const SUBJECT: &str = "settings";

pub(super) fn examine(config: &Config, file: Option<&Path>) -> Vec<Finding> {
    let mut findings = vec![match config.check() {
        Ok(()) => Finding::ok(SUBJECT, "go together"),
        Err(error) => Finding::problem(
            SUBJECT,
            error.to_string(),
            "correct it; `shoufa --help` lists every setting",
        ),
    }];
    if let Some(file) = file {
        findings.push(super::keys::only_for_its_owner(SUBJECT, file));
    }
    if config.metrics.listen.is_some_and(|listen| !listen.ip().is_loopback()) {
        findings.push(Finding::warning(
            SUBJECT,
            "figures are served beyond this machine, to everybody who reaches metrics.listen",
            "let only the Prometheus server through the firewall, or listen on a loopback address",
        ));
    }
    if !config.server.listen.ip().is_loopback() && config.server.trusted_proxies.is_empty() {
        findings.push(Finding::warning(
            SUBJECT,
            "others reach the server without a reverse proxy that it knows",
            "put a proxy with TLS in front (deploy/nginx) and name its address in server.trusted_proxies",
        ));
    }
    findings
}
