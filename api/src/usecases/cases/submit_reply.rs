//! Row 20: the handler writes the reply with its evidence; it waits for the leader's signature.

use std::sync::Arc;

use serde::Serialize;
use shared::domain::{
    case::{Action, CaseKind, Outcome, Particulars, RootCause},
    category::Evidence,
    photo::PhotoPurpose,
};

use super::{
    order_of::act_on,
    perform::{Scene, StepOutcome, perform},
    step::{Act, Stepped},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::reply_store::{self, ReplyRow},
    usecases::{
        photos::{expect_photos, parse_hashes},
        words::{BODY_LIMIT, text},
    },
};

/// The reply.
#[derive(Debug, Clone, Serialize)]
pub struct SubmitReply {
    /// The words.
    pub text: String,
    /// What was achieved.
    pub outcome: Outcome,
    /// Why it was broken or missing.
    pub root_cause: RootCause,
    /// SHA-256 of photos from before the work.
    pub photos_before: Vec<String>,
    /// SHA-256 of photos from after the work.
    pub photos_after: Vec<String>,
}

/// Submits the reply for signature.
///
/// # Errors
/// A missing or too long text, an outcome that is not the unit's to claim, missing photos; what the rules refuse.
pub async fn submit_reply(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    request: SubmitReply,
) -> Result<StepOutcome, Failure> {
    let act = ("order.submit_reply", Action::SubmitReply);
    bring_reply(services, actor, context, act, order_id, request).await
}

/// An act that brings a reply.
pub(super) async fn bring_reply(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    (operation, action): (&'static str, Action),
    order_id: i64,
    request: SubmitReply,
) -> Result<StepOutcome, Failure> {
    let words = text("text", &request.text, BODY_LIMIT)?;
    told_apart(&request)?;
    let asked = (order_id, request.clone());
    perform(services, actor, context, operation, &asked, move |scene| {
        let (_, act) = act_on(scene, order_id, action)?;
        let act = Act {
            particulars: Particulars {
                claimed_outcome: Some(request.outcome),
                ..Particulars::default()
            },
            detail: serde_json::json!({
                "outcome": request.outcome.as_str(), "root_cause": request.root_cause.as_str(),
            }),
            ..act
        };
        let stepped = scene.take(&act)?;
        claimable(request.outcome, stepped.facts.kind)?;
        evidence(scene, &stepped, &request)?;
        keep(scene, &stepped, order_id, &words, &request)?;
        Ok(StepOutcome::from(&stepped))
    })
    .await
}

/// What a unit may say of its own work: mediation and missing information are ended by others.
fn claimable(outcome: Outcome, kind: CaseKind) -> Result<(), Failure> {
    let fits = match outcome {
        Outcome::Resolved | Outcome::PartlyResolved | Outcome::Explained | Outcome::Answered => true,
        Outcome::Adopted | Outcome::NotAdopted => kind == CaseKind::Suggestion,
        Outcome::Mediated | Outcome::Incomplete => false,
    };
    if fits {
        Ok(())
    } else {
        Err(Failure::invalid("outcome", "这类诉求不能这样填写办理结果"))
    }
}

/// A photograph shows how it was before the work or after it.
fn told_apart(request: &SubmitReply) -> Result<(), Failure> {
    let before = parse_hashes("photos_before", &request.photos_before)?;
    let after = parse_hashes("photos_after", &request.photos_after)?;
    if after.iter().any(|photo| before.contains(photo)) {
        return Err(Failure::invalid(
            "photos_after",
            "同一张照片不能既是办理前的又是办理后的",
        ));
    }
    Ok(())
}

fn evidence(scene: &Scene<'_, '_>, stepped: &Stepped, request: &SubmitReply) -> Result<(), Failure> {
    let category = stepped.row.category.as_deref();
    let wanted = category
        .and_then(|code| scene.city.categories.get(code))
        .map(|category| category.evidence);
    match wanted.unwrap_or_default() {
        Evidence::BeforeAndAfterPhotos if request.photos_before.is_empty() => {
            Err(Failure::invalid("photos_before", "这类诉求的答复要附办理前的照片"))
        }
        Evidence::AfterPhoto | Evidence::BeforeAndAfterPhotos if request.photos_after.is_empty() => {
            Err(Failure::invalid("photos_after", "这类诉求的答复要附办理后的照片"))
        }
        _ => Ok(()),
    }
}

fn keep(
    scene: &mut Scene<'_, '_>,
    stepped: &Stepped,
    order_id: i64,
    words: &str,
    request: &SubmitReply,
) -> Result<(), Failure> {
    let (case_id, written_by) = (stepped.row.id, scene.actor_id()?);
    // A text whose signature nobody gave in time makes room for this one.
    reply_store::set_reviewed(scene.transaction, case_id, "sent_back", None, None)?;
    let id = scene.services.next_id();
    scene.transaction.append(ReplyRow {
        id,
        version: 1,
        case_id,
        order_id: Some(order_id),
        cycle: i64::from(stepped.facts.cycle),
        body: words.to_owned(),
        outcome: request.outcome.as_str().to_owned(),
        root_cause: request.root_cause.as_str().to_owned(),
        article: None,
        article_version: None,
        written_by,
        reviewed_by: None,
        state: "to_review".to_owned(),
        released_at: None,
    });
    for (purpose, hashes) in [
        (PhotoPurpose::ReplyBefore, &request.photos_before),
        (PhotoPurpose::ReplyAfter, &request.photos_after),
    ] {
        expect_photos(
            scene.transaction,
            scene.services,
            case_id,
            id,
            written_by,
            purpose,
            hashes,
        )?;
    }
    Ok(())
}
