//! Row 9: a clerk answers an inquiry at once, from a knowledge article that holds today. The reply names the version that it cites.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{Action, Outcome, Particulars, RootCause},
        knowledge::KnowledgeArticle,
    },
};

use super::{
    perform::{Scene, StepOutcome, perform},
    step::{Act, Stepped},
};
use crate::{
    access::{Actor, RequestContext},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{
        knowledge_store,
        outbox_store::{OutboxRow, Task},
        reply_store::ReplyRow,
    },
    usecases::words::{BODY_LIMIT, optional_text},
};

/// Answers the inquiry.
///
/// # Errors
/// `Invalid` for an unknown article or a too long text; `ArticleNotInForce`; what the rules refuse.
pub async fn answer_directly(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    article: &str,
    words: Option<&str>,
) -> Result<StepOutcome, Failure> {
    let (id, own_words) = (article.to_owned(), optional_text("text", words, BODY_LIMIT)?);
    perform(
        services,
        actor,
        context,
        "case.answer_directly",
        &(case_id, article, words),
        move |scene| {
            let (cited, version) = citable(scene, &id)?;
            let act = Act {
                particulars: Particulars {
                    article: Some(id.clone()),
                    ..Particulars::default()
                },
                detail: serde_json::json!({ "article": id, "article_version": version }),
                ..Act::new(case_id, Action::AnswerDirectly)
            };
            let stepped = scene.take(&act)?;
            keep(scene, &stepped, answer(own_words.as_deref(), &cited), (&id, version))?;
            Ok(StepOutcome::from(&stepped))
        },
    )
    .await
}

/// The article and its present version, which must hold today.
fn citable(scene: &mut Scene<'_, '_>, id: &str) -> Result<(KnowledgeArticle, i64), Failure> {
    let found = scene
        .transaction
        .read(|connection| knowledge_store::get_article(connection, id));
    let (row, version) = found.map_err(|error| match error {
        StoreError::NotFound => Failure::invalid("article", "知识库没有这一条"),
        other => other.into(),
    })?;
    let article = version.article(&row.code)?;
    if row.is_retired || !article.holds_on(scene.services.now().city_date()) {
        return Err(ProblemCode::ArticleNotInForce.into());
    }
    Ok((article, row.version))
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

fn keep(
    scene: &mut Scene<'_, '_>,
    stepped: &Stepped,
    body: String,
    (article, version): (&str, i64),
) -> Result<(), Failure> {
    let now = scene.services.now();
    let written_by = scene.actor_id()?;
    scene.transaction.append(ReplyRow {
        id: scene.services.next_id(),
        version: 1,
        case_id: stepped.row.id,
        order_id: None,
        cycle: i64::from(stepped.facts.cycle),
        body,
        outcome: Outcome::Answered.as_str().to_owned(),
        root_cause: RootCause::Other.as_str().to_owned(),
        article: Some(article.to_owned()),
        article_version: Some(version),
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
