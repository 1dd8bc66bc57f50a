//! Sessions: opened by code or password, kept going by refresh tokens, ended here or everywhere.

pub mod password_tries;
pub mod refresh;
pub mod sign_in;
pub mod sign_in_staff;
pub mod sign_out;

use shared::domain::time::Timestamp;

use crate::{
    access::tokens::{self, AccountKind, Bearer},
    database::Transaction,
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
    /// Nothing but choosing a password is open.
    pub must_change_password: bool,
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
    /// Nothing but choosing a password is open.
    pub must_change_password: bool,
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
    let seconds = match start.kind {
        AccountKind::Person => services.config.sessions.resident_seconds,
        AccountKind::Staff => services.config.sessions.staff_seconds,
    };
    let id = services.next_id();
    add_tokens(
        services,
        transaction,
        start,
        id,
        id,
        services.now().plus_seconds(seconds),
    )
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
        must_change_password: start.must_change_password,
    })
}
