//! Knowledge editors write, change and retire the templates that replies are drafted from. Words in use change under guard of
//! their version, and every change is in the audit trail.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use shared::{
    contract::problem::ProblemCode,
    domain::{case::Outcome, reply_template, role::Role},
};

use crate::{
    access::{Actor, RequestContext, StaffActor},
    city::City,
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::reply_template_store::{self, ReplyTemplateRow},
    usecases::{
        audit::{self, Act},
        idempotency,
        words::{BODY_LIMIT, short_and_there, text},
    },
};

/// The longest title.
const TITLE_LIMIT: usize = 50;

/// What an editor writes.
#[derive(Debug, Clone, Serialize)]
pub struct TemplateWords {
    /// What it is for.
    pub title: String,
    /// Code of the category or group; none for any.
    pub category: Option<String>,
    /// The outcome that such a reply claims.
    pub outcome: Outcome,
    /// The words with their places.
    pub text: String,
    /// The last day on which it is used.
    pub valid_to: Option<NaiveDate>,
}

impl TemplateWords {
    /// The same, trimmed and within the bounds.
    fn checked(&self, city: &City, today: NaiveDate) -> Result<Self, Failure> {
        let body = text("text", &self.text, BODY_LIMIT)?;
        if reply_template::check(&body).is_err() {
            return Err(Failure::invalid(
                "text",
                "花括号里只能写约定的填充项，例如 {receipt_no}、{unit}、{due}",
            ));
        }
        let known = |code: &String| city.categories.get(code).is_some();
        if !self.category.as_ref().is_none_or(known) {
            return Err(Failure::invalid("category", "没有这个类别"));
        }
        if self.valid_to.is_some_and(|last| last < today) {
            return Err(Failure::invalid("valid_to", "有效期不能早于今天"));
        }
        Ok(Self {
            title: short_and_there("title", &self.title, TITLE_LIMIT)?,
            text: body,
            ..self.clone()
        })
    }

    fn write(self, row: &mut ReplyTemplateRow) {
        row.title = self.title;
        row.category = self.category;
        self.outcome.as_str().clone_into(&mut row.outcome);
        row.body = self.text;
        row.valid_to = self.valid_to.map(|last| last.to_string());
    }
}

/// Writes a new template; answers its id.
///
/// # Errors
/// `Forbidden` for all but knowledge editors; `Invalid` for words out of bounds, an unknown place, a category that does not
/// exist or a last day that has passed.
pub async fn create(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    words: &TemplateWords,
) -> Result<i64, Failure> {
    actor.needs(Role::KnowledgeEditor)?;
    let words = words.checked(&services.city(), services.now().city_date())?;
    let (shared, context_, asked) = (Arc::clone(services), context.clone(), words.clone());
    idempotency::once(
        services,
        actor.id,
        context,
        "reply_template.create",
        &asked,
        move |transaction| {
            let mut row = ReplyTemplateRow {
                id: shared.next_id(),
                version: 1,
                title: String::new(),
                category: None,
                outcome: String::new(),
                body: String::new(),
                valid_to: None,
                retired_at: None,
                changed_by: actor.id,
                changed_at: shared.now().0,
            };
            words.clone().write(&mut row);
            let id = row.id;
            transaction.append(row);
            record(&shared, transaction, &actor, &context_, "reply_template.create", id);
            Ok(id)
        },
    )
    .await
}

/// Changes a template.
///
/// # Errors
/// As [`create`]; `NotFound`; `Stale` when somebody was faster or it is retired; `VersionMismatch`.
pub async fn change(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    id: i64,
    words: &TemplateWords,
) -> Result<(), Failure> {
    let words = words.checked(&services.city(), services.now().city_date())?;
    let asked = (id, words.clone());
    let act = "reply_template.change";
    edit(services, context, actor, act, &asked, id, move |row| {
        words.clone().write(row);
    })
    .await
}

/// Retires a template: nothing is drafted from it any more, and it does not come back.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Stale` and `VersionMismatch` as [`change`].
pub async fn retire(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    id: i64,
) -> Result<(), Failure> {
    let now = services.now().0;
    let act = "reply_template.retire";
    edit(services, context, actor, act, &id, id, move |row| {
        row.retired_at = Some(now);
    })
    .await
}

async fn edit(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    act: &'static str,
    asked: &(impl Serialize + Sync),
    id: i64,
    change: impl Fn(&mut ReplyTemplateRow) + Send + 'static,
) -> Result<(), Failure> {
    actor.needs(Role::KnowledgeEditor)?;
    let (shared, context_) = (Arc::clone(services), context.clone());
    idempotency::once(services, actor.id, context, act, asked, move |transaction| {
        let mut row = transaction.read(|connection| reply_template_store::get_template(connection, id))?;
        if context_.expected_version.is_some_and(|version| version != row.version) {
            return Err(ProblemCode::VersionMismatch.into());
        }
        change(&mut row);
        row.changed_by = actor.id;
        row.changed_at = shared.now().0;
        reply_template_store::move_template(transaction, &row)?;
        record(&shared, transaction, &actor, &context_, act, id);
        Ok(())
    })
    .await
}

fn record(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &StaffActor,
    context: &RequestContext,
    act: &'static str,
    id: i64,
) {
    let done = Act::done(act, "reply_template", Some(id));
    audit::record_act(services, transaction, &Actor::Staff(actor.clone()), context, &done);
}
