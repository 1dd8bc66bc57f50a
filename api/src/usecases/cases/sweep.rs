//! What the platform does about a case whose clocks are due: warns who holds them, says that they ran out, and takes the
//! steps that the rules give to nobody but the passing of time.
//!
//! The rules decide each step, as for a person. A clock is looked at once for each instant that it was to wake at: what
//! another process or an act did meanwhile shows in the row, and after an outage a warning that comes too late is not sent.

use std::sync::Arc;

use shared::domain::{
    case::{Action, Refusal, timeline::day},
    deadline::ClockKind,
    time::Timestamp,
};

use super::{
    orders::current,
    step::{Act, take_step},
    telling::{notify, tell_unit},
};
use crate::{
    access::{Actor, RequestContext},
    city::City,
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        clock_store::{self, ClockRow},
        order_store, parse_word,
    },
};

/// When a step is tried again that a pending judgement holds up, in minutes.
const AGAIN_MINUTES: i64 = 60;

/// What was done about the clocks of one case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Holders warned.
    pub warned: usize,
    /// Steps taken.
    pub stepped: usize,
    /// Limits that ran out without a step.
    pub overdue: usize,
}

/// Does what is due about one case, in one write. `clocks` are rows of this case as they were read.
///
/// # Errors
/// `Stale` and `Busy`, to be tried again at the next sweep; the database's failure.
pub async fn sweep_case(services: &Arc<Services>, case_id: i64, clocks: Vec<ClockRow>) -> Result<Swept, Failure> {
    let (held, city) = (Arc::clone(services), services.city());
    services
        .database
        .writer
        .write(move |transaction| {
            let mut swept = Swept::default();
            for clock in &clocks {
                let still = transaction.read(|connection| clock_store::find_waking(connection, clock))?;
                if still {
                    wake(&held, &city, transaction, case_id, clock, &mut swept)?;
                }
            }
            Ok(swept)
        })
        .await
}

fn wake(
    services: &Services,
    city: &City,
    transaction: &mut Transaction<'_>,
    case_id: i64,
    clock: &ClockRow,
    swept: &mut Swept,
) -> Result<(), Failure> {
    let kind: ClockKind = parse_word("clocks.kind", &clock.kind)?;
    let now = services.now();
    if now.0 < clock.due_at {
        let row = transaction.read(|connection| case_store::get_case(connection, case_id))?;
        swept.warned += usize::from(warn(services, transaction, &row, kind, clock, now)?);
        clock_store::set_woken(transaction, clock, Some(Timestamp(clock.due_at)))?;
        return Ok(());
    }
    let Some(action) = step_at_the_end(kind) else {
        let row = transaction.read(|connection| case_store::get_case(connection, case_id))?;
        swept.overdue += usize::from(tell_overdue(services, transaction, &row, kind, now)?);
        clock_store::set_woken(transaction, clock, None)?;
        return Ok(());
    };
    let act = Act::new(case_id, action);
    let context = RequestContext::default();
    let next = match take_step(services, city, transaction, &Actor::System, &context, &act) {
        Ok(_) => {
            swept.stepped += 1;
            None
        }
        Err(failure) if failure.reason == Some(Refusal::JudgementPending.code()) => {
            Some(now.plus_minutes(AGAIN_MINUTES))
        }
        // The case went another way: this limit means nothing any more.
        Err(failure) if failure.reason.is_some() => {
            tracing::debug!(case_id, action = action.as_str(), reason = failure.reason, "not taken");
            None
        }
        Err(failure) => return Err(failure),
    };
    match clock_store::set_woken(transaction, clock, next) {
        // The step stopped it.
        Ok(()) | Err(StoreError::Stale) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The step that the end of a limit brings about. The other limits only say who is late.
const fn step_at_the_end(clock: ClockKind) -> Option<Action> {
    match clock {
        ClockKind::SignFor => Some(Action::DeemSigned),
        ClockKind::Information => Some(Action::ExpireInformation),
        ClockKind::RatingWindow => Some(Action::ExpireRating),
        ClockKind::SecondPerson => Some(Action::ExpireRequest),
        ClockKind::JudgeDemand => Some(Action::ExpireJudgement),
        _ => None,
    }
}

/// Who is warned of a limit, and in which words; limits of desks that nobody holds in person warn nobody.
fn warn(
    services: &Services,
    transaction: &mut Transaction<'_>,
    row: &CaseRow,
    kind: ClockKind,
    clock: &ClockRow,
    now: Timestamp,
) -> Result<bool, Failure> {
    let due = day(Timestamp(clock.due_at));
    match kind {
        ClockKind::Information => Ok(tell_requester(
            services,
            transaction,
            row,
            &format!("请您在{due}前补充信息，逾期诉求会先办结。"),
            now,
        )),
        ClockKind::RatingWindow => Ok(tell_requester(
            services,
            transaction,
            row,
            &format!("请您在{due}前评价办理结果。"),
            now,
        )),
        _ => match work(kind) {
            Some(what) => {
                let words = format!("{what}的期限快到了，请在{due}前完成。");
                tell_desk(services, transaction, row, "due_soon", &words, now)
            }
            None => Ok(false),
        },
    }
}

fn tell_overdue(
    services: &Services,
    transaction: &mut Transaction<'_>,
    row: &CaseRow,
    kind: ClockKind,
    now: Timestamp,
) -> Result<bool, Failure> {
    match work(kind) {
        Some(what) => {
            let words = format!("{what}已经超期，请马上处理。");
            tell_desk(services, transaction, row, "overdue", &words, now)
        }
        None => Ok(false),
    }
}

/// What a unit has to do within a limit.
const fn work(clock: ClockKind) -> Option<&'static str> {
    match clock {
        ClockKind::SignFor => Some("工单签收"),
        ClockKind::FirstContact => Some("首次联系诉求人"),
        ClockKind::FirstAction => Some("首次到场或处置"),
        ClockKind::Handle => Some("工单办理"),
        ClockKind::Redo => Some("重新办理"),
        _ => None,
    }
}

fn tell_requester(
    services: &Services,
    transaction: &mut Transaction<'_>,
    row: &CaseRow,
    words: &str,
    now: Timestamp,
) -> bool {
    if let Some(requester) = row.requester_id {
        notify(services, transaction, requester, row, "due_soon", words, now);
    }
    row.requester_id.is_some()
}

fn tell_desk(
    services: &Services,
    transaction: &mut Transaction<'_>,
    row: &CaseRow,
    topic: &str,
    words: &str,
    now: Timestamp,
) -> Result<bool, Failure> {
    let orders = transaction.read(|connection| order_store::list_orders(connection, row.id))?;
    let Some(order) = current(&orders) else {
        return Ok(false);
    };
    tell_unit(services, transaction, order, row, topic, words, now)?;
    Ok(true)
}
