//! The sessions of the own account, for the person who looks for one that should not be there.

use shared::{
    contract::{problem::ProblemCode, session::SessionView},
    domain::{id::SessionId, time::Timestamp},
};

use crate::{
    access::Actor,
    database::{StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::session_store::{self, SessionRow},
};

/// Sessions shown at most; nobody has that many devices.
const MOST: i64 = 100;

/// The caller's sessions that can go on, the one last used first.
///
/// # Errors
/// `SignInRequired` for visitors; `Busy`, or the database's failure.
pub async fn own(services: &Services, viewer: &Actor) -> Result<Vec<SessionView>, Failure> {
    let (account, current) = match viewer {
        Actor::Person(person) => (person.id, person.session),
        Actor::Staff(staff) => (staff.id, staff.session),
        Actor::Visitor | Actor::System => return Err(ProblemCode::SignInRequired.into()),
    };
    let now = services.now().0;
    let rows = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(session_store::list_live(connection, account, now, MOST)?))
        .await?;
    Ok(rows.into_iter().map(|row| view(row, current)).collect())
}

fn view(row: SessionRow, current: i64) -> SessionView {
    SessionView {
        id: SessionId(row.family),
        device_name: row.device_name,
        signed_in_at: made_at(row.family),
        last_used_at: made_at(row.id),
        expires_at: Timestamp(row.expires_at),
        current: row.family == current,
    }
}
