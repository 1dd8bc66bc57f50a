//! A resident closes the account: asked for with a code, taken back by signing in again, carried out after some days. What
//! tells who the person is goes then; the matter's record and the audit trail stay.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::time::Timestamp};

use super::ownership::{Offered, examine, read_person};
use crate::{
    access::{Actor, PersonActor, RequestContext, phone_number::open_number},
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        closing_store::{self, ClosingRow},
        code_store, session_store,
    },
    usecases::{
        account_notice,
        audit::{self, Act},
        cases::withdraw::withdraw_case,
        text_message,
    },
};

/// Accounts closed in one run; the next run goes on.
const PAGE: i64 = 50;
/// Cases withdrawn at a time.
const CASES: i64 = 50;

/// Puts the account on the list and ends every session; answers when it closes.
///
/// # Errors
/// `SignInFailed` when the code is wrong.
pub async fn ask_to_close(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    code: String,
    withdraw_cases: bool,
) -> Result<Timestamp, Failure> {
    let person = read_person(services, actor.id).await?;
    let proof = examine(
        services,
        context,
        &actor,
        &person,
        Offered::Code(code),
        "account.ask_to_close",
    )
    .await?;
    let number = open_number(&services.access.secrets, &person.phone_cipher)?;
    let (now, days) = (services.now(), services.config.residents.closing_days);
    let closing = ClosingRow {
        person_id: actor.id,
        due_at: now.plus_minutes(days * 24 * 60).0,
        withdraw_cases,
    };
    let closes_at = Timestamp(closing.due_at);
    let (shared, context, id) = (Arc::clone(services), context.clone(), actor.id);
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, Failure> {
            let by = Actor::Person(actor.clone());
            let act = Act::done("account.ask_to_close", "person", Some(id));
            if !proof.accept(&shared, transaction)? {
                let act = act.refused(ProblemCode::SignInFailed.as_str());
                audit::record_act(&shared, transaction, &by, &context, &act);
                return Ok(Err(ProblemCode::SignInFailed.into()));
            }
            transaction.append(closing.clone());
            session_store::revoke_all(transaction, id, None, now.0)?;
            let words = format!("您已申请注销账户，{days} 天后生效。这期间重新登录就会取消注销。");
            text_message::send_words(&shared, transaction, &number, &words)?;
            audit::record_act(&shared, transaction, &by, &context, &act);
            Ok(Ok(()))
        })
        .await??;
    services.access.callers.forget(id);
    Ok(closes_at)
}

/// Who signs in wants to stay.
///
/// # Errors
/// The database's failure.
pub fn take_back(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    context: &RequestContext,
) -> Result<(), StoreError> {
    let Some(person) = actor.id() else { return Ok(()) };
    if closing_store::delete_closing(transaction, person)? == 0 {
        return Ok(());
    }
    let words = "您重新登录了，账户注销已取消。";
    account_notice::tell(services, transaction, person, "account_closing", "注销已取消", words);
    let act = Act::done("account.keep", "person", Some(person));
    audit::record_act(services, transaction, actor, context, &act);
    Ok(())
}

/// Closes the accounts that are due; answers how many.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn close_due_accounts(services: &Arc<Services>) -> Result<usize, Failure> {
    let now = services.now();
    let due = services
        .database
        .readers
        .read(move |connection| closing_store::list_due(connection, now.0, PAGE).map_err(StoreError::from))
        .await?;
    let mut closed = 0;
    for closing in due {
        match carry_out(services, &closing, now).await {
            Ok(done) => closed += usize::from(done),
            // One account must not keep the others open.
            Err(failure) => {
                tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "an account could not be closed yet");
            }
        }
    }
    Ok(closed)
}

async fn carry_out(services: &Arc<Services>, closing: &ClosingRow, now: Timestamp) -> Result<bool, Failure> {
    if closing.withdraw_cases {
        withdraw_open_cases(services, closing.person_id).await?;
    }
    close(services, closing.person_id, now).await
}

async fn close(services: &Arc<Services>, person: i64, now: Timestamp) -> Result<bool, Failure> {
    let row = read_person(services, person).await?;
    let shared = Arc::clone(services);
    let closed = services
        .database
        .writer
        .write(move |transaction| {
            // Nobody closes an account whose owner came back meanwhile.
            if closing_store::delete_closing(transaction, person)? == 0 {
                return Ok(false);
            }
            code_store::end_all(transaction, &row.phone_lookup, now.0)?;
            closing_store::erase_person(transaction, person, now.0)?;
            transaction.count("accounts", "closed", 1);
            let act = Act::done("account.close", "person", Some(person));
            audit::record_act(&shared, transaction, &Actor::System, &RequestContext::default(), &act);
            Ok::<_, StoreError>(true)
        })
        .await?;
    services.access.callers.forget(person);
    Ok(closed)
}

/// Withdraws as the person would. What cannot be withdrawn any more goes on without answers to the person. Only what passes
/// by itself is worth another run.
async fn withdraw_open_cases(services: &Arc<Services>, person: i64) -> Result<(), Failure> {
    let actor = Actor::Person(PersonActor::without_session(person));
    let mut after = 0;
    loop {
        let page = services
            .database
            .readers
            .read(move |connection| {
                closing_store::list_open_cases(connection, person, after, CASES).map_err(StoreError::from)
            })
            .await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = *last;
        for case in page {
            let withdrawn = withdraw_case(services, &actor, &RequestContext::default(), case, Some("账户注销")).await;
            if let Err(failure) = withdrawn
                && matches!(failure.code, ProblemCode::Stale | ProblemCode::Busy)
            {
                return Err(failure);
            }
        }
    }
}
