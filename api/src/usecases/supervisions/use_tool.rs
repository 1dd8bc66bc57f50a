//! A holder uses one of the tier's tools and says what was done, with links to what shows it. The unit's answer or plan, once
//! recorded, ends the wait for it; the leader in charge is named here.

use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use shared::domain::{deadline::ClockKind, supervision::Tool};

use super::bench::Bench;
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::{
        clock_store,
        supervision_store::{self, SupervisionActionRow},
        to_json,
    },
    usecases::{
        cases::perform::perform,
        words::{BODY_LIMIT, short_and_there, text},
    },
};

/// Links at most, and characters of one.
const MOST_LINKS: usize = 10;
const LINK_LIMIT: usize = 500;
/// Characters of a leader's name and post.
const LEADER_LIMIT: usize = 50;

/// What was done.
#[derive(Debug, Clone, Serialize)]
pub struct ToolUse {
    /// With what.
    pub tool: Tool,
    /// In words.
    pub note: String,
    /// Links to what shows it.
    pub evidence: Vec<String>,
    /// The leader in charge, when one is named.
    pub leader: Option<String>,
}

/// Writes it down.
///
/// # Errors
/// `NotFound`, `Forbidden`, `ActionNotAllowed` as the bench says; a tool that the tier does not have; words or links out of bounds.
pub async fn use_tool(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    id: i64,
    given: ToolUse,
) -> Result<(), Failure> {
    let asked = (id, given.clone());
    perform(services, actor, context, "supervision.use_tool", &asked, move |scene| {
        let mut bench = Bench::hold(scene, id)?;
        let rule = bench.rule(scene);
        if !rule.tools.contains(&given.tool) {
            return Err(Failure::invalid("tool", "这一级督办没有这个手段"));
        }
        let checked = given.checked()?;
        let now = scene.services.now();
        if checked.leader.is_some() {
            bench.row.leader = checked.leader;
        }
        if rule.answer.is_some_and(|answer| answer.by == given.tool) && bench.row.answered_at.is_none() {
            bench.row.answered_at = Some(now.0);
            clock_store::stop_clocks(scene.transaction, bench.case.id, &[ClockKind::SupervisionAnswer], now);
        }
        supervision_store::move_supervision(scene.transaction, &bench.row)?;
        let row = SupervisionActionRow {
            id: scene.services.next_id(),
            supervision_id: id,
            tool: given.tool.as_str().to_owned(),
            note: checked.note,
            evidence: to_json(&checked.evidence),
            actor_id: scene.actor_id()?,
        };
        scene.transaction.append(row);
        bench.record(scene, "supervision.use_tool", json!({ "tool": given.tool }));
        Ok(())
    })
    .await
}

impl ToolUse {
    fn checked(&self) -> Result<Self, Failure> {
        let leader = self.leader.as_deref().filter(|_| self.tool == Tool::NamedLeader);
        if self.tool == Tool::NamedLeader && leader.is_none() {
            return Err(Failure::invalid("leader", "请写明包案领导的姓名和职务"));
        }
        if self.evidence.len() > MOST_LINKS {
            return Err(Failure::invalid("evidence", "最多 10 个链接"));
        }
        let link = |link: &String| {
            let link = short_and_there("evidence", link, LINK_LIMIT)?;
            let known = link.starts_with("https://") || link.starts_with("http://");
            known
                .then_some(link)
                .ok_or_else(|| Failure::invalid("evidence", "链接要以 http:// 或 https:// 开头"))
        };
        Ok(Self {
            tool: self.tool,
            note: text("note", &self.note, BODY_LIMIT)?,
            evidence: self.evidence.iter().map(link).collect::<Result<_, _>>()?,
            leader: leader
                .map(|leader| short_and_there("leader", leader, LEADER_LIMIT))
                .transpose()?,
        })
    }
}
