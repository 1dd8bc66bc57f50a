//! Cases handled together: which may go under which, and how members follow their primary (rule book 6.3, row 8).
//! Who may merge and split is the table's matter.

use crate::domain::case::{CaseFacts, CaseKind, CaseState, Refusal};
use crate::domain::id::CaseId;

/// Whether `member` may be merged under `primary`: an open case that is not merged itself, and violation reports only
/// among themselves.
///
/// # Errors
/// `primary_unsuited` or `report_kept_apart`.
pub fn may_merge(
    (member_id, member): (CaseId, &CaseFacts),
    (primary_id, primary): (CaseId, &CaseFacts),
) -> Result<(), Refusal> {
    if member_id == primary_id || !primary.state.is_open() {
        return Err(Refusal::PrimaryUnsuited);
    }
    let is_report = |facts: &CaseFacts| facts.kind == CaseKind::ViolationReport;
    if is_report(member) == is_report(primary) {
        Ok(())
    } else {
        Err(Refusal::ReportKeptApart)
    }
}

/// Where the members go when their primary goes to `primary_to`; none when they stay merged.
#[must_use]
pub const fn members_follow_to(primary_to: CaseState) -> Option<CaseState> {
    match primary_to {
        CaseState::NotAccepted | CaseState::HandedOff | CaseState::Archived => Some(primary_to),
        _ => None,
    }
}

/// The member that takes over when the primary goes: the oldest, which has the smallest number.
#[must_use]
pub fn successor(members: &[CaseId]) -> Option<CaseId> {
    members.iter().copied().min()
}

/// Makes `member` the primary in the place of `leaving`, taken as it was before it left: the member goes on where the other
/// stood, with its clocks and counts, and keeps its own requester, visibility and words. A question that the other requester
/// was asked is not the member's: the case waits for the clerk again.
pub fn take_over(member: &mut CaseFacts, leaving: &CaseFacts) {
    let own = std::mem::replace(&mut member.memory, leaving.memory.clone());
    member.memory.former_state = None;
    member.memory.rated_primary_cycle = None;
    member.memory.last_urged_on = own.last_urged_on;
    member.memory.urge_count = own.urge_count;
    member.memory.appealed = own.appealed;
    member.memory.reopened_by_requester = own.reopened_by_requester;
    member.primary = None;
    member.state = leaving.state;
    member.kind = leaving.kind;
    member.urgency = leaving.urgency;
    member.cycle = leaving.cycle;
    member.redo_count = leaving.redo_count;
    member.return_count = leaving.return_count;
    member.dispatch_count = leaving.dispatch_count;
    member.designated = leaving.designated;
    member.tier = leaving.tier;
    member.lead_unit.clone_from(&leaving.lead_unit);
    member.outcome = leaving.outcome;
    member.member_count = leaving.member_count.saturating_sub(1);
    member.figures = leaving.figures;
    if member.state == CaseState::NeedsInformation {
        member.state = CaseState::Submitted;
        member.memory.information_asked = false;
        member.memory.clocks = std::mem::take(&mut member.memory.paused)
            .into_iter()
            .map(|(c, p)| (c, p.due))
            .collect();
    }
}
