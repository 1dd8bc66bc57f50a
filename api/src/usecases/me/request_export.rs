//! A resident asks for everything about the own person, and may fetch it. One at a time: a new one takes the place of the last.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::export::ExportState};

use crate::{
    access::{Actor, PersonActor, RequestContext},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{
        export_store::{self, ExportRow},
        session_store,
    },
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Puts an export on the list.
///
/// # Errors
/// `ActionNotAllowed` while one is being made.
pub async fn request_export(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
) -> Result<(), Failure> {
    let (shared, context_) = (Arc::clone(services), context.clone());
    let days = services.config.residents.export_days;
    idempotency::once(services, actor.id, context, "export.request", &(), move |transaction| {
        let before = transaction.read(|connection| export_store::find_export(connection, actor.id))?;
        if let Some(before) = before {
            let state: ExportState = crate::stores::parse_word("exports.state", &before.state)?;
            if matches!(state, ExportState::Waiting | ExportState::Working) {
                return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail("正在导出，请等这一份完成"));
            }
            export_store::delete_export(transaction, before.id)?;
        }
        let row = ExportRow {
            id: shared.next_id(),
            person_id: actor.id,
            state: ExportState::Waiting.as_str().to_owned(),
            percent: 0,
            byte_count: None,
            kept_until: shared.now().plus_minutes(days * 24 * 60).0,
        };
        let act = Act::done("export.request", "export", Some(row.id));
        transaction.append(row);
        audit::record_act(&shared, transaction, &Actor::Person(actor.clone()), &context_, &act);
        Ok(())
    })
    .await
}

/// Opens the finished file to a session whose owner was proven a moment ago, and writes down that it was fetched.
///
/// # Errors
/// `NotFound` when there is no such file of this person's; `ProofRequired`.
pub async fn fetch_export(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    id: i64,
) -> Result<(), Failure> {
    let (shared, context, now) = (Arc::clone(services), context.clone(), services.now());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, StoreError> {
            let row = transaction.read(|connection| export_store::find_export(connection, actor.id))?;
            let ready =
                |row: &ExportRow| row.id == id && row.state == ExportState::Ready.as_str() && row.kept_until > now.0;
            if !row.as_ref().is_some_and(ready) {
                return Ok(Err(ProblemCode::NotFound.into()));
            }
            let act = Act::done("export.fetch", "export", Some(id));
            let by = Actor::Person(actor.clone());
            if !transaction.read(|connection| session_store::is_proven(connection, actor.session, now.0))? {
                let act = act.refused(ProblemCode::ProofRequired.as_str());
                audit::record_act(&shared, transaction, &by, &context, &act);
                return Ok(Err(ProblemCode::ProofRequired.into()));
            }
            audit::record_act(&shared, transaction, &by, &context, &act);
            Ok(Ok(()))
        })
        .await?
}
