//! A resident changes the number. Codes to both numbers change it at once. Who lost the old number has the password instead:
//! then the change waits some days, and the old number is told, so that a thief of the password is found out in time.
//!
//! Whether somebody has the new number already is told only to who proved to hold it.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{phone::MobileNumber, time::Timestamp},
};

use super::ownership::{Offered, Proof, examine, read_person};
use crate::{
    access::{
        Actor, PersonActor, RequestContext,
        phone_number::{open_number, seal_number},
    },
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        account_store::{self, PersonRow},
        code_store,
        number_store::{self, NumberChangeRow},
        session_store,
    },
    usecases::{
        account_notice,
        accounts::code_check::{self, TypedCode},
        audit::{self, Act},
        idempotency, text_message,
    },
};

const ACTION: &str = "phone.change";
const TOPIC: &str = "phone_change";
/// Changes brought into force in one run; the next run goes on.
const PAGE: i64 = 100;

/// A new number, what proves it, and what proves the owner.
pub struct NewNumber {
    /// The new number.
    pub phone: MobileNumber,
    /// The code that was sent to it.
    pub code: String,
    /// A code sent to the old number, or the password.
    pub owner: Offered,
}

/// Answers until when the change waits; none when it is in force.
///
/// # Errors
/// `SignInFailed` when a proof is wrong; `AlreadyExists` when the proven new number belongs to another account.
pub async fn change_number(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    new: NewNumber,
) -> Result<Option<Timestamp>, Failure> {
    let person = read_person(services, actor.id).await?;
    let lookup = services.access.secrets.phone_lookup(&new.phone.to_e164());
    if lookup == person.phone_lookup {
        return Err(Failure::invalid("new_phone", "新号码和现在的号码一样"));
    }
    let waits = matches!(new.owner, Offered::Password(_));
    let owner = examine(services, context, &actor, &person, new.owner, ACTION).await?;
    let typed = TypedCode::new(services, &lookup, &new.code);
    let days = services.config.residents.number_wait_days;
    let asked = NumberChangeRow {
        person_id: actor.id,
        phone_cipher: seal_number(&services.access.secrets, &new.phone)?,
        phone_lookup: lookup,
        session: actor.session,
        due_at: services.now().plus_minutes(days * 24 * 60).0,
    };
    let due = waits.then_some(Timestamp(asked.due_at));
    let (shared, context, id) = (Arc::clone(services), context.clone(), actor.id);
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, Failure> {
            let by = Actor::Person(actor.clone());
            let act = Act::done(ACTION, "person", Some(id)).with(serde_json::json!({ "waits": waits }));
            let refusal = if proven(&shared, transaction, &typed, &owner)? {
                taken(transaction, &asked.phone_lookup)?
            } else {
                Some(Failure::new(ProblemCode::SignInFailed))
            };
            if let Some(refusal) = refusal {
                let act = act.refused(refusal.code.as_str());
                audit::record_act(&shared, transaction, &by, &context, &act);
                return Ok(Err(refusal));
            }
            if waits {
                number_store::set_waiting(transaction, &asked)?;
                warn(&shared, transaction, &person)?;
            } else {
                let old = open_number(&shared.access.secrets, &person.phone_cipher)?;
                bring_into_force(&shared, transaction, &person, &asked)?;
                text_message::send_words(
                    &shared,
                    transaction,
                    &old,
                    "您的账户已改用新的手机号，今后短信发到新号码。",
                )?;
            }
            audit::record_act(&shared, transaction, &by, &context, &act);
            Ok(Ok(()))
        })
        .await??;
    services.access.callers.forget(id);
    Ok(due)
}

/// Both proofs are looked at in any case, and used up only together.
fn proven(
    services: &Services,
    transaction: &mut Transaction<'_>,
    new: &TypedCode,
    owner: &Proof,
) -> Result<bool, StoreError> {
    let Some(code) = code_check::compare(services, transaction, new)? else {
        if let Proof::Code(typed) = owner {
            code_check::compare(services, transaction, typed)?;
        }
        return Ok(false);
    };
    Ok(owner.accept(services, transaction)? && code_check::use_up(services, transaction, code)?)
}

fn taken(transaction: &mut Transaction<'_>, lookup: &str) -> Result<Option<Failure>, StoreError> {
    let known = transaction.read(|connection| account_store::find_by_phone(connection, lookup))?;
    Ok(known.map(|_| {
        Failure::new(ProblemCode::AlreadyExists).with_detail("这个号码已有账户，请直接用它登录，或先注销那个账户")
    }))
}

fn warn(services: &Services, transaction: &mut Transaction<'_>, person: &PersonRow) -> Result<(), Failure> {
    let days = services.config.residents.number_wait_days;
    let old = open_number(&services.access.secrets, &person.phone_cipher)?;
    let words =
        format!("有人凭密码申请把您的账户换成新手机号，{days} 天后生效。如果不是您本人，请登录后取消，并修改密码。");
    text_message::send_words(services, transaction, &old, &words)?;
    account_notice::tell(services, transaction, person.id, TOPIC, "更换手机号", &words);
    Ok(())
}

/// The new number takes the old one's place, and every session ends but the one that asked.
fn bring_into_force(
    services: &Services,
    transaction: &mut Transaction<'_>,
    person: &PersonRow,
    new: &NumberChangeRow,
) -> Result<(), StoreError> {
    let now = services.now().0;
    account_store::set_phone(
        transaction,
        person.id,
        person.version,
        &new.phone_cipher,
        &new.phone_lookup,
    )?;
    number_store::delete_waiting(transaction, person.id)?;
    code_store::end_all(transaction, &person.phone_lookup, now)?;
    session_store::revoke_all(transaction, person.id, Some(new.session), now)?;
    let words = "手机号已更换，其他设备需要重新登录。";
    account_notice::tell(services, transaction, person.id, TOPIC, "更换手机号", words);
    Ok(())
}

/// Takes back a change that waits.
///
/// # Errors
/// `NotFound` when none waits.
pub async fn keep_number(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
) -> Result<(), Failure> {
    let (shared, context_) = (Arc::clone(services), context.clone());
    idempotency::once(services, actor.id, context, "phone.keep", &(), move |transaction| {
        if number_store::delete_waiting(transaction, actor.id)? == 0 {
            return Err(ProblemCode::NotFound.into());
        }
        let act = Act::done("phone.keep", "person", Some(actor.id));
        audit::record_act(&shared, transaction, &Actor::Person(actor.clone()), &context_, &act);
        Ok(())
    })
    .await
}

/// Brings the changes into force that have waited long enough; answers how many.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn settle_waiting_numbers(services: &Arc<Services>) -> Result<usize, Failure> {
    let now = services.now();
    let due = services
        .database
        .readers
        .read(move |connection| number_store::list_due(connection, now.0, PAGE).map_err(StoreError::from))
        .await?;
    let mut settled = 0;
    for person in due {
        let shared = Arc::clone(services);
        let done = services
            .database
            .writer
            .write(move |transaction| settle(&shared, transaction, person, now))
            .await?;
        services.access.callers.forget(person);
        settled += usize::from(done);
    }
    Ok(settled)
}

fn settle(
    services: &Services,
    transaction: &mut Transaction<'_>,
    person: i64,
    now: Timestamp,
) -> Result<bool, Failure> {
    let waiting = transaction.read(|connection| number_store::find_waiting(connection, person))?;
    let Some(new) = waiting.filter(|row| row.due_at <= now.0) else {
        return Ok(false);
    };
    let act = Act::done(ACTION, "person", Some(person));
    let row = transaction.read(|connection| account_store::get_person(connection, person))?;
    let act = if taken(transaction, &new.phone_lookup)?.is_some() {
        number_store::delete_waiting(transaction, person)?;
        let words = "新号码已有别的账户，手机号没有更换。";
        account_notice::tell(services, transaction, person, TOPIC, "更换手机号", words);
        act.refused(ProblemCode::AlreadyExists.as_str())
    } else {
        bring_into_force(services, transaction, &row, &new)?;
        act
    };
    audit::record_act(services, transaction, &Actor::System, &RequestContext::default(), &act);
    Ok(true)
}
