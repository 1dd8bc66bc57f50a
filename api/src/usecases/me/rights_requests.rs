//! A resident asks to see, correct or delete own data; the privacy officer answers in words within the working days that the
//! city's calendar gives. What the answer promises is done by the operations that exist for it.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        calendar::Calendar,
        rights::{RightsOutcome, RightsRequestKind},
        role::Role,
        time::Timestamp,
    },
};

use crate::{
    access::{Actor, PersonActor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    stores::rights_store::{self, RightsRequestRow},
    usecases::{
        account_notice,
        audit::{self, Act},
        idempotency, words,
    },
};

/// The longest request.
const LONGEST_REQUEST: usize = 1000;
/// The longest answer.
const LONGEST_ANSWER: usize = 2000;
/// Open requests that one person may have.
const MOST_OPEN: usize = 5;

/// Puts a request on the privacy officer's list; answers its id.
///
/// # Errors
/// `Invalid` for a text that is empty or too long; `ActionNotAllowed` when too many are open.
pub async fn ask(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    kind: RightsRequestKind,
    text: &str,
) -> Result<i64, Failure> {
    let text = words::text("text", text, LONGEST_REQUEST)?;
    let (shared, context_, city) = (Arc::clone(services), context.clone(), services.city());
    let asked = (kind, text.clone());
    idempotency::once(
        services,
        actor.id,
        context,
        "rights_request.ask",
        &asked,
        move |transaction| {
            let most = i64::try_from(MOST_OPEN).unwrap_or(i64::MAX);
            let last = transaction.read(|connection| rights_store::list_of_person(connection, actor.id, most))?;
            if last.iter().filter(|row| row.outcome.is_none()).count() >= MOST_OPEN {
                return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail("已有几件申请在办，请等答复"));
            }
            let row = RightsRequestRow {
                id: shared.next_id(),
                version: 1,
                person_id: actor.id,
                kind: kind.as_str().to_owned(),
                words: text.clone(),
                due_at: due(
                    &city.calendar,
                    shared.now(),
                    shared.config.residents.rights_working_days,
                )
                .0,
                calendar_version: city.calendar.version().to_owned(),
                outcome: None,
                answer: None,
                answered_by: None,
                answered_at: None,
            };
            let id = row.id;
            transaction.append(row);
            let act = Act::done("rights_request.ask", "rights_request", Some(id))
                .with(serde_json::json!({ "kind": kind.as_str() }));
            audit::record_act(&shared, transaction, &Actor::Person(actor.clone()), &context_, &act);
            Ok(id)
        },
    )
    .await
}

/// The end of the last working day.
fn due(calendar: &Calendar, now: Timestamp, days: u16) -> Timestamp {
    let last = calendar.add_working_days(now.city_date(), days).date;
    let after = last.succ_opt().unwrap_or(last);
    Timestamp::from_city_time(after.and_time(chrono::NaiveTime::MIN))
}

/// Answers a request; the person reads the words in the inbox.
///
/// # Errors
/// `Forbidden` for all but privacy officers; `Stale` when it was answered already, `VersionMismatch`.
pub async fn answer(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    id: i64,
    outcome: RightsOutcome,
    text: &str,
) -> Result<(), Failure> {
    actor.needs(Role::PrivacyOfficer)?;
    let text = words::text("answer", text, LONGEST_ANSWER)?;
    let (shared, context_) = (Arc::clone(services), context.clone());
    let asked = (id, outcome, text.clone());
    idempotency::once(
        services,
        actor.id,
        context,
        "rights_request.answer",
        &asked,
        move |transaction| {
            let row = transaction.read(|connection| rights_store::get_request(connection, id))?;
            if context_.expected_version.is_some_and(|version| version != row.version) {
                return Err(ProblemCode::VersionMismatch.into());
            }
            let now = shared.now().0;
            rights_store::move_to_answered(transaction, &row, outcome.as_str(), &text, actor.id, now)?;
            let title = format!("个人信息申请：{}", outcome.name_zh());
            account_notice::tell(&shared, transaction, row.person_id, "rights_request", &title, &text);
            let act = Act::done("rights_request.answer", "rights_request", Some(id))
                .with(serde_json::json!({ "outcome": outcome.as_str() }));
            audit::record_act(&shared, transaction, &Actor::Staff(actor.clone()), &context_, &act);
            Ok(())
        },
    )
    .await
}
