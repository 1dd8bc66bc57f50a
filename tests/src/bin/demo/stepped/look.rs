//! Every case with what became of it and with what everybody was told, as the database has it: what a digest is made of, and what
//! is held against the city's promises.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use api::{
    city::City,
    database::{
        DbConnection, StoreError,
        ids::made_at,
        schema::{cases, clocks, notices, replies, staff_accounts, supervisions},
    },
    services::Services,
    stores::{case_store::CaseRow, clock_store::ClockRow, notice_store::NoticeRow, supervision_store::SupervisionRow},
};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use shared::domain::{
    case::{CaseFacts, CaseState},
    deadline::ClockKind,
    supervision::{is_late, watched},
    time::Timestamp,
};

/// A case.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CaseSeen {
    /// Its receipt number.
    pub(crate) receipt: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    /// How it ended, or `-`.
    pub(crate) outcome: String,
    pub(crate) cycle: i64,
    pub(crate) redos: i64,
    pub(crate) returns: i64,
    pub(crate) dispatches: i64,
    pub(crate) tier: i64,
    /// Code of the unit that leads, or `-`.
    pub(crate) unit: String,
    /// Kind and due instant of every clock that ever ran for it.
    pub(crate) clocks: Vec<(String, Timestamp)>,
    /// Tier, cause, due instant and result of all that supervised it.
    pub(crate) supervisions: Vec<(String, String, Timestamp, String)>,
    /// What was told to whom.
    pub(crate) told: Vec<Told>,
    /// A red card was due for somebody who had to act.
    pub(crate) was_late: bool,
    /// What it has to show for it; none when it was left lying.
    pub(crate) answer: Option<Answer>,
}

/// What an overdue case ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// A released reply.
    Reply,
    /// A refusal with its reason.
    Refusal,
    /// A line outside took it over and said so.
    HandOff,
    /// A tier has it.
    Supervision,
    /// The requester took it back, did not answer, or has it answered through another case.
    NothingOwed,
    /// Those who had been late caught up: nothing is overdue now.
    InTime,
}

/// An entry of somebody's inbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Told {
    /// The staff's name to sign in with; `requester`, or the id of another resident.
    pub(crate) to: String,
    pub(crate) topic: String,
    pub(crate) body: String,
    /// Minutes since 1970: two alike within one minute are one too many.
    pub(crate) minute: i64,
}

/// Reads everything; the database is small enough for it.
pub(super) async fn look(services: &Arc<Services>) -> Result<Vec<CaseSeen>, StoreError> {
    let (city, now) = (services.city(), services.now());
    let read = services
        .database
        .readers
        .read(|connection| read(connection).map_err(StoreError::from));
    let everything = read.await?;
    let mut seen = Vec::with_capacity(everything.cases.len());
    for row in &everything.cases {
        seen.push(everything.of(&city, row, services.receipts.write(row.id), now)?);
    }
    Ok(seen)
}

struct Everything {
    cases: Vec<CaseRow>,
    clocks: HashMap<i64, Vec<ClockRow>>,
    supervisions: HashMap<i64, Vec<SupervisionRow>>,
    notices: HashMap<i64, Vec<NoticeRow>>,
    replied: HashSet<i64>,
    staff: HashMap<i64, String>,
}

fn read(connection: &mut DbConnection) -> QueryResult<Everything> {
    let staff: Vec<(i64, String)> = staff_accounts::table
        .select((staff_accounts::id, staff_accounts::username))
        .load(connection)?;
    let replied: Vec<i64> = replies::table
        .filter(replies::released_at.is_not_null())
        .select(replies::case_id)
        .load(connection)?;
    let rows = clocks::table
        .order(clocks::id)
        .select(ClockRow::as_select())
        .load(connection)?;
    let supervised = supervisions::table
        .order(supervisions::id)
        .select(SupervisionRow::as_select())
        .load(connection)?;
    let told = notices::table
        .order(notices::id)
        .select(NoticeRow::as_select())
        .load(connection)?;
    Ok(Everything {
        cases: cases::table
            .order(cases::id)
            .select(CaseRow::as_select())
            .load(connection)?,
        clocks: grouped(rows, |row: &ClockRow| Some(row.case_id)),
        supervisions: grouped(supervised, |row: &SupervisionRow| Some(row.case_id)),
        notices: grouped(told, |row: &NoticeRow| row.case_id),
        replied: replied.into_iter().collect(),
        staff: staff.into_iter().collect(),
    })
}

fn grouped<T>(rows: Vec<T>, of: impl Fn(&T) -> Option<i64>) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        if let Some(case) = of(&row) {
            groups.entry(case).or_default().push(row);
        }
    }
    groups
}

impl Everything {
    fn of(&self, city: &City, row: &CaseRow, receipt: String, now: Timestamp) -> Result<CaseSeen, StoreError> {
        let facts = row.facts()?;
        let clocks = self.clocks.get(&row.id).map_or(&[][..], Vec::as_slice);
        let supervised = self.supervisions.get(&row.id).map_or(&[][..], Vec::as_slice);
        let told = self.notices.get(&row.id).map_or(&[][..], Vec::as_slice);
        let text = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
        Ok(CaseSeen {
            receipt,
            kind: row.kind.clone(),
            state: row.state.clone(),
            outcome: text(&row.outcome),
            cycle: row.cycle,
            redos: row.redo_count,
            returns: row.return_count,
            dispatches: row.dispatch_count,
            tier: row.tier,
            unit: text(&row.lead_unit),
            clocks: clocks
                .iter()
                .map(|clock| (clock.kind.clone(), Timestamp(clock.due_at)))
                .collect(),
            supervisions: supervised
                .iter()
                .map(|one| {
                    (
                        one.tier.clone(),
                        one.cause.clone(),
                        Timestamp(one.due_at),
                        text(&one.result),
                    )
                })
                .collect(),
            told: told.iter().map(|notice| self.told(row, notice)).collect(),
            was_late: clocks.iter().any(|clock| was_late(city, &facts, clock, now)),
            answer: self.answer(row, &facts, now),
        })
    }

    fn told(&self, case: &CaseRow, notice: &NoticeRow) -> Told {
        let to = match self.staff.get(&notice.recipient_id) {
            Some(username) => username.clone(),
            None if case.requester_id == Some(notice.recipient_id) => "requester".to_owned(),
            None => notice.recipient_id.to_string(),
        };
        Told {
            to,
            topic: notice.topic.clone(),
            body: notice.body.clone(),
            minute: made_at(notice.id).0 / 60_000_000,
        }
    }

    fn answer(&self, row: &CaseRow, facts: &CaseFacts, now: Timestamp) -> Option<Answer> {
        if self.replied.contains(&row.id) {
            return Some(Answer::Reply);
        }
        match facts.state {
            CaseState::NotAccepted => Some(Answer::Refusal),
            CaseState::HandedOff => Some(Answer::HandOff),
            CaseState::Withdrawn | CaseState::Merged | CaseState::Closed | CaseState::NeedsInformation => {
                Some(Answer::NothingOwed)
            }
            _ if facts.memory.supervision.is_some() => Some(Answer::Supervision),
            _ => (!is_late(facts, now)).then_some(Answer::InTime),
        }
    }
}

/// Somebody had to act within this limit, and the red card came before the act.
fn was_late(city: &City, facts: &CaseFacts, clock: &ClockRow, now: Timestamp) -> bool {
    let Ok(kind) = clock.kind.parse::<ClockKind>() else {
        return false;
    };
    let red = city
        .policy
        .red_at(&city.calendar, facts.urgency, Timestamp(clock.due_at));
    watched(kind) && clock.stopped_at.unwrap_or(now.0) >= red.0
}
