//! One way to write down an act in the audit trail: who, what, on what, with which result, from where.

use std::{borrow::Cow, sync::Arc};

use serde_json::Value;

use crate::{
    access::{Actor, RequestContext},
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::audit_store::NewAuditRow,
};

/// What was acted on.
#[derive(Debug, Clone, Copy)]
pub struct Object {
    /// Kind of the thing, such as `case`.
    pub kind: &'static str,
    /// Its id, when there is one.
    pub id: Option<i64>,
}

/// The result of an act that was done.
const DONE: &str = "done";

/// What was done to what, and how it went.
#[derive(Debug, Clone)]
pub struct Act {
    action: Cow<'static, str>,
    object: Object,
    result: &'static str,
    detail: Value,
}

impl Act {
    /// An act that was done.
    #[must_use]
    pub fn done(action: impl Into<Cow<'static, str>>, object_kind: &'static str, object_id: Option<i64>) -> Self {
        Self {
            action: action.into(),
            object: Object {
                kind: object_kind,
                id: object_id,
            },
            result: DONE,
            detail: Value::Null,
        }
    }

    /// The same act, refused with the code of a problem.
    #[must_use]
    pub fn refused(mut self, result: &'static str) -> Self {
        self.result = result;
        self
    }

    /// Adds what else matters; never a number, a code, a password or a text that a person wrote.
    #[must_use]
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Adds an act that was done to the trail, in the same transaction as the change itself.
pub fn record(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    context: &RequestContext,
    action: &str,
    object: Object,
) {
    record_act(
        services,
        transaction,
        actor,
        context,
        &Act::done(action.to_owned(), object.kind, object.id),
    );
}

/// Writes down an act that was refused and changed nothing.
///
/// # Errors
/// The database's failure.
pub async fn record_refused(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    act: Act,
) -> Result<(), Failure> {
    let (held, actor, context) = (Arc::clone(services), actor.clone(), context.clone());
    services
        .database
        .writer
        .write(move |transaction| {
            record_act(&held, transaction, &actor, &context, &act);
            Ok(())
        })
        .await
}

/// Adds an act to the trail, in the same transaction as the change, if there was one.
pub fn record_act(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    context: &RequestContext,
    act: &Act,
) {
    transaction.append(NewAuditRow {
        id: services.next_id(),
        actor_id: actor.id(),
        actor_kind: actor.kind().to_owned(),
        action: act.action.to_string(),
        object_kind: act.object.kind.to_owned(),
        object_id: act.object.id,
        result: act.result.to_owned(),
        source_address: context.address.clone(),
        request_id: Some(context.request_id.clone()).filter(|id| !id.is_empty()),
        detail: match &act.detail {
            Value::Null => "{}".to_owned(),
            detail => detail.to_string(),
        },
    });
}
