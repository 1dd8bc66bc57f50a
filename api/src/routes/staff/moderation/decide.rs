//! A moderator's decision.

use actix_web::{post, web};
use shared::contract::moderation::{
    BOXES_MAX, ModerateRequest, ModeratedView, PhotoDecision, REASON_MAX, ReplyDecision, ReportDecision, Verdict,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    errors::Failure,
    routes::{
        answer::{Answer, Given, versioned},
        receipts::case_of,
    },
    usecases::moderation::{Decisions, PhotoVerdict, ReplyVerdict, ReportVerdict, moderate_case},
};

/// Replies or photos decided at once.
const PARTS_MAX: usize = 100;

/// Releases, masks, blurs or refuses
///
/// Each part for itself; what is not named stays as it is. The originals are never changed. Takes effect at once.
#[utoipa::path(tag = "moderation", operation_id = "moderate_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The receipt number")),
    responses((status = 200, description = "What came of it", body = ModeratedView)))]
#[post("/api/v1/staff/moderation/{receipt_no}")]
pub(crate) async fn moderate(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt: web::Path<String>,
    request: web::Json<ModerateRequest>,
) -> Answer {
    let id = case_of(&services, &receipt)?;
    let decisions = parse(request.into_inner())?;
    let done = moderate_case(&services, &Actor::Staff(staff.0), &context, id, decisions).await?;
    let view = ModeratedView {
        receipt_no: services.receipts.write(done.id),
        version: done.version,
        publication: done.publication,
    };
    versioned(view.version, view)
}

fn parse(request: ModerateRequest) -> Result<Decisions, Failure> {
    if request.replies.len() > PARTS_MAX || request.photos.len() > PARTS_MAX {
        return Err(Failure::invalid("photos", format!("一次最多 {PARTS_MAX} 项")));
    }
    let decisions = Decisions {
        report: request.report.map(report).transpose()?,
        replies: request.replies.into_iter().map(reply).collect::<Result<_, _>>()?,
        photos: request.photos.iter().map(photo).collect::<Result<_, _>>()?,
    };
    let twice = |ids: Vec<i64>| ids.iter().collect::<std::collections::BTreeSet<_>>().len() != ids.len();
    if twice(decisions.replies.iter().map(|verdict| verdict.id).collect())
        || twice(decisions.photos.iter().map(|verdict| verdict.id).collect())
    {
        return Err(Failure::invalid("id", "同一项只能决定一次"));
    }
    Ok(decisions)
}

fn report(decision: ReportDecision) -> Result<ReportVerdict, Failure> {
    Ok(ReportVerdict {
        release: decision.verdict == Verdict::Release,
        reason: reason("report.reason", decision.verdict, decision.reason)?,
        title_masks: decision.title_masks,
        text_masks: decision.text_masks,
    })
}

fn reply(decision: ReplyDecision) -> Result<ReplyVerdict, Failure> {
    Ok(ReplyVerdict {
        id: id("replies.id", &decision.id)?,
        release: decision.verdict == Verdict::Release,
        reason: reason("replies.reason", decision.verdict, decision.reason)?,
        masks: decision.masks,
    })
}

fn photo(decision: &PhotoDecision) -> Result<PhotoVerdict, Failure> {
    if decision.blur.len() > BOXES_MAX {
        return Err(Failure::invalid(
            "photos.blur",
            format!("一张照片最多 {BOXES_MAX} 个方框"),
        ));
    }
    Ok(PhotoVerdict {
        id: id("photos.id", &decision.id)?,
        release: decision.verdict == Verdict::Release,
        blur: decision
            .blur
            .iter()
            .map(|marked| [marked.x, marked.y, marked.width, marked.height])
            .collect(),
    })
}

fn id(field: &'static str, text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::invalid(field, "编号不对"))
}

/// A refusal says why; a release does not need to.
fn reason(field: &'static str, verdict: Verdict, reason: Option<String>) -> Result<Option<String>, Failure> {
    let reason = reason
        .map(|words| words.trim().to_owned())
        .filter(|words| !words.is_empty());
    let fits = |words: &String| words.chars().count() <= REASON_MAX && !words.chars().any(char::is_control);
    match (verdict, reason) {
        (Verdict::Refuse, None) => Err(Failure::invalid(field, "不公开要写明原因")),
        (_, Some(words)) if !fits(&words) => Err(Failure::invalid(field, format!("最多 {REASON_MAX} 个字"))),
        (_, reason) => Ok(reason),
    }
}
