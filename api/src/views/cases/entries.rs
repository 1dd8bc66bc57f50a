//! The parts of a case as its requester reads them: timeline, orders, replies, photos, ratings. What colleagues write to each
//! other is left out, and of a case that others share what is between its own requester and the hotline.

use shared::{
    contract::{
        case::{CaseEventView, CaseOrderView, CasePhotoView, CaseRatingView, CaseReplyView},
        public_case::NamedCode,
    },
    domain::{
        case::{Action, rating::Resolved},
        id::{EventId, OrderId, ReplyId},
        time::Timestamp,
    },
};

use crate::{
    city::City,
    database::{StoreError, ids::made_at},
    stores::{
        order_store::WorkOrderRow, parse_word, photo_store::CasePhotoRow, rating_store::RatingRow,
        reply_store::ReplyRow, timeline_store::CaseEventRow,
    },
    views::case_parts,
};

/// Acts that brought a case where it is handled: each who shares it has such entries of his own.
const OF_EACH: &[Action] = &[Action::Submit, Action::Merge, Action::Split];
/// Acts with words of the requester's own.
const OWN_WORDS: &[Action] = &[
    Action::SupplyInformation,
    Action::AddInformation,
    Action::AppealRefusal,
    Action::Reopen,
    Action::Withdraw,
];
/// Purposes of photos that those merged under a case see too: what units show.
const OF_UNITS: &[&str] = &["progress", "reply_before", "reply_after"];

pub(super) fn unit(city: &City, code: &str) -> NamedCode {
    NamedCode {
        code: code.to_owned(),
        name: city.unit_name(code).to_owned(),
    }
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

fn grade(number: i64) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

/// The entries that have a sentence for the requester; of the primary those that concern everybody who shares it, in the
/// words for everybody.
pub(super) fn events(
    rows: &[CaseEventRow],
    requester: Option<i64>,
    of_primary: bool,
) -> Result<Vec<CaseEventView>, StoreError> {
    let mut views = Vec::new();
    for row in rows.iter().filter(|row| row.audience != "staff") {
        let action: Action = parse_word("case_events.action", &row.action)?;
        let words = if of_primary {
            &row.public_sentence
        } else {
            &row.sentence
        };
        let Some(sentence) = words.clone().filter(|_| !of_primary || !OF_EACH.contains(&action)) else {
            continue;
        };
        let own = !of_primary && row.actor_id.is_some() && row.actor_id == requester;
        views.push(CaseEventView {
            id: EventId(row.id),
            at: made_at(row.id),
            action,
            state: parse_word("case_events.state_after", &row.state_after)?,
            sentence,
            text: own_words(row).filter(|_| own && OWN_WORDS.contains(&action)),
            of_primary,
        });
    }
    Ok(views)
}

fn own_words(row: &CaseEventRow) -> Option<String> {
    let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
    detail.get("text")?.as_str().map(str::to_owned)
}

/// The question that the case waits to have answered.
pub(super) fn question(rows: &[CaseEventRow]) -> Option<String> {
    let asked = rows.iter().rfind(|row| row.action == Action::AskInformation.as_str())?;
    let detail: serde_json::Value = serde_json::from_str(&asked.detail).ok()?;
    detail.get("question")?.as_str().map(str::to_owned)
}

pub(super) fn order(city: &City, row: &WorkOrderRow) -> CaseOrderView {
    CaseOrderView {
        id: OrderId(row.id),
        unit: unit(city, &row.unit),
        leads: row.role == "lead",
        cycle: small(row.cycle),
        dispatched_at: made_at(row.id),
        signed_at: row.signed_at.map(Timestamp),
        contacted_at: row.contacted_at.map(Timestamp),
        finished_at: row.finished_at.map(Timestamp),
    }
}

/// The replies that were released.
pub(super) fn replies(rows: &[ReplyRow]) -> Vec<CaseReplyView> {
    let released = rows.iter().filter(|row| row.state == "released");
    released
        .map(|row| CaseReplyView {
            id: ReplyId(row.id),
            text: row.body.clone(),
            outcome: row.outcome.parse().ok(),
            cycle: small(row.cycle),
            article: row.article.clone(),
            replied_at: row.released_at.map(Timestamp),
        })
        .collect()
}

/// The photos that the requester may see: his own, those of progress that he may read, and those of released replies.
pub(super) fn photos(
    rows: &[CasePhotoRow],
    events: &[CaseEventView],
    replies: &[CaseReplyView],
    of_primary: bool,
) -> Vec<CasePhotoView> {
    let shown = |row: &&CasePhotoRow| {
        if OF_UNITS.contains(&row.purpose.as_str()) {
            events.iter().any(|event| event.id.0 == row.subject_id)
                || replies.iter().any(|reply| reply.id.0 == row.subject_id)
        } else {
            !of_primary
        }
    };
    rows.iter().filter(shown).map(case_parts::photo).collect()
}

/// The ratings of the case's own requester, and those that a clerk wrote down for him.
pub(super) fn ratings(rows: &[RatingRow], requester: Option<i64>) -> Result<Vec<CaseRatingView>, StoreError> {
    let own = rows
        .iter()
        .filter(|row| row.by_proxy || Some(row.rated_by) == requester);
    own.map(|row| {
        Ok(CaseRatingView {
            cycle: small(row.cycle),
            grade: grade(row.grade),
            resolved: parse_word::<Resolved>("ratings.resolved", &row.resolved)?,
            attitude: row.attitude.map(grade),
            speed: row.speed.map(grade),
            comment: row.comment.clone(),
            rated_at: made_at(row.id),
            by_proxy: row.by_proxy,
        })
    })
    .collect()
}
