//! A supervision as somebody finds it who wants to act on it: only supervisors whose reach the case is in know of it, of the
//! closed file the task force alone, and only its holders act.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        id::SupervisionId,
        role::Role,
        supervision::{OpenSupervision, TierRule},
        time::Timestamp,
    },
};

use crate::{
    access::{RequestContext, viewpoint::actor_facts},
    errors::Failure,
    stores::{
        case_store::CaseRow,
        parse_word,
        supervision_store::{self, SupervisionRow},
    },
    usecases::{
        audit::{self, Act},
        cases::perform::Scene,
    },
};

/// An open supervision that the actor may know of.
pub(super) struct Bench {
    pub(super) row: SupervisionRow,
    pub(super) case: CaseRow,
    pub(super) held: OpenSupervision,
    roles: BTreeSet<Role>,
}

impl Bench {
    /// Reads it for the actor.
    ///
    /// # Errors
    /// `NotFound` where the actor may not know of it; `ActionNotAllowed` when it is over.
    pub(super) fn find(scene: &mut Scene<'_, '_>, id: i64) -> Result<Self, Failure> {
        let (row, case) = scene
            .transaction
            .read(|connection| supervision_store::get_with_case(connection, id))?;
        let held = OpenSupervision {
            id: SupervisionId(row.id),
            tier: parse_word("supervisions.tier", &row.tier)?,
            cause: parse_word("supervisions.cause", &row.cause)?,
            owner: parse_word("supervisions.owner", &row.owner)?,
            until: Timestamp(row.due_at),
        };
        let roles = actor_facts(scene.city, scene.actor, &case, None).roles;
        if !held.tier.is_open_to(&roles) {
            return Err(ProblemCode::NotFound.into());
        }
        if row.closed_at.is_some() {
            return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail("这件督办已经结束"));
        }
        Ok(Self { row, case, held, roles })
    }

    /// As [`Bench::find`], for what its holders alone do.
    ///
    /// # Errors
    /// As [`Bench::find`]; `Forbidden` for other supervisors.
    pub(super) fn hold(scene: &mut Scene<'_, '_>, id: i64) -> Result<Self, Failure> {
        let bench = Self::find(scene, id)?;
        if bench.roles.contains(&bench.held.owner) {
            Ok(bench)
        } else {
            Err(ProblemCode::Forbidden.into())
        }
    }

    /// The rule of its tier.
    pub(super) fn rule<'c>(&self, scene: &Scene<'c, '_>) -> &'c TierRule {
        scene.city.ladder.rule(self.held.tier)
    }

    /// Writes an act that is no step of the case into the audit trail.
    pub(super) fn record(&self, scene: &mut Scene<'_, '_>, act: &'static str, detail: Value) {
        let act = Act::done(act, "supervision", Some(self.row.id)).with(detail);
        audit::record_act(scene.services, scene.transaction, scene.actor, scene.context, &act);
    }
}

/// Acts on a supervision do not ask for a version: the step of the case that follows must not take one for the case's.
pub(super) fn unversioned(context: &RequestContext) -> RequestContext {
    RequestContext {
        expected_version: None,
        ..context.clone()
    }
}
