//! One way to write down an act in the audit trail: who, what, on what, with which result, from where.

use crate::{
    access::{Actor, RequestContext},
    database::Transaction,
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

/// Adds the act to the trail, in the same transaction as the change itself.
pub fn record(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    context: &RequestContext,
    action: &str,
    object: Object,
) {
    transaction.append(NewAuditRow {
        id: services.next_id(),
        actor_id: actor.id(),
        actor_kind: actor.kind().to_owned(),
        action: action.to_owned(),
        object_kind: object.kind.to_owned(),
        object_id: object.id,
        result: "done".to_owned(),
        source_address: context.address.clone(),
        request_id: Some(context.request_id.clone()),
        detail: "{}".to_owned(),
    });
}
