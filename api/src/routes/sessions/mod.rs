//! Sessions.

pub mod refresh;
pub mod sign_in;
pub mod sign_in_staff;
pub mod sign_out;
pub mod sign_out_everywhere;

use shared::{
    contract::{secret::Secret, session::TokensView},
    domain::id::AccountId,
};

use crate::usecases::sessions::OpenedSession;

/// A session as it is answered.
pub(super) fn tokens_view(session: OpenedSession) -> TokensView {
    TokensView {
        access_token: Secret::new(session.access_token),
        token_type: "Bearer".to_owned(),
        expires_in: session.expires_in,
        refresh_token: Secret::new(session.refresh_token),
        refresh_expires_at: session.refresh_expires_at,
        account_id: AccountId(session.account),
        must_change_password: session.must_change_password,
    }
}
