//! What the platform does about a case whose clocks are due: warns who holds them, says that they ran out, and takes the
//! steps that the rules give to nobody but the passing of time.
//!
//! The rules decide each step, as for a person. A clock is looked at once for each instant that it was to wake at: what
//! another process or an act did meanwhile shows in the row, and after an outage a warning that comes too late is not sent.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{Action, Refusal, timeline::day},
        deadline::ClockKind,
        time::Timestamp,
    },
};

use super::{
    archive,
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

/// The shortest and the longest time after which a step is tried again that could not be taken, in minutes.
const AGAIN_MINUTES: (i64, i64) = (10, 24 * 60);
const MICROS_PER_MINUTE: i64 = 60_000_000;

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
/// `Stale` and `Busy`, to be tried again at the next sweep; any other failure, after which its clocks wait longer each time.
pub async fn sweep_case(services: &Arc<Services>, case_id: i64, clocks: Vec<ClockRow>) -> Result<Swept, Failure> {
    let done = wake_all(services, case_id, clocks.clone()).await;
    match done {
        Err(failure) if !matches!(failure.code, ProblemCode::Stale | ProblemCode::Busy) => {
            put_off(services, clocks).await?;
            Err(failure)
        }
        done => done,
    }
}

async fn wake_all(services: &Arc<Services>, case_id: i64, clocks: Vec<ClockRow>) -> Result<Swept, Failure> {
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

/// One case that cannot be done shall not be tried at every sweep.
async fn put_off(services: &Arc<Services>, clocks: Vec<ClockRow>) -> Result<(), Failure> {
    let now = services.now();
    services
        .database
        .writer
        .write(move |transaction| {
            for clock in &clocks {
                forget_stopped(clock_store::wake_again(transaction, clock, next_try(clock, now)))?;
            }
            Ok(())
        })
        .await
}

/// As long after now as the clock is overdue already, so that the time between two tries doubles.
fn next_try(clock: &ClockRow, now: Timestamp) -> Timestamp {
    let (shortest, longest) = AGAIN_MINUTES;
    let overdue = now.micros_since(Timestamp(clock.due_at)) / MICROS_PER_MINUTE;
    now.plus_minutes(overdue.clamp(shortest, longest))
}

/// A clock that the step itself stopped, or that somebody else woke, needs nothing more.
fn forget_stopped(settled: Result<(), StoreError>) -> Result<(), StoreError> {
    match settled {
        Err(StoreError::Stale) => Ok(()),
        settled => settled,
    }
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
    let act = match action {
        Action::Archive => archive::sealed(transaction, case_id)?,
        action => Act::new(case_id, action),
    };
    let context = RequestContext::default();
    let settled = match take_step(services, city, transaction, &Actor::System, &context, &act) {
        Ok(_) => {
            swept.stepped += 1;
            clock_store::set_woken(transaction, clock, None)
        }
        Err(failure) => match failure.reason {
            Some(reason) if went_another_way(reason) => clock_store::stop_clock(transaction, clock, now),
            Some(reason) => {
                tracing::info!(case_id, action = action.as_str(), reason, "not yet; tried again later");
                clock_store::wake_again(transaction, clock, next_try(clock, now))
            }
            None => return Err(failure),
        },
    };
    Ok(forget_stopped(settled)?)
}

/// The case does not stand where the limit meant it to: it will never bring about its step.
fn went_another_way(reason: &str) -> bool {
    [Refusal::WrongState, Refusal::NothingPending, Refusal::NoDemand]
        .iter()
        .any(|refusal| refusal.code() == reason)
}

/// The step that the end of a limit brings about. The other limits only say who is late.
const fn step_at_the_end(clock: ClockKind) -> Option<Action> {
    match clock {
        ClockKind::SignFor => Some(Action::DeemSigned),
        ClockKind::Information => Some(Action::ExpireInformation),
        ClockKind::RatingWindow => Some(Action::ExpireRating),
        clock if clock.is_of_second_person() => Some(Action::ExpireRequest),
        ClockKind::Promise => Some(Action::BreakPromise),
        ClockKind::Archive => Some(Action::Archive),
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
        ClockKind::Promise => Some("承诺的事"),
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
