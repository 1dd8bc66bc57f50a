//! What residents of the demonstration do after their report.

use shared::domain::case::RatingInput;

use super::{
    play::Player,
    script::{Act, Case},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    usecases::cases::{
        appeal::appeal_refusal,
        follow::follow_case,
        information::{Information, supply_information},
        join::{Joining, join_case},
        perform::StepOutcome,
        rate::rate_case,
        urge::urge,
        withdraw::withdraw_case,
    },
};

impl Player<'_> {
    /// Plays what a resident does to the case, as its requester or as a neighbour.
    pub(super) async fn act_as_resident(&self, case: &Case, id: i64, act: &Act) -> Result<(), Failure> {
        let (services, context) = (self.services, &RequestContext::default());
        let owner = self.people.resident(case.resident)?;
        let _outcome: StepOutcome = match act {
            Act::Supply { text } => {
                let information = Information {
                    text: text.clone(),
                    photos: Vec::new(),
                };
                supply_information(services, owner, context, id, information).await?
            }
            Act::Appeal { text } => appeal_refusal(services, owner, context, id, text).await?,
            Act::Urge => urge(services, owner, context, id).await?,
            Act::Withdraw { text } => withdraw_case(services, owner, context, id, Some(text)).await?,
            Act::Rate {
                grade,
                resolved,
                attitude,
                speed,
                text,
            } => {
                let rating = RatingInput {
                    grade: *grade,
                    resolved: *resolved,
                    attitude: *attitude,
                    speed: *speed,
                    comment: text.clone(),
                };
                rate_case(services, owner, context, id, rating).await?
            }
            Act::MeToo { resident, text } => {
                let joining = Joining {
                    text: Some(text.clone()),
                    photos: Vec::new(),
                    channel: "app".to_owned(),
                };
                join_case(services, self.people.resident(*resident)?, context, id, joining).await?
            }
            Act::Follow { resident } => {
                if let Actor::Person(neighbour) = self.people.resident(*resident)? {
                    follow_case(services, neighbour.clone(), context, id).await?;
                }
                return Ok(());
            }
            _ => return Err(Failure::internal("a resident cannot do this")),
        };
        Ok(())
    }
}
