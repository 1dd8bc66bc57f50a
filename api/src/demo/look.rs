//! What the play looks up between two steps: the case as it stands, the order in work, what waits for a moderator.

use shared::domain::{redaction, role::Role};

use super::play::Player;
use crate::{
    access::RequestContext,
    database::StoreError,
    errors::Failure,
    stores::{
        case_store::{self, CaseRow},
        order_store,
        publication_store::{self, PENDING, REPLY, REPORT},
        reply_store,
    },
    usecases::moderation::{Decisions, PhotoVerdict, ReplyVerdict, ReportVerdict, moderate_case},
};

impl Player<'_> {
    /// The case.
    pub(super) async fn read(&self, id: i64) -> Result<CaseRow, Failure> {
        self.services
            .database
            .readers
            .read(move |connection| {
                case_store::get_case(connection, id).map_err(|error| StoreError::from(error).into())
            })
            .await
    }

    /// The order through which the unit acts.
    pub(super) async fn order(&self, id: i64) -> Result<i64, Failure> {
        let orders = self
            .services
            .database
            .readers
            .read(move |connection| {
                order_store::list_orders(connection, id).map_err(|error| Failure::from(StoreError::from(error)))
            })
            .await?;
        orders
            .iter()
            .rev()
            .find(|order| order.role == "lead")
            .map(|order| order.id)
            .ok_or_else(|| Failure::internal("a unit acts before it has an order"))
    }

    /// Releases what waits, with everything masked that the patterns propose.
    pub(super) async fn moderate(&self, id: i64) -> Result<(), Failure> {
        let decisions = self
            .services
            .database
            .readers
            .read(move |connection| propose(connection, id).map_err(|error| Failure::from(StoreError::from(error))))
            .await?;
        let moderator = self.people.with(Role::Moderator)?;
        moderate_case(self.services, moderator, &RequestContext::default(), id, decisions).await?;
        Ok(())
    }
}

fn propose(connection: &mut crate::database::DbConnection, id: i64) -> diesel::QueryResult<Decisions> {
    let row = case_store::get_case(connection, id)?;
    let decided = publication_store::list_latest(connection, id)?;
    let waits = |subject: &str, id: i64| {
        !decided
            .iter()
            .any(|(decision, _)| decision.subject == subject && decision.subject_id == id)
    };
    let replies = reply_store::list_replies(connection, id)?;
    let photos = publication_store::list_photos_to_moderate(connection, id)?;
    Ok(Decisions {
        report: waits(REPORT, id).then(|| ReportVerdict {
            release: true,
            title_masks: redaction::propose(&row.title),
            text_masks: redaction::propose(&row.body),
            reason: None,
        }),
        replies: replies
            .iter()
            .filter(|reply| reply.released_at.is_some() && waits(REPLY, reply.id))
            .map(|reply| ReplyVerdict {
                id: reply.id,
                release: true,
                masks: redaction::propose(&reply.body),
                reason: None,
            })
            .collect(),
        photos: photos
            .iter()
            .filter(|photo| {
                photo.photo.is_some() && (photo.named.publication == PENDING || photo.named.publication == "none")
            })
            .map(|photo| PhotoVerdict {
                id: photo.named.id,
                release: true,
                blur: Vec::new(),
            })
            .collect(),
    })
}
