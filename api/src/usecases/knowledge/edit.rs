//! Knowledge editors write, change and retire articles. Each change is a new version under guard of the one that was read; what was said
//! before stays, since replies cite it. Every change is in the audit trail.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        category::Category,
        knowledge::{ANSWER_LIMIT, BASIS_LIMIT, KnowledgeArticle, MOST_WORDS, QUESTION_LIMIT, WORD_LIMIT},
        role::{Reach, Role},
    },
};

use crate::{
    access::{Actor, RequestContext, StaffActor},
    city::City,
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::knowledge_store::{self, NewVersion},
    usecases::{
        audit::{self, Act},
        idempotency,
        words::{REASON_LIMIT, short_and_there, text},
    },
};

/// Writes a new article; answers its id.
///
/// # Errors
/// `Forbidden` for all but knowledge editors whose grant reaches the owner; `Invalid` for words out of bounds, an unknown owner or
/// category, and days that do not follow each other or are over.
pub async fn create(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    words: &KnowledgeArticle,
) -> Result<String, Failure> {
    actor.needs(Role::KnowledgeEditor)?;
    let city = services.city();
    let article = checked(&city, words, services.now().city_date())?;
    reaches(&city, &actor, &article.owner_unit)?;
    let (shared, context_, asked) = (Arc::clone(services), context.clone(), article.clone());
    let code = idempotency::once(
        services,
        actor.id,
        context,
        "knowledge_article.create",
        &asked,
        move |transaction| {
            let id = shared.next_id();
            let new = NewVersion {
                article: &article,
                retired_because: None,
                changed_by: Some(actor.id),
                changed_at: shared.now(),
            };
            knowledge_store::add_article(transaction, id, id.to_string(), &new)?;
            record(
                &shared,
                transaction,
                &actor,
                &context_,
                "knowledge_article.create",
                (id, 1),
            );
            Ok(id.to_string())
        },
    )
    .await?;
    show(services).await;
    Ok(code)
}

/// Changes an article: its next version.
///
/// # Errors
/// As [`create`], for the owner before and after; `NotFound`; `Stale` when it is retired or somebody was faster; `VersionMismatch`.
pub async fn change(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    code: &str,
    words: &KnowledgeArticle,
) -> Result<(), Failure> {
    actor.needs(Role::KnowledgeEditor)?;
    let city = services.city();
    let article = checked(&city, words, services.now().city_date())?;
    reaches(&city, &actor, &article.owner_unit)?;
    let asked = article.clone();
    edit(
        services,
        context,
        actor,
        "knowledge_article.change",
        code,
        &asked,
        move |_| (article.clone(), None),
    )
    .await
}

/// Retires an article: nobody finds or cites it any more, and it does not come back.
///
/// # Errors
/// `Invalid` without a reason; `Forbidden`, `NotFound`, `Stale` and `VersionMismatch` as [`change`].
pub async fn retire(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    code: &str,
    reason: &str,
) -> Result<(), Failure> {
    actor.needs(Role::KnowledgeEditor)?;
    let reason = text("reason", reason, REASON_LIMIT)?;
    let asked = reason.clone();
    edit(
        services,
        context,
        actor,
        "knowledge_article.retire",
        code,
        &asked,
        move |present| (present, Some(reason.clone())),
    )
    .await
}

/// Adds the version that `next` makes of what the article says now.
async fn edit(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    act: &'static str,
    code: &str,
    asked: &(impl Serialize + Sync),
    next: impl Fn(KnowledgeArticle) -> (KnowledgeArticle, Option<String>) + Send + 'static,
) -> Result<(), Failure> {
    let (shared, context_, code) = (Arc::clone(services), context.clone(), code.to_owned());
    let asked = (code.clone(), asked);
    idempotency::once(services, actor.id, context, act, &asked, move |transaction| {
        let (row, version) = transaction.read(|connection| knowledge_store::get_article(connection, &code))?;
        reaches(&shared.city(), &actor, &row.owner_unit)?;
        if context_
            .expected_version
            .is_some_and(|expected| expected != row.version)
        {
            return Err(ProblemCode::VersionMismatch.into());
        }
        if row.is_retired {
            return Err(ProblemCode::Stale.into());
        }
        let (article, retired_because) = next(version.article(&code)?);
        let new = NewVersion {
            article: &article,
            retired_because: retired_because.as_deref(),
            changed_by: Some(actor.id),
            changed_at: shared.now(),
        };
        knowledge_store::add_version(transaction, &row, &new)?;
        record(&shared, transaction, &actor, &context_, act, (row.id, row.version + 1));
        Ok(())
    })
    .await?;
    show(services).await;
    Ok(())
}

/// What an editor wrote, trimmed and within the bounds.
fn checked(city: &City, words: &KnowledgeArticle, today: NaiveDate) -> Result<KnowledgeArticle, Failure> {
    if words.words.len() > MOST_WORDS {
        return Err(Failure::invalid("words", format!("最多 {MOST_WORDS} 个关键词")));
    }
    let keywords: Result<_, Failure> = words
        .words
        .iter()
        .map(|word| short_and_there("words", word, WORD_LIMIT))
        .collect();
    if city.units.get(&words.owner_unit).is_none() {
        return Err(Failure::invalid("owner_unit", "没有这个单位"));
    }
    if !city.categories.get(&words.category).is_some_and(Category::is_leaf) {
        return Err(Failure::invalid("category", "没有这个类别"));
    }
    if words
        .valid_to
        .is_some_and(|last| last < words.valid_from || last < today)
    {
        return Err(Failure::invalid("valid_to", "有效期不能早于今天，也不能早于生效日期"));
    }
    Ok(KnowledgeArticle {
        question: short_and_there("question", &words.question, QUESTION_LIMIT)?,
        answer: text("answer", &words.answer, ANSWER_LIMIT)?,
        basis: short_and_there("basis", &words.basis, BASIS_LIMIT)?,
        words: keywords?,
        ..words.clone()
    })
}

/// Whether a grant of the editor's reaches the articles of this unit.
fn reaches(city: &City, actor: &StaffActor, unit: &str) -> Result<(), Failure> {
    let unit_path = city.unit_path(unit);
    let region = city.units.get(unit).map(|unit| unit.region.as_str());
    let region_path = region.map(|region| city.region_path(region)).unwrap_or_default();
    let reach = Reach {
        unit_path: &unit_path,
        region_path: &region_path,
        kind: None,
    };
    let mut grants = actor.grants.iter();
    if grants.any(|grant| grant.role == Role::KnowledgeEditor && grant.covers(&reach)) {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

/// Has this process show at once what it wrote. When that fails, it follows within seconds as every other process does.
async fn show(services: &Services) {
    if let Err(error) = services.articles.refresh_if_changed(&services.database).await {
        tracing::warn!(%error, "a changed knowledge article is shown a little later");
    }
}

fn record(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &StaffActor,
    context: &RequestContext,
    act: &'static str,
    (id, version): (i64, i64),
) {
    let done = Act::done(act, "knowledge_article", Some(id)).with(serde_json::json!({ "version": version }));
    audit::record_act(services, transaction, &Actor::Staff(actor.clone()), context, &done);
}
