//! Sessions: opened by code or password, by staff with a second factor in a second step, kept going by refresh tokens, ended
//! here, elsewhere or everywhere.

pub mod device;
pub mod password_tries;
pub mod refresh;
pub mod second_step;
pub mod sign_in;
pub mod sign_in_staff;
pub mod sign_out;
pub mod sign_out_one;

use shared::domain::time::Timestamp;

use crate::{
    access::{
        Owed,
        tokens::{self, AccountKind, Bearer},
    },
    database::{Transaction, ids::made_at},
    errors::Failure,
    services::Services,
    stores::session_store::NewSessionRow,
};

/// A session that was just opened or refreshed. Holds tokens: never logged, never stored.
pub struct OpenedSession {
    /// Whose it is.
    pub account: i64,
    /// The session's id.
    pub session: i64,
    /// The access token.
    pub access_token: String,
    /// Seconds that it lives.
    pub expires_in: i64,
    /// The refresh token.
    pub refresh_token: String,
    /// When that ends.
    pub refresh_expires_at: Timestamp,
    /// What has to be done before anything else is open.
    pub owes: Option<Owed>,
    /// The token by which the device is known at the next sign-in; only when a session begins.
    pub device_token: Option<String>,
}

/// Whose session is to be opened.
#[derive(Debug, Clone)]
pub struct SessionStart {
    /// The account.
    pub account: i64,
    /// Resident or staff.
    pub kind: AccountKind,
    /// What the person calls the device.
    pub device_name: Option<String>,
    /// What has to be done before anything else is open.
    pub owes: Option<Owed>,
}

/// Opens a session within a write.
///
/// # Errors
/// `Internal` when the keys cannot sign.
pub fn open_session(
    services: &Services,
    transaction: &mut Transaction<'_>,
    start: &SessionStart,
) -> Result<OpenedSession, Failure> {
    let id = services.next_id();
    let until = refreshable_until(services, start.kind, id);
    add_tokens(services, transaction, start, id, id, until)
}

/// Until when the next refresh token of a session is good. A resident's session goes on for as long as it is used. Staff sign
/// in anew after a shift, and after a pause: who works refreshes when the access token has run out, so a refresh token
/// that lives as long as the pause measures idleness without a row for each request.
fn refreshable_until(services: &Services, kind: AccountKind, session: i64) -> Timestamp {
    let (now, config) = (services.now(), &services.config.sessions);
    match kind {
        AccountKind::Person => now.plus_seconds(config.resident_seconds),
        AccountKind::Staff => {
            let shift = made_at(session).plus_seconds(config.staff_seconds);
            shift.min(now.plus_seconds(config.staff_idle_seconds))
        }
    }
}

/// Adds a pair of tokens to a session.
fn add_tokens(
    services: &Services,
    transaction: &mut Transaction<'_>,
    start: &SessionStart,
    row: i64,
    session: i64,
    refresh_expires_at: Timestamp,
) -> Result<OpenedSession, Failure> {
    let refresh_token = tokens::new_refresh_token();
    let bearer = Bearer {
        account: start.account,
        kind: start.kind,
        session,
    };
    let expires_in = services.config.sessions.access_seconds;
    let access_token = tokens::issue(&services.access.secrets, bearer, services.now(), expires_in)
        .ok_or_else(|| Failure::internal("the token key cannot sign"))?;
    transaction.append(NewSessionRow {
        id: row,
        account_id: start.account,
        account_kind: start.kind.as_str().to_owned(),
        family: session,
        refresh_hash: tokens::refresh_hash(&refresh_token),
        device_name: start.device_name.clone(),
        expires_at: refresh_expires_at.0,
    });
    Ok(OpenedSession {
        account: start.account,
        session,
        access_token,
        expires_in,
        refresh_token,
        refresh_expires_at,
        owes: start.owes,
        device_token: None,
    })
}
