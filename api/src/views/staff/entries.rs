//! The parts of a case in the words of the staff's view: timeline, orders, clocks, replies, ratings, photos.

use std::collections::BTreeMap;

use shared::{
    contract::staff_case::{ClockView, StaffEventView, StaffOrderView, StaffRatingView, StaffReplyView},
    domain::{
        case::{Action, CaseState},
        id::{AccountId, EventId, OrderId, ReplyId},
        role::Role,
        time::Timestamp,
    },
};

use super::{Hurry, due_state};
use crate::{
    city::City,
    database::{DbConnection, StoreError, ids::made_at},
    stores::{
        clock_store::ClockRow, order_store::WorkOrderRow, parse_word, rating_store::RatingRow, reply_store::ReplyRow,
        timeline_store::CaseEventRow,
    },
};

/// Names of members of staff by account.
pub(super) type Names = BTreeMap<i64, String>;

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

fn grade(number: i64) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

/// The timeline. Residents are named by their role alone.
pub(super) fn events(city: &City, names: &Names, rows: &[CaseEventRow]) -> Result<Vec<StaffEventView>, StoreError> {
    let view = |row: &CaseEventRow| {
        let action: Action = parse_word("case_events.action", &row.action)?;
        let state: CaseState = parse_word("case_events.state_after", &row.state_after)?;
        let role: Role = parse_word("case_events.actor_role", &row.actor_role)?;
        Ok(StaffEventView {
            id: EventId(row.id),
            at: made_at(row.id),
            action,
            action_name: action.name_zh().to_owned(),
            role: role.name_zh().to_owned(),
            unit_name: row.actor_unit.as_deref().map(|code| city.unit_name(code).to_owned()),
            by: row.actor_id.and_then(|id| names.get(&id).cloned()),
            cycle: small(row.cycle),
            state,
            sentence: row.sentence.clone(),
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        })
    };
    rows.iter().map(view).collect()
}

/// A work order.
pub(super) fn order(city: &City, names: &Names, row: &WorkOrderRow) -> StaffOrderView {
    StaffOrderView {
        id: OrderId(row.id),
        cycle: small(row.cycle),
        role: row.role.clone(),
        unit: row.unit.clone(),
        unit_name: city.unit_name(&row.unit).to_owned(),
        handler: row.handler_id.map(AccountId),
        handler_name: row.handler_id.and_then(|id| names.get(&id).cloned()),
        stage: row.stage.clone(),
        reason: row.reason.clone(),
        dispatched_at: made_at(row.id),
        signed_at: row.signed_at.map(Timestamp),
        deemed_signed: row.deemed_signed,
        contacted_at: row.contacted_at.map(Timestamp),
        finished_at: row.finished_at.map(Timestamp),
        due: row.due_at.map(Timestamp),
    }
}

/// The running clocks.
pub(super) fn clocks(
    connection: &mut DbConnection,
    city: &City,
    hurry: &Hurry<'_>,
    rows: &[ClockRow],
) -> Result<Vec<ClockView>, StoreError> {
    let view = |row: &ClockRow| {
        Ok(ClockView {
            kind: parse_word("clocks.kind", &row.kind)?,
            started_at: Timestamp(row.started_at),
            due: Timestamp(row.due_at),
            due_state: due_state(connection, city, hurry, row)?,
            provisional: row.provisional,
        })
    };
    rows.iter().map(view).collect()
}

/// The replies.
pub(super) fn replies(names: &Names, rows: &[ReplyRow]) -> Result<Vec<StaffReplyView>, StoreError> {
    let view = |row: &ReplyRow| {
        Ok(StaffReplyView {
            id: ReplyId(row.id),
            cycle: small(row.cycle),
            text: row.body.clone(),
            outcome: parse_word("replies.outcome", &row.outcome)?,
            root_cause: parse_word("replies.root_cause", &row.root_cause)?,
            article: row.article.clone(),
            article_version: row.article_version,
            written_by: names.get(&row.written_by).cloned(),
            reviewed_by: row.reviewed_by.and_then(|id| names.get(&id).cloned()),
            state: row.state.clone(),
            written_at: made_at(row.id),
            released_at: row.released_at.map(Timestamp),
        })
    };
    rows.iter().map(view).collect()
}

/// A rating.
pub(super) fn rating(row: &RatingRow) -> StaffRatingView {
    StaffRatingView {
        cycle: small(row.cycle),
        grade: grade(row.grade),
        resolved: row.resolved.clone(),
        attitude: row.attitude.map(grade),
        speed: row.speed.map(grade),
        comment: row.comment.clone(),
        by_proxy: row.by_proxy,
        at: made_at(row.id),
    }
}
