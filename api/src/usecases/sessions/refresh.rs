//! Trades a refresh token for the next pair. A token used twice was copied, and its whole session ends; unless the next one
//! was never used: then the answer was lost on the way, and another next one is given in its place.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::{OpenedSession, SessionStart, add_tokens, refreshable_until};
use crate::{
    access::{
        Actor, RequestContext, standing,
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
    if row.expires_at <= now.0 {
        return ended(None);
    }
    if row.revoked_at.is_some() {
        // Of a session that goes on only a token given in vain is revoked. Somebody has it after all: one of two is a thief.
        let goes_on = session_store::revoke_family(transaction, row.family, now.0)? > 0;
        return ended(goes_on.then_some(row.account_id));
    }
    if row.replaced_at.is_some() || !session_store::move_to_replaced(transaction, row.id, now.0)? {
        if transaction.read(|connection| session_store::was_used_after(connection, row.family, row.id))? {
            session_store::revoke_family(transaction, row.family, now.0)?;
            return ended(Some(row.account_id));
        }
        if session_store::revoke_unused_after(transaction, row.family, row.id, now.0)? == 0 {
            // The same token is being traded at this moment. Only one of the two may have the next one.
            return Err(Failure::new(ProblemCode::Busy).with_retry_after(1));
        }
    }
    let Some(start) = who(services, transaction, &row)? else {
        return ended(None);
    };
    let until = refreshable_until(services, start.kind, row.family);
    add_tokens(services, transaction, &start, services.next_id(), row.family, until).map(Outcome::Opened)
}

/// The account behind the row, when it may still act.
fn who(
    services: &Services,
    transaction: &mut Transaction<'_>,
    row: &SessionRow,
) -> Result<Option<SessionStart>, StoreError> {
    let account = row.account_id;
    let (may_act, kind, owes) = if row.account_kind == AccountKind::Staff.as_str() {
        let staff = transaction.read(|connection| staff_store::get_staff(connection, account))?;
        let grants = transaction.read(|connection| staff_store::list_grants_of(connection, account))?;
        let now = services.now();
        let owes = standing::owed(&services.config.staff, &staff, &grants, now);
        (standing::may_act(&staff, now), AccountKind::Staff, owes)
    } else {
        let person = transaction.read(|connection| account_store::get_person(connection, account))?;
        (person.is_open(), AccountKind::Person, None)
    };
    Ok(may_act.then(|| SessionStart {
        account,
        kind,
        device_name: row.device_name.clone(),
        owes,
    }))
}
