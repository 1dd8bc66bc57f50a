//! What the platform does about a case whose clocks are due: warns who holds them, says that they ran out, takes the steps that
//! the rules give to nobody but the passing of time, and has the tiers of supervision take up what is late.
//!
//! The rules decide each step, as for a person. A clock is looked at once for each instant that it was to wake at: what
//! another process or an act did meanwhile shows in the row, and after an outage a warning that comes too late is not sent.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{Action, Refusal, timeline::day},
        deadline::{ClockKind, DeadlinePolicy, Wake},
        supervision::Cause,
        time::Timestamp,
    },
};

use super::{
    archive,
    clocks::{policy_named, wakes},
    known::Known,
    orders::current,
    perform::Scene,
    signs,
    step::Act,
    supervise::{AtEnd, Found},
    telling::{notify, tell_unit},
};
use crate::{
    access::RequestContext,
    city::City,
    database::{StoreError, batch::all_of},
    errors::Failure,
    services::Services,
    stores::{
        case_store::CaseRow,
        clock_store::{self, ClockRow},
        order_store::{self, WorkOrderRow},
        parse_word,
        supervision_store::Opening,
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
    /// Supervisions opened, not counted those that a step gave cause for.
    pub opened: usize,
}

impl Swept {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            warned: self.warned + other.warned,
            stepped: self.stepped + other.stepped,
            overdue: self.overdue + other.overdue,
            opened: self.opened + other.opened,
        }
    }
}

/// A case with its orders and its clocks that are due, as they were read.
#[derive(Debug, Clone)]
pub struct DueCase {
    /// The case.
    pub case: CaseRow,
    /// All its orders.
    pub orders: Vec<WorkOrderRow>,
    /// What opened its supervisions.
    pub openings: Vec<Opening>,
    /// Those of its clocks that are due, in the order in which they are.
    pub clocks: Vec<ClockRow>,
}

/// What a write came to.
#[derive(Default)]
struct Done {
    swept: Swept,
    /// Orders that count as signed now.
    unsigned: Vec<WorkOrderRow>,
}

/// What there is to do about a clock up to now, and when it is looked at next.
struct Look {
    kind: ClockKind,
    passed: Vec<Wake>,
    next: Option<Timestamp>,
}

/// Does what is due about each of these cases in one write, and where that cannot be done, in one write for each.
pub async fn sweep_cases(services: &Arc<Services>, cases: &[DueCase]) -> Vec<Result<Swept, Failure>> {
    if cases.len() > 1
        && let Ok(swept) = wake_all(services, cases).await
    {
        return vec![Ok(swept)];
    }
    let mut done = Vec::with_capacity(cases.len());
    for case in cases {
        done.push(sweep_case(services, case).await);
    }
    done
}

/// `Stale` and `Busy` are tried again at the next sweep; after any other failure the case's clocks wait longer each time.
async fn sweep_case(services: &Arc<Services>, case: &DueCase) -> Result<Swept, Failure> {
    match wake_all(services, std::slice::from_ref(case)).await {
        Err(failure) if !matches!(failure.code, ProblemCode::Stale | ProblemCode::Busy) => {
            put_off(services, case.clocks.clone()).await?;
            Err(failure)
        }
        done => done,
    }
}

async fn wake_all(services: &Arc<Services>, cases: &[DueCase]) -> Result<Swept, Failure> {
    let (held, city, cases) = (Arc::clone(services), services.city(), cases.to_vec());
    services
        .database
        .writer
        .write(move |transaction| {
            let mut done = Done::default();
            let context = RequestContext::default();
            let mut scene = Scene::of_platform(&held, &city, transaction, &context);
            let looked = look_at(&mut scene, &cases)?;
            claim_single(&mut scene, &cases, &looked)?;
            for (due, looked) in cases.iter().zip(looked) {
                let mut known = Known {
                    row: due.case.clone(),
                    orders: Some(due.orders.clone()),
                    openings: Some(due.openings.clone()),
                };
                for (clock, look) in due.clocks.iter().zip(looked) {
                    if due.clocks.len() == 1 || claim(&mut scene, clock, &look)? {
                        wake(&mut scene, &mut known, clock, &look, &mut done)?;
                    }
                }
            }
            signs::unsigned(&mut scene, &done.unsigned)?;
            Ok(done.swept)
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
                match clock_store::wake_again(transaction, clock, next_try(clock, now)) {
                    // Stopped or woken by somebody else meanwhile.
                    Err(StoreError::Stale) => {}
                    put_off => put_off?,
                }
            }
            Ok::<_, Failure>(())
        })
        .await
}

/// As long after now as the clock is overdue already, so that the time between two tries doubles.
fn next_try(clock: &ClockRow, now: Timestamp) -> Timestamp {
    let (shortest, longest) = AGAIN_MINUTES;
    let overdue = now.micros_since(Timestamp(clock.due_at)) / MICROS_PER_MINUTE;
    now.plus_minutes(overdue.clamp(shortest, longest))
}

/// What there is to do about each clock of each case.
fn look_at(scene: &mut Scene<'_, '_>, cases: &[DueCase]) -> Result<Vec<Vec<Look>>, Failure> {
    let (city, now) = (scene.city, scene.services.now());
    let mut look = |case: &CaseRow, clock: &ClockRow| {
        let kind: ClockKind = parse_word("clocks.kind", &clock.kind)?;
        let policy = policy_named(scene.transaction, city, clock.policy())?;
        let (passed, next) = looks(city, &policy, case, kind, clock, now)?;
        Ok(Look { kind, passed, next })
    };
    cases
        .iter()
        .map(|due| due.clocks.iter().map(|clock| look(&due.case, clock)).collect())
        .collect()
}

/// Claims the clocks of all cases that have one alone, by waking them: `Stale` when somebody else woke one, or an act stopped it.
fn claim_single(scene: &mut Scene<'_, '_>, cases: &[DueCase], looked: &[Vec<Look>]) -> Result<(), StoreError> {
    let clocks = cases.iter().zip(looked).filter_map(|(due, looked)| {
        let ([clock], [look]) = (due.clocks.as_slice(), looked.as_slice()) else {
            return None;
        };
        Some((clock, look.next))
    });
    let clocks: Vec<_> = clocks.collect();
    let woken = clock_store::set_all_woken(scene.transaction, &clocks, scene.services.now())?;
    all_of(clocks.len(), woken.len())
}

/// Claims one of several clocks of a case, when what was done about those before it left it running.
fn claim(scene: &mut Scene<'_, '_>, clock: &ClockRow, look: &Look) -> Result<bool, StoreError> {
    match clock_store::set_woken(scene.transaction, clock, scene.services.now(), look.next) {
        Err(StoreError::Stale) => Ok(false),
        woken => woken.map(|()| true),
    }
}

/// Does everything that there was to do about a clock since it was last looked at, in order.
fn wake(
    scene: &mut Scene<'_, '_>,
    known: &mut Known,
    clock: &ClockRow,
    Look { kind, passed, .. }: &Look,
    done: &mut Done,
) -> Result<(), Failure> {
    let (kind, now) = (*kind, scene.services.now());
    let over = now.0 >= clock.due_at;
    if passed.contains(&Wake::Reminder) && !over {
        done.swept.warned += usize::from(warn(scene, known, kind, clock)?);
    }
    if passed.contains(&Wake::Due) && !end(scene, known, kind, clock, done)? {
        return Ok(());
    }
    if passed.contains(&Wake::Red) {
        let cause = Cause::Late.or_emergency(known.row.facts()?.urgency);
        done.swept.opened += usize::from(found(scene, known, cause, clock)?);
    }
    Ok(())
}

/// What there is to do about a clock up to now, and when it is looked at next: by the limit and the policy that it was started under.
pub(super) fn looks(
    city: &City,
    policy: &DeadlinePolicy,
    row: &CaseRow,
    kind: ClockKind,
    clock: &ClockRow,
    now: Timestamp,
) -> Result<(Vec<Wake>, Option<Timestamp>), Failure> {
    let facts = row.facts()?;
    // What goes on after a rest, or ends on a promised day, keeps none of its own.
    let usual = || policy.limit(kind, facts.kind, facts.urgency, row.category.as_deref());
    let limit = clock.limit()?.unwrap_or_else(usual);
    let span = (Timestamp(clock.started_at), Timestamp(clock.due_at));
    let wakes = wakes(city, policy, facts.urgency, kind, limit, span);
    let later = wakes.iter().find(|(at, _)| *at > now).map(|(at, _)| *at);
    let passed = wakes.iter().filter(|(at, _)| *at <= now && at.0 > clock.told_until);
    Ok((passed.map(|(_, wake)| *wake).collect(), later))
}

/// The limit is over: the step that this brings about, the cause that it is, or word to the one who is late. Answers whether
/// there is more to do about the clock.
fn end(
    scene: &mut Scene<'_, '_>,
    known: &mut Known,
    kind: ClockKind,
    clock: &ClockRow,
    done: &mut Done,
) -> Result<bool, Failure> {
    if let Some(action) = step_at_the_end(kind) {
        return take(scene, known, action, clock, done);
    }
    let swept = &mut done.swept;
    match kind {
        ClockKind::Supervision => {
            let ended = scene.at_end(&mut known.row)?;
            swept.opened += usize::from(ended == AtEnd::Climbed);
            swept.overdue += usize::from(ended == AtEnd::Stays);
        }
        ClockKind::SupervisionAnswer => {
            swept.overdue += usize::from(tell_tier(
                scene,
                &known.row,
                "overdue",
                "单位的答复或方案到期没有交，请马上催办。",
            )?);
        }
        ClockKind::FirstLookBack | ClockKind::SecondLookBack => scene.open_look_back(&known.row, clock)?,
        ClockKind::LookBackVisit => {
            scene.tell_who_looks_back(&known.row, "overdue", "回访已经超期，请马上去看。")?;
            swept.overdue += 1;
        }
        kind => {
            swept.overdue += usize::from(tell_overdue(scene, known, kind)?);
            if kind == ClockKind::FirstContact {
                let cause = Cause::Silent.or_emergency(known.row.facts()?.urgency);
                swept.opened += usize::from(found(scene, known, cause, clock)?);
            }
        }
    }
    Ok(true)
}

/// Takes the step that the end of a limit brings about. A clock whose step cannot be taken waits, or is over.
fn take(
    scene: &mut Scene<'_, '_>,
    known: &mut Known,
    action: Action,
    clock: &ClockRow,
    done: &mut Done,
) -> Result<bool, Failure> {
    let (case_id, now) = (known.row.id, scene.services.now());
    let act = match action {
        Action::Archive => archive::sealed(scene.transaction, &known.row)?,
        action => Act::new(case_id, action),
    };
    match scene.take_from(known.lend(), &act) {
        Ok(stepped) => {
            known.row = stepped.now;
            done.swept.stepped += 1;
            if action == Action::DeemSigned {
                done.unsigned.extend(stepped.order);
            }
            return Ok(true);
        }
        Err(failure) => match failure.reason {
            Some(reason) if went_another_way(reason) => clock_store::stop_clock(scene.transaction, clock, now)?,
            Some(reason) => {
                tracing::info!(case_id, action = action.as_str(), reason, "not yet; tried again later");
                clock_store::give_back(scene.transaction, clock, next_try(clock, now))?;
            }
            None => return Err(failure),
        },
    }
    Ok(false)
}

/// Has the tier take up what a clock gives cause for; the steps have their causes themselves.
fn found(scene: &mut Scene<'_, '_>, known: &mut Known, cause: Cause, clock: &ClockRow) -> Result<bool, Failure> {
    // A limit that a new calendar moved can be passed once more.
    let found = Found::of(cause, format!("clock {} due {}", clock.id, clock.due_at));
    let Some(opened) = scene.open_from(known.lend(), &found)? else {
        return Ok(false);
    };
    known.row = opened.now;
    Ok(true)
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

/// Who is warned of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Warned {
    /// The requester.
    Requester,
    /// The unit that has the order.
    Desk,
    /// Those who hold the supervision.
    Tier,
    /// Those who look back at it.
    LooksBack,
}

/// Who is warned of a limit, and in which words; limits of desks that nobody holds in person warn nobody.
pub(super) fn warning(kind: ClockKind, due: Timestamp) -> Option<(Warned, String)> {
    let due = day(due);
    match kind {
        ClockKind::Information => Some((Warned::Requester, format!("请您在{due}前补充信息，逾期诉求会先办结。"))),
        ClockKind::RatingWindow => Some((Warned::Requester, format!("请您在{due}前评价办理结果。"))),
        ClockKind::SupervisionAnswer | ClockKind::Supervision => {
            Some((Warned::Tier, format!("督办件的期限快到了，请在{due}前给出结果。")))
        }
        ClockKind::LookBackVisit => Some((Warned::LooksBack, format!("回访的期限快到了，请在{due}前去看并登记。"))),
        _ => work(kind).map(|what| (Warned::Desk, format!("{what}的期限快到了，请在{due}前完成。"))),
    }
}

fn warn(scene: &mut Scene<'_, '_>, known: &Known, kind: ClockKind, clock: &ClockRow) -> Result<bool, Failure> {
    let row = &known.row;
    match warning(kind, Timestamp(clock.due_at)) {
        Some((Warned::Requester, words)) => Ok(tell_requester(scene, row, &words)),
        Some((Warned::Desk, words)) => tell_desk(scene, known, "due_soon", &words),
        Some((Warned::Tier, words)) => tell_tier(scene, row, "due_soon", &words),
        Some((Warned::LooksBack, words)) => {
            scene.tell_who_looks_back(row, "due_soon", &words)?;
            Ok(true)
        }
        None => Ok(false),
    }
}

fn tell_overdue(scene: &mut Scene<'_, '_>, known: &Known, kind: ClockKind) -> Result<bool, Failure> {
    match work(kind) {
        Some(what) => tell_desk(scene, known, "overdue", &format!("{what}已经超期，请马上处理。")),
        None => Ok(false),
    }
}

/// What a unit has to do within a limit.
pub(super) const fn work(clock: ClockKind) -> Option<&'static str> {
    match clock {
        ClockKind::SignFor => Some("工单签收"),
        ClockKind::FirstContact => Some("首次联系诉求人"),
        ClockKind::FirstAction => Some("首次到场或处置"),
        ClockKind::Handle => Some("工单办理"),
        ClockKind::Redo => Some("重新办理"),
        ClockKind::Promise => Some("承诺的事"),
        ClockKind::Milestone => Some("承诺的节点"),
        _ => None,
    }
}

fn tell_requester(scene: &mut Scene<'_, '_>, row: &CaseRow, words: &str) -> bool {
    if let Some(requester) = row.requester_id {
        let now = scene.services.now();
        notify(
            scene.services,
            scene.transaction,
            requester,
            row,
            "due_soon",
            words,
            now,
        );
    }
    row.requester_id.is_some()
}

fn tell_desk(scene: &mut Scene<'_, '_>, known: &Known, topic: &str, words: &str) -> Result<bool, Failure> {
    let row = &known.row;
    let read;
    let orders = if let Some(orders) = &known.orders {
        orders
    } else {
        read = scene
            .transaction
            .read(|connection| order_store::list_orders(connection, row.id))?;
        &read
    };
    let Some(order) = current(orders) else {
        return Ok(false);
    };
    let now = scene.services.now();
    tell_unit(scene.services, scene.transaction, order, row, topic, words, now)?;
    Ok(true)
}

/// Those who hold the case's supervision.
fn tell_tier(scene: &mut Scene<'_, '_>, row: &CaseRow, topic: &str, words: &str) -> Result<bool, Failure> {
    let Some(held) = row.facts()?.memory.supervision else {
        return Ok(false);
    };
    scene.tell_holders(row, held.owner, topic, words)?;
    Ok(true)
}
