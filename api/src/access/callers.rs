//! Whether a session still stands and what its account may do: read from the database, kept for a few seconds.
//!
//! Sign-out, blocking and changed grants in this process are seen at once; those of another process within ten seconds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use shared::domain::time::Timestamp;

use super::{
    actor::{Actor, PersonActor, StaffActor},
    standing,
    tokens::{AccountKind, Bearer},
};
use crate::{
    config::StaffConfig,
    database::{Database, DbConnection, StoreError},
    stores::{account_store, session_store, staff_store},
};

/// How long an answer is used again.
const KEPT: Duration = Duration::from_secs(10);
/// Sessions remembered at most; when full, all are forgotten.
const MOST: usize = 50_000;

/// Remembers who is behind a session.
#[derive(Default)]
pub struct Callers {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    by_session: HashMap<i64, Entry>,
    /// Rises with each change, so that an answer read before the change is not kept after it.
    changes: u64,
}

struct Entry {
    account: i64,
    until: Instant,
    actor: Actor,
}

impl Callers {
    /// The actor of a genuine token, or none when the session was ended or the account may not act.
    ///
    /// # Errors
    /// `Busy`, or the database's failure.
    pub async fn find(
        &self,
        database: &Database,
        config: &StaffConfig,
        bearer: Bearer,
        now: Timestamp,
    ) -> Result<Option<Actor>, StoreError> {
        let changes = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(entry) = known.by_session.get(&bearer.session)
                && entry.until > Instant::now()
                && entry.account == bearer.account
            {
                return Ok(Some(entry.actor.clone()));
            }
            known.changes
        };
        let config = *config;
        let actor = database
            .readers
            .read(move |connection| load(connection, &config, bearer, now))
            .await?;
        if let Some(actor) = &actor {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.changes == changes {
                if known.by_session.len() >= MOST {
                    known.by_session.clear();
                }
                known.by_session.insert(
                    bearer.session,
                    Entry {
                        account: bearer.account,
                        until: Instant::now() + KEPT,
                        actor: actor.clone(),
                    },
                );
            }
        }
        Ok(actor)
    }

    /// To be called after a session of the account, its grants or its status changed.
    pub fn forget(&self, account: i64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.changes += 1;
        known.by_session.retain(|_, entry| entry.account != account);
    }
}

fn load(
    connection: &mut DbConnection,
    config: &StaffConfig,
    bearer: Bearer,
    now: Timestamp,
) -> Result<Option<Actor>, StoreError> {
    let Some(session) = session_store::find_newest(connection, bearer.session)? else {
        return Ok(None);
    };
    let stands = session.revoked_at.is_none()
        && session.expires_at > now.0
        && session.account_id == bearer.account
        && session.account_kind == bearer.kind.as_str();
    if !stands {
        return Ok(None);
    }
    match bearer.kind {
        AccountKind::Person => {
            let person = account_store::get_person(connection, bearer.account)?;
            Ok(person.is_open().then(|| {
                Actor::Person(PersonActor {
                    id: person.id,
                    session: bearer.session,
                    blocked: person.is_blocked(),
                })
            }))
        }
        AccountKind::Staff => {
            let staff = staff_store::get_staff(connection, bearer.account)?;
            if !standing::may_act(&staff, now) {
                return Ok(None);
            }
            let grants = staff_store::list_grants_of(connection, staff.id)?;
            Ok(Some(Actor::Staff(StaffActor {
                id: staff.id,
                session: bearer.session,
                owes: standing::owed(config, &staff, &grants, now),
                unit: staff.unit,
                grants: grants.into(),
            })))
        }
    }
}
