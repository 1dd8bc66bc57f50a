//! Opens one case for a while to whoever holds its receipt number and the phone that was given with it. Written down.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::time::Timestamp};

use super::Named;
use crate::{
    access::{
        Actor, RequestContext,
        tokens::{self, Lookup},
    },
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::account_store,
    usecases::{
        accounts::{
            code_check::{self, TypedCode},
            request_code::{count_all, longest_wait},
        },
        audit::{self, Act},
    },
};

/// A look that was opened. Holds a token: never logged, never stored.
pub struct OpenedLookup {
    /// What the token stands for.
    pub lookup: Lookup,
    /// The token.
    pub token: String,
    /// Until when.
    pub until: Timestamp,
}

/// Compares the code and opens the case.
///
/// # Errors
/// `SignInFailed` whatever is wrong; `TooManyAttempts` after too many tries.
pub async fn look_up(
    services: &Arc<Services>,
    context: &RequestContext,
    named: Named,
    code: &str,
) -> Result<OpenedLookup, Failure> {
    let now = services.now();
    let typed = TypedCode::new(services, &named.both, code);
    let buckets = named.buckets(services, context, "try");
    let (shared, context) = (Arc::clone(services), context.clone());
    let lookup = services
        .database
        .writer
        .write(move |transaction| -> Result<Result<Lookup, Failure>, StoreError> {
            let act = Act::done("lookup.open", "case", Some(named.case_id).filter(|id| *id != 0));
            let refused = |code: ProblemCode| act.clone().refused(code.as_str());
            if let Some(seconds) = longest_wait(transaction, &buckets, now.0)? {
                let act = refused(ProblemCode::TooManyAttempts);
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                return Ok(Err(Failure::new(ProblemCode::TooManyAttempts).with_retry_after(seconds)));
            }
            count_all(transaction, &buckets, now.0)?;
            let owner = transaction
                .read(|connection| account_store::find_requester(connection, named.case_id, &named.phone_lookup))?;
            let right = code_check::compare(&shared, transaction, &typed)?;
            let used = match right {
                Some(code) => code_check::use_up(&shared, transaction, code)?,
                None => false,
            };
            let Some(person) = owner.filter(|_| used) else {
                let act = refused(ProblemCode::SignInFailed);
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                return Ok(Err(ProblemCode::SignInFailed.into()));
            };
            audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
            Ok(Ok(Lookup {
                person,
                case_id: named.case_id,
            }))
        })
        .await??;
    let seconds = services.config.residents.lookup_seconds;
    let token = tokens::issue_lookup(&services.access.secrets, lookup, now, seconds)
        .ok_or_else(|| Failure::internal("the token key cannot sign"))?;
    Ok(OpenedLookup {
        lookup,
        token,
        until: now.plus_seconds(seconds),
    })
}
