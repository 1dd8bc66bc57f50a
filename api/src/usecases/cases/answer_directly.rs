//! Row 9: a clerk answers an inquiry at once, from a knowledge article that holds today.

use std::sync::Arc;

use shared::domain::{
    case::{Action, Outcome, Particulars, RootCause},
    knowledge::KnowledgeArticle,
};

use super::{
    perform::{Scene, StepOutcome, perform},
    step::{Act, Stepped},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::{
        outbox_store::{OutboxRow, Task},
        reply_store::ReplyRow,
    },
    usecases::words::{BODY_LIMIT, optional_text},
};

/// Answers the inquiry.
///
/// # Errors
/// An unknown or ended article; a too long text; what the rules refuse.
pub async fn answer_directly(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    article: &str,
    words: Option<&str>,
) -> Result<StepOutcome, Failure> {
    let city = services.city();
    let today = services.now().city_date();
    let cited = city.knowledge.get(article).filter(|article| article.holds_on(today));
    let Some(cited) = cited else {
        return Err(Failure::invalid("article", "知识库没有这一条，或者已经过期"));
    };
    let body = answer(optional_text("text", words, BODY_LIMIT)?.as_deref(), cited);
    let id = cited.id.clone();
    perform(
        services,
        actor,
        context,
        "case.answer_directly",
        &(case_id, article, words),
        move |scene| {
            let act = Act {
                particulars: Particulars {
                    article: Some(id.clone()),
                    ..Particulars::default()
                },
                detail: serde_json::json!({ "article": id }),
                ..Act::new(case_id, Action::AnswerDirectly)
            };
            let stepped = scene.take(&act)?;
            keep(scene, &stepped, &body, &id)?;
            Ok(StepOutcome::from(&stepped))
        },
    )
    .await
}

/// The clerk's words, then question, answer, basis and validity of the article as they are today.
fn answer(words: Option<&str>, article: &KnowledgeArticle) -> String {
    let until = article.valid_to.map_or_else(
        || "长期有效".to_owned(),
        |last| format!("有效期至{}", last.format("%Y年%-m月%-d日")),
    );
    let words = words.map(|words| format!("{words}\n\n")).unwrap_or_default();
    let KnowledgeArticle {
        question,
        answer,
        basis,
        ..
    } = article;
    format!("{words}问：{question}\n答：{answer}\n依据：{basis}（{until}）")
}

fn keep(scene: &mut Scene<'_, '_>, stepped: &Stepped, body: &str, article: &str) -> Result<(), Failure> {
    let now = scene.services.now();
    let written_by = scene.actor_id()?;
    scene.transaction.append(ReplyRow {
        id: scene.services.next_id(),
        version: 1,
        case_id: stepped.row.id,
        order_id: None,
        cycle: i64::from(stepped.facts.cycle),
        body: body.to_owned(),
        outcome: Outcome::Answered.as_str().to_owned(),
        root_cause: RootCause::Other.as_str().to_owned(),
        article: Some(article.to_owned()),
        written_by,
        reviewed_by: None,
        state: "released".to_owned(),
        released_at: Some(now.0),
    });
    let index = scene.services.next_id();
    scene.transaction.append(OutboxRow::new(
        index,
        Task::IndexCase,
        stepped.row.id,
        "{}".to_owned(),
        now,
    ));
    Ok(())
}
