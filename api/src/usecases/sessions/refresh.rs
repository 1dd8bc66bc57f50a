//! Trades a refresh token for the next pair. A token used twice was copied: its whole session ends.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::time::Timestamp};

use super::{OpenedSession, SessionStart, add_tokens};
use crate::{
    access::{
        Actor, RequestContext,
        tokens::{self, AccountKind},
    },
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        account_store,
        session_store::{self, SessionRow},
        staff_store,
    },
    usecases::audit::{self, Act},
};

/// Opens the next pair of tokens.
///
/// # Errors
/// `SessionEnded` when the token is unknown, used, over or revoked, or the account may not act any more.
pub async fn refresh(
    services: &Arc<Services>,
    context: &RequestContext,
    refresh_token: &str,
) -> Result<OpenedSession, Failure> {
    let hash = tokens::refresh_hash(refresh_token);
    let (shared, context) = (Arc::clone(services), context.clone());
    let outcome = services
        .database
        .writer
        .write(move |transaction| -> Result<Outcome, Failure> {
            let outcome = trade(&shared, transaction, &hash)?;
            if let Outcome::Ended { session, reused } = &outcome {
                let act = Act::done("session.refresh", "session", *session)
                    .refused(ProblemCode::SessionEnded.as_str())
                    .with(serde_json::json!({ "reused": reused.is_some() }));
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
            }
            Ok(outcome)
        })
        .await?;
    match outcome {
        Outcome::Opened(session) => Ok(session),
        Outcome::Ended { reused, .. } => {
            if let Some(account) = reused {
                services.access.callers.forget(account);
            }
            Err(ProblemCode::SessionEnded.into())
        }
    }
}

enum Outcome {
    Opened(OpenedSession),
    /// The session, when there is one, and the account whose token was used twice.
    Ended {
        session: Option<i64>,
        reused: Option<i64>,
    },
}

fn trade(services: &Services, transaction: &mut Transaction<'_>, hash: &str) -> Result<Outcome, Failure> {
    let now = services.now();
    let row = transaction.read(|connection| session_store::find_by_refresh_hash(connection, hash))?;
    let Some(row) = row else {
        return Ok(Outcome::Ended {
            session: None,
            reused: None,
        });
    };
    let ended = |reused| {
        Ok(Outcome::Ended {
            session: Some(row.family),
            reused,
        })
    };
    if row.revoked_at.is_some() || row.expires_at <= now.0 {
        return ended(None);
    }
    if row.replaced_at.is_some() || !session_store::move_to_replaced(transaction, row.id, now.0)? {
        session_store::revoke_family(transaction, row.family, now.0)?;
        return ended(Some(row.account_id));
    }
    let Some(start) = who(transaction, &row)? else {
        return ended(None);
    };
    // Staff sign in anew every day: their session does not grow. A resident's does, as long as it is used.
    let until = match start.kind {
        AccountKind::Staff => Timestamp(row.expires_at),
        AccountKind::Person => now.plus_seconds(services.config.sessions.resident_seconds),
    };
    add_tokens(services, transaction, &start, services.next_id(), row.family, until).map(Outcome::Opened)
}

/// The account behind the row, when it may still act.
fn who(transaction: &mut Transaction<'_>, row: &SessionRow) -> Result<Option<SessionStart>, StoreError> {
    let (status, kind, must_change_password) = if row.account_kind == AccountKind::Staff.as_str() {
        let staff = transaction.read(|connection| staff_store::get_staff(connection, row.account_id))?;
        (staff.status, AccountKind::Staff, staff.must_change_password)
    } else {
        let person = transaction.read(|connection| account_store::get_person(connection, row.account_id))?;
        (person.status, AccountKind::Person, false)
    };
    Ok((status == "active").then(|| SessionStart {
        account: row.account_id,
        kind,
        device_name: row.device_name.clone(),
        must_change_password,
    }))
}
