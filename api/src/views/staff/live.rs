//! What a desk is told while it happens: how full its lists are, and that the case it has open was changed. Each turn asks anew who
//! sits there and what may be seen; nothing is told that the operations for it would not show.
//!
//! A turn comes after a commit of this process, and every few seconds for those of others; it costs what the overview costs.

use std::{sync::Arc, time::Duration};

use shared::contract::{secret::Secret, staff_queue::CaseChangedView};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout_at},
};

use super::{case, queues};
use crate::{
    access::{Actor, StaffActor, tokens},
    errors::Failure,
    limits::live_desks::Seat,
    services::Services,
};

/// Between two turns of one desk at least: in a busy hour there is a commit at any moment.
const PAUSE: Duration = Duration::from_secs(2);
/// Between two turns at most: what other processes did is seen then, and a connection that nobody reads any more is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A line that says nothing.
const STILL_THERE: &str = ":\n\n";

/// One window that listens.
pub struct Desk {
    services: Arc<Services>,
    token: Secret,
    case_id: Option<i64>,
    committed: watch::Receiver<()>,
    over: watch::Receiver<bool>,
    turned: Option<Instant>,
    counts: String,
    version: Option<i64>,
    /// Given back when the window is gone.
    _seat: Seat,
}

impl Desk {
    /// A desk at which somebody sat down with this token.
    ///
    /// # Errors
    /// `NotFound` for a case that is not within the viewer's reach.
    pub async fn open(
        services: Arc<Services>,
        viewer: &StaffActor,
        token: Secret,
        case_id: Option<i64>,
        seat: Seat,
    ) -> Result<Self, Failure> {
        if let Some(case_id) = case_id {
            case::version(&services, viewer, case_id).await?;
        }
        Ok(Self {
            token,
            case_id,
            committed: services.database.writer.committed(),
            over: seat.over(),
            turned: None,
            counts: String::new(),
            version: None,
            _seat: seat,
            services,
        })
    }

    /// The next that is to be told, as it travels; none when it is over: with the token, the session, the server, or a window too many.
    pub async fn next(mut self) -> Option<(String, Self)> {
        if !self.rest().await {
            return None;
        }
        let viewer = self.viewer().await?;
        self.turned = Some(Instant::now());
        self.committed.mark_unchanged();
        let mut told = self.counts(&viewer).await;
        told.push_str(&self.change(&viewer).await);
        if told.is_empty() {
            told.push_str(STILL_THERE);
        }
        Some((told, self))
    }

    /// Waits for something to look at; `false` when it is over.
    async fn rest(&mut self) -> bool {
        let Some(turned) = self.turned else { return true };
        let turn = async {
            // The sender lives as long as the services that are held here.
            let _changed_or_time = timeout_at(turned + HEARTBEAT, self.committed.changed()).await;
            sleep_until(turned + PAUSE).await;
        };
        tokio::select! {
            () = turn => true,
            _ = self.over.wait_for(|over| *over) => false,
        }
    }

    /// Who sits there, while the token and its session are good.
    async fn viewer(&self) -> Option<StaffActor> {
        let (services, now) = (&self.services, self.services.now());
        let bearer = tokens::read(&services.access.secrets, self.token.reveal(), now)?;
        let callers = &services.access.callers;
        let found = callers.find(&services.database, &services.config.staff, bearer, now);
        match found.await {
            Ok(Some(Actor::Staff(staff))) if staff.owes.is_none() => Some(staff),
            _ => None,
        }
    }

    /// The lists, when they are not as they were told last. What cannot be read now is told at the next turn.
    async fn counts(&mut self, viewer: &StaffActor) -> String {
        let Ok(lists) = queues::overview(&self.services, viewer).await else {
            return String::new();
        };
        let told = event("counts", &lists);
        if told == self.counts {
            return String::new();
        }
        self.counts.clone_from(&told);
        told
    }

    /// The version of the open case, when it is not what was told last.
    async fn change(&mut self, viewer: &StaffActor) -> String {
        let Some(case_id) = self.case_id else {
            return String::new();
        };
        let Ok(version) = case::version(&self.services, viewer, case_id).await else {
            return String::new();
        };
        if self.version.replace(version) == Some(version) {
            return String::new();
        }
        let changed = CaseChangedView {
            receipt_no: self.services.receipts.write(case_id),
            version,
        };
        event("case", &changed)
    }
}

/// As it travels. JSON is one line.
fn event(name: &str, said: &impl serde::Serialize) -> String {
    let said = serde_json::to_string(said).unwrap_or_default();
    format!("event: {name}\ndata: {said}\n\n")
}
