//! Sessions.

pub mod list;
pub mod refresh;
pub mod second_step;
pub mod sign_in;
pub mod sign_in_staff;
pub mod sign_out;
pub mod sign_out_everywhere;
pub mod sign_out_one;

use shared::{
    contract::{secret::Secret, session::TokensView},
    domain::id::AccountId,
};

use crate::{
    access::Owed,
    usecases::sessions::{OpenedSession, device::Device},
};

/// A session as it is answered.
pub(super) fn tokens_view(session: OpenedSession) -> TokensView {
    TokensView {
        access_token: Secret::new(session.access_token),
        token_type: "Bearer".to_owned(),
        expires_in: session.expires_in,
        refresh_token: Secret::new(session.refresh_token),
        refresh_expires_at: session.refresh_expires_at,
        account_id: AccountId(session.account),
        must_change_password: session.owes == Some(Owed::NewPassword),
        must_enrol_second_factor: session.owes == Some(Owed::SecondFactor),
        device_token: session.device_token.map(Secret::new),
    }
}

/// The device of a sign-in, as the request names it.
fn device<'request>(name: Option<&'request String>, token: Option<&'request Secret>) -> Device<'request> {
    Device {
        name: name.map(String::as_str),
        token: token.map(Secret::reveal),
    }
}
