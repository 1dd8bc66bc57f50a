//! The seal of an archived case: one hash over its words and everything that was done with it. Who may see the case, and who
//! asked, is left out: both may still change when a resident takes a consent back or closes the account.

use serde_json::json;
use sha2::{Digest, Sha256};
use shared::domain::{case::CaseState, hexadecimal::lower_hex};

use super::{case_parts_store::CaseParts, case_store::CaseRow};

/// SHA-256 in hexadecimal. The same before and after the archiving, whose own entry it leaves out.
#[must_use]
pub fn seal(row: &CaseRow, parts: &CaseParts) -> String {
    let earlier = |state: &str| state != CaseState::Archived.as_str();
    let events = parts
        .events
        .iter()
        .filter(|event| earlier(&event.state_after))
        .map(|event| {
            json!([
                event.id,
                event.order_id,
                event.cycle,
                event.action,
                event.actor_id,
                event.actor_role,
                event.actor_unit,
                event.state_before,
                event.state_after,
                event.audience,
                event.sentence,
                event.public_sentence,
                event.detail
            ])
        });
    let orders = parts.orders.iter().map(|order| {
        json!([
            order.id,
            order.cycle,
            order.role,
            order.unit,
            order.handler_id,
            order.stage,
            order.dispatched_by,
            order.reason,
            order.signed_at,
            order.deemed_signed,
            order.contacted_at,
            order.finished_at,
            order.due_at
        ])
    });
    let replies = parts.replies.iter().map(|reply| {
        json!([
            reply.id,
            reply.order_id,
            reply.cycle,
            reply.body,
            reply.outcome,
            reply.root_cause,
            reply.article,
            reply.article_version,
            reply.written_by,
            reply.reviewed_by,
            reply.state,
            reply.released_at
        ])
    });
    let ratings = parts.ratings.iter().map(|rating| {
        json!([
            rating.id,
            rating.cycle,
            rating.grade,
            rating.resolved,
            rating.attitude,
            rating.speed,
            rating.comment,
            rating.rated_by,
            rating.by_proxy
        ])
    });
    let photos = parts.photos.iter();
    let photos = photos.map(|photo| json!([photo.id, photo.sha256, photo.purpose, photo.subject_id]));
    let content = json!({
        "form": 1,
        "case": [
            row.id, row.channel, row.kind, row.category, row.region, row.place, row.title, row.body, row.answers,
            row.urgency, row.cycle, row.redo_count, row.return_count, row.dispatch_count, row.designated, row.lead_unit,
            row.outcome,
        ],
        "events": events.collect::<Vec<_>>(),
        "orders": orders.collect::<Vec<_>>(),
        "replies": replies.collect::<Vec<_>>(),
        "ratings": ratings.collect::<Vec<_>>(),
        "photos": photos.collect::<Vec<_>>(),
    });
    lower_hex(&Sha256::digest(content.to_string().as_bytes()))
}
