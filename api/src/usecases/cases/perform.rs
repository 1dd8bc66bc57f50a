//! How an act of somebody reaches the writer: once for its key, with the step and what else belongs to it.

use std::sync::Arc;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::{contract::problem::ProblemCode, domain::case::CaseState};

use super::{
    clocks::promised,
    known::Known,
    step::{Act, Stepped, take_step, take_step_from},
};
use crate::{
    access::{Actor, RequestContext},
    city::City,
    database::Transaction,
    errors::Failure,
    services::Services,
    usecases::{audit, idempotency},
};

/// What an act led to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepOutcome {
    /// The case.
    pub case_id: i64,
    /// Its new version.
    pub version: i64,
    /// Where it stands.
    pub state: CaseState,
    /// Its cycle.
    pub cycle: u32,
    /// What is promised next to the requester.
    pub due_at: Option<i64>,
    /// The order that the step concerns.
    pub order_id: Option<i64>,
}

impl From<&Stepped> for StepOutcome {
    fn from(stepped: &Stepped) -> Self {
        Self {
            case_id: stepped.row.id,
            version: stepped.now.version,
            state: stepped.facts.state,
            cycle: stepped.facts.cycle,
            due_at: promised(&stepped.facts).map(|due| due.0),
            order_id: stepped.order.as_ref().map(|order| order.id),
        }
    }
}

/// What an act has to work with inside the writer's transaction.
pub(crate) struct Scene<'a, 'group> {
    pub(crate) services: &'a Services,
    pub(crate) city: &'a City,
    pub(crate) transaction: &'a mut Transaction<'group>,
    pub(crate) actor: &'a Actor,
    pub(crate) context: &'a RequestContext,
}

impl<'a, 'group> Scene<'a, 'group> {
    /// What the platform does by itself, in the same write as somebody's act.
    pub(crate) fn of_platform(
        services: &'a Services,
        city: &'a City,
        transaction: &'a mut Transaction<'group>,
        context: &'a RequestContext,
    ) -> Self {
        Self {
            services,
            city,
            transaction,
            actor: &Actor::System,
            context,
        }
    }

    /// Takes the step.
    pub(crate) fn take(&mut self, act: &Act) -> Result<Stepped, Failure> {
        take_step(
            self.services,
            self.city,
            self.transaction,
            self.actor,
            self.context,
            act,
        )
    }

    /// Takes the step from rows that were read already.
    pub(crate) fn take_from(&mut self, known: Known, act: &Act) -> Result<Stepped, Failure> {
        take_step_from(
            self.services,
            self.city,
            self.transaction,
            (self.actor, self.context),
            act,
            known,
        )
    }

    /// Writes an act on a case that is not one of its steps into the audit trail.
    pub(crate) fn record(&mut self, act: &str, case_id: i64) {
        let case = audit::Object {
            kind: "case",
            id: Some(case_id),
        };
        audit::record(self.services, self.transaction, self.actor, self.context, act, case);
    }

    /// The account that acts.
    pub(crate) fn actor_id(&self) -> Result<i64, Failure> {
        self.actor.id().ok_or_else(|| ProblemCode::SignInRequired.into())
    }
}

/// Runs `play` in the writer, once for the request's key. The step writes itself into the audit trail; what is no step
/// says so with [`Scene::record`]. `play` may run twice: what it captures it must not use up.
pub(crate) async fn perform<T, P>(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    operation: &'static str,
    request: &impl Serialize,
    mut play: P,
) -> Result<T, Failure>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    P: FnMut(&mut Scene<'_, '_>) -> Result<T, Failure> + Send + 'static,
{
    let actor_id = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let (services_, actor, context_) = (Arc::clone(services), actor.clone(), context.clone());
    let city = services.city();
    idempotency::once(services, actor_id, context, operation, request, move |transaction| {
        let mut scene = Scene {
            services: &services_,
            city: &city,
            transaction,
            actor: &actor,
            context: &context_,
        };
        play(&mut scene)
    })
    .await
}

/// An act that is nothing but its step.
pub(super) async fn perform_step(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    operation: &'static str,
    request: &impl Serialize,
    act: Act,
) -> Result<StepOutcome, Failure> {
    perform(services, actor, context, operation, request, move |scene| {
        Ok(StepOutcome::from(&scene.take(&act)?))
    })
    .await
}
