//! What moderators see: the cases that wait for them, and all of one case that may become public, with proposed masks.

use shared::{
    contract::{
        moderation::{
            LatestDecision, ModerationEntry, ModerationView, PhotoToModerate, ProposedText, ReplyToModerate,
            ReportToModerate,
        },
        paging::{PageQuery, PageView},
        problem::ProblemCode,
    },
    domain::{receipt::ReceiptCodec, redaction, role::Role},
};

use crate::{
    access::{Actor, viewpoint::actor_facts},
    city::City,
    database::{StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        parse_word,
        publication_store::{self, ModeratedPhoto, PublicationRow, REPORT},
        reply_store::{self, ReplyRow},
    },
    views::public::face,
};

/// Rows looked at for one page: a moderator's scope may pass over many.
const LOOKED_AT: i64 = 500;

/// Cases that wait for a moderator, oldest first.
///
/// # Errors
/// `Forbidden` for who is no moderator; `Malformed` for a cursor that is none; `Busy`.
pub async fn list_to_moderate(
    services: &Services,
    actor: &Actor,
    page: &PageQuery,
) -> Result<PageView<ModerationEntry>, Failure> {
    if !is_moderator_somewhere(actor) {
        return Err(ProblemCode::Forbidden.into());
    }
    let after: i64 = page
        .after
        .as_deref()
        .map_or(Ok(0), str::parse)
        .map_err(|_| ProblemCode::Malformed)?;
    let wanted = page.wanted() as usize;
    let (city, receipts, actor) = (services.city(), services.receipts.clone(), actor.clone());
    services
        .database
        .readers
        .read(move |connection| {
            let rows = publication_store::list_pending(connection, after, LOOKED_AT).map_err(StoreError::from)?;
            let full = i64::try_from(rows.len()).is_ok_and(|count| count == LOOKED_AT);
            let last = rows.last().map(|row| row.id).filter(|_| full);
            let reached: Vec<CaseRow> = rows
                .into_iter()
                .filter(|row| row.is_public() && may_moderate(&city, &actor, row))
                .take(wanted + 1)
                .collect();
            let more = reached.len() > wanted;
            let items: Result<Vec<_>, Failure> = reached
                .iter()
                .take(wanted)
                .map(|row| entry(&city, &receipts, row))
                .collect();
            let next = if more {
                reached.get(wanted.saturating_sub(1)).map(|row| row.id)
            } else {
                last
            };
            Ok(PageView {
                items: items?,
                next: next.map(|id| id.to_string()),
            })
        })
        .await
}

/// All of a case that may become public: four statements.
///
/// # Errors
/// `NotFound` for a case beyond the moderator's reach or not public; `Busy`.
pub async fn case_to_moderate(services: &Services, actor: &Actor, id: i64) -> Result<ModerationView, Failure> {
    let (city, receipts, actor) = (services.city(), services.receipts.clone(), actor.clone());
    services
        .database
        .readers
        .read(move |connection| {
            let row = case_store::get_case(connection, id).map_err(StoreError::from)?;
            if !row.is_public() || !may_moderate(&city, &actor, &row) {
                return Err(ProblemCode::NotFound.into());
            }
            let replies = reply_store::list_replies(connection, id).map_err(StoreError::from)?;
            let decided = publication_store::list_latest(connection, id).map_err(StoreError::from)?;
            let photos = publication_store::list_photos_to_moderate(connection, id).map_err(StoreError::from)?;
            let decided: Vec<PublicationRow> = decided.into_iter().map(|(decision, _)| decision).collect();
            show(&city, &receipts, &row, &replies, &decided, &photos)
        })
        .await
}

fn is_moderator_somewhere(actor: &Actor) -> bool {
    matches!(actor, Actor::Staff(staff) if staff.grants.iter().any(|grant| grant.role == Role::Moderator))
}

fn may_moderate(city: &City, actor: &Actor, row: &CaseRow) -> bool {
    actor_facts(city, actor, row, None).roles.contains(&Role::Moderator)
}

/// A case as the moderators' list and the search of staff show it.
pub(super) fn entry(city: &City, receipts: &ReceiptCodec, row: &CaseRow) -> Result<ModerationEntry, Failure> {
    Ok(ModerationEntry {
        receipt_no: receipts.write(row.id),
        kind: parse_word("cases.kind", &row.kind)?,
        category: face::category(city, row),
        county: face::county(city, row),
        state: parse_word("cases.state", &row.state)?,
        title: row.title.clone(),
        received_at: made_at(row.id),
    })
}

fn show(
    city: &City,
    receipts: &ReceiptCodec,
    row: &CaseRow,
    replies: &[ReplyRow],
    decided: &[PublicationRow],
    photos: &[ModeratedPhoto],
) -> Result<ModerationView, Failure> {
    let report = decided.iter().find(|decision| decision.subject == REPORT);
    let of_reply = |id: i64| {
        decided
            .iter()
            .find(move |decision| decision.subject != REPORT && decision.subject_id == id)
    };
    Ok(ModerationView {
        entry: entry(city, receipts, row)?,
        version: row.version,
        publication: row.publication.clone(),
        report: ReportToModerate {
            title: proposed(&row.title),
            text: proposed(&row.body),
            decision: report.map(latest),
        },
        replies: replies
            .iter()
            .filter(|reply| reply.state == publication_store::RELEASED)
            .map(|reply| ReplyToModerate {
                id: reply.id.to_string(),
                text: proposed(&reply.body),
                decision: of_reply(reply.id).map(latest),
            })
            .collect(),
        photos: photos
            .iter()
            .filter_map(|photo| photo.photo.as_ref().map(|file| (photo, file.id)))
            .map(|(photo, file)| PhotoToModerate {
                id: photo.named.id.to_string(),
                purpose: photo.named.purpose.clone(),
                state: photo.named.publication.clone(),
                display: format!("/api/v1/photos/{file}/display"),
                thumbnail: format!("/api/v1/photos/{file}/thumbnail"),
            })
            .collect(),
    })
}

fn proposed(text: &str) -> ProposedText {
    ProposedText {
        text: text.to_owned(),
        proposed: redaction::propose(text),
    }
}

fn latest(row: &PublicationRow) -> LatestDecision {
    LatestDecision {
        released: row.is_released(),
        title: row.title.clone(),
        text: row.body.clone(),
        reason: row.reason.clone(),
        at: made_at(row.id),
    }
}
