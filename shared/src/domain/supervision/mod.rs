//! The five tiers of supervision (rule book 6.6): which tier a cause opens, when it climbs, and until when. All numbers and
//! lists come from a ladder that the city changes as data; who is told and what is stored is the server's matter.

mod cause;
mod ladder;
mod look_back;
mod opening;
mod tier;
mod tool;

use serde::{Deserialize, Serialize};

pub use cause::{Cause, cause_of_step};
pub use ladder::{AnswerRule, Guard, Ladder, LadderCounts, LadderError, TierRule, Tiers};
pub use look_back::LookBackFinding;
pub use opening::{Opening, is_late, watched};
pub use tier::{SUPERVISORS, Tier};
pub use tool::{SupervisionResult, Tool};

use crate::domain::id::SupervisionId;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// The supervision under which a case stands now: what its rules and its requester need to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSupervision {
    /// Its number.
    pub id: SupervisionId,
    /// The tier that holds it.
    pub tier: Tier,
    /// Why it was opened.
    pub cause: Cause,
    /// Who holds it.
    pub owner: Role,
    /// Until when its result is due.
    pub until: Timestamp,
}
