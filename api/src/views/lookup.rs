//! One case for somebody who looked it up without an account: what its requester reads, without what is to be done.

use std::sync::Arc;

use shared::contract::{
    case::{CaseView, OwnCaseView},
    problem::ProblemCode,
};

use crate::{
    access::{
        Actor, PersonActor,
        tokens::{self, Lookup},
    },
    errors::Failure,
    services::Services,
    views,
};

/// The case of a look that was opened.
///
/// # Errors
/// `NotFound` when the case is nobody's any more; `Busy`.
pub async fn looked_up(services: &Arc<Services>, lookup: Lookup) -> Result<OwnCaseView, Failure> {
    let requester = Actor::Person(PersonActor::without_session(lookup.person));
    let shown = views::cases::show_case(services, &requester, lookup.case_id).await?;
    let CaseView::Own(mut case) = shown.view else {
        return Err(ProblemCode::NotFound.into());
    };
    case.allowed_actions.clear();
    case.photos.clear();
    Ok(*case)
}

/// The case of a token that is genuine and has not run out.
///
/// # Errors
/// `SignInRequired` for any other token; as [`looked_up`].
pub async fn looked_up_again(services: &Arc<Services>, token: &str) -> Result<OwnCaseView, Failure> {
    let lookup =
        tokens::read_lookup(&services.access.secrets, token, services.now()).ok_or(ProblemCode::SignInRequired)?;
    looked_up(services, lookup).await
}
