//! Who plays: the hotline's staff, the desks of the units, the holders of the five tiers, and the residents. All act over HTTP.

use std::collections::HashMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::line::Line;
use crate::{
    caller::{Told, text},
    stepped::{Order, PASSWORD},
};

const HOTLINE: &str = "3713.hotline";
/// The units that cases are sent to.
pub(super) const UNITS: [&str; 6] = [
    "3713.housing",
    "3713.urban",
    "3713.transport",
    "3713.environment",
    "3713.civil",
    "3713.labour",
];
/// The roles of a unit's desk, with the end of the name to sign in with.
const DESK: [(&str, &str); 3] = [
    ("unit_liaison", "lianluo"),
    ("unit_handler", "chengban"),
    ("unit_leader", "fuze"),
];
/// Everybody else: name to sign in with, role.
const CITY: [(&str, &str); 12] = [
    ("shouli", "clerk"),
    ("shouli.er", "clerk"),
    ("paidan", "dispatcher"),
    ("paidan.er", "dispatcher"),
    ("shenhe", "reviewer"),
    ("huifang", "follow_up_clerk"),
    ("rexian", "hotline_supervisor"),
    ("rexian.er", "hotline_supervisor"),
    ("meiti", "media_supervisor"),
    ("ducha", "government_inspector"),
    ("daibiao", "deputy_office"),
    ("jijian", "discipline_officer"),
];

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Who {
    Resident(usize),
    /// By the name to sign in with.
    City(&'static str),
    /// A unit by its index, and the desk's chair: 0 liaison, 1 handler, 2 leader.
    Desk(usize, usize),
}

pub(super) const LIAISON: usize = 0;
pub(super) const HANDLER: usize = 1;
pub(super) const LEADER: usize = 2;

/// Everybody's access token.
pub(super) struct People {
    tokens: HashMap<Who, String>,
    /// Residents by the id of their account.
    residents: HashMap<String, usize>,
}

impl People {
    /// Makes all accounts and signs everybody in.
    pub(super) async fn settle(line: &Line, residents: usize) -> Told<Self> {
        let mut seats: Vec<(Who, String, &str, &str)> = Vec::new();
        for (username, role) in CITY {
            seats.push((Who::City(username), username.to_owned(), role, HOTLINE));
        }
        for (unit, code) in UNITS.iter().enumerate() {
            for (chair, (role, end)) in DESK.iter().enumerate() {
                let name = format!("{}.{end}", code.trim_start_matches("3713."));
                seats.push((Who::Desk(unit, chair), name, role, code));
            }
        }
        let mut people = Self {
            tokens: HashMap::new(),
            residents: HashMap::new(),
        };
        for (who, username, role, unit) in seats {
            let hire = Order::Hire {
                username: username.clone(),
                role: role.to_owned(),
                unit: unit.to_owned(),
                within: matches!(who, Who::Desk(..)),
            };
            line.server(0).ask::<Value>(&hire).await?;
            let body = json!({ "username": username, "password": PASSWORD });
            let session = line.post(0, None, "/api/v1/staff/sessions", body, "").await?.done()?;
            people.tokens.insert(who, text(&session, "/access_token")?);
        }
        let registered: Vec<(usize, Value)> = stream::iter(0..residents)
            .map(|number| register(line, number))
            .buffered(4)
            .try_collect()
            .await?;
        for (number, session) in registered {
            people
                .tokens
                .insert(Who::Resident(number), text(&session, "/access_token")?);
            people.residents.insert(text(&session, "/account_id")?, number);
        }
        Ok(people)
    }

    pub(super) fn token(&self, who: Who) -> &str {
        self.tokens.get(&who).map_or("", String::as_str)
    }

    /// A recipient under a name that is the same in every run.
    pub(super) fn name(&self, recipient: &str) -> String {
        let resident = self.residents.get(recipient);
        resident.map_or_else(|| recipient.to_owned(), |number| format!("resident {number}"))
    }
}

async fn register(line: &Line, number: usize) -> Told<(usize, Value)> {
    let phone = format!("138{number:08}");
    let body = json!({ "phone": phone });
    line.post(0, None, "/api/v1/accounts/codes", body, "").await?.done()?;
    let code: String = line.server(0).ask(&Order::Code { phone: phone.clone() }).await?;
    let body = json!({ "phone": phone, "code": code, "consents": ["handling"] });
    let session = line.post(0, None, "/api/v1/accounts", body, "").await?.done()?;
    Ok((number, session))
}
