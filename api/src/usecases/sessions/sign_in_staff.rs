//! A member of staff signs in with name and password. Every wrong try gets the same answer.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::{OpenedSession, SessionStart, open_session, password_tries::PasswordTries};
use crate::{
    access::{Actor, RequestContext, StaffActor, tokens::AccountKind},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::staff_store,
    usecases::{
        audit::{self, Act},
        text,
    },
};

/// Opens a session.
///
/// # Errors
/// `SignInFailed` whatever is wrong; `TemporarilyLocked` after too many wrong passwords.
pub async fn sign_in_staff(
    services: &Arc<Services>,
    context: &RequestContext,
    username: &str,
    password: &str,
    device_name: Option<&str>,
) -> Result<OpenedSession, Failure> {
    let device_name = device_name
        .map(|name| text::short("device_name", name, 60))
        .transpose()?;
    let username = text::short("username", username, 40)?.to_lowercase();
    let tries = PasswordTries::of(services, context, &format!("staff:{username}"));
    tries.count(services, context, "session.sign_in_staff").await?;
    let name = username.clone();
    let known = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(staff_store::find_by_username(connection, &name)?))
        .await?;
    let stored = known.map(|staff| staff.password_hash);
    let right = services.access.passwords.verify(password, stored.as_deref()).await?;
    let (shared, context) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<OpenedSession, Failure>, Failure> {
            let staff = transaction.read(|connection| staff_store::find_by_username(connection, &username))?;
            let act = Act::done("session.sign_in_staff", "staff", staff.as_ref().map(|staff| staff.id));
            let active = staff.filter(|staff| staff.status == "active");
            let Some(staff) = active.filter(|_| right) else {
                let act = act.refused(ProblemCode::SignInFailed.as_str());
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                return Ok(Err(ProblemCode::SignInFailed.into()));
            };
            tries.forget(transaction)?;
            let session = open_session(
                &shared,
                transaction,
                &SessionStart {
                    account: staff.id,
                    kind: AccountKind::Staff,
                    device_name: device_name.clone(),
                    must_change_password: staff.must_change_password,
                },
            )?;
            let actor = Actor::Staff(StaffActor {
                id: staff.id,
                session: session.session,
                unit: staff.unit,
                grants: Vec::new().into(),
                must_change_password: staff.must_change_password,
            });
            audit::record_act(&shared, transaction, &actor, &context, &act);
            Ok(Ok(session))
        })
        .await?
}
