//! When something is due: which clock runs, how long, and until which instant. All numbers come from a policy that the
//! operator changes as data; which act starts or stops a clock is the case's matter.

mod clock;
mod due;
mod limit;
mod policy;
mod recount;
mod reminder;

pub use clock::{ClockKind, UnknownClockKind};
pub use due::Due;
pub use limit::{Limit, LimitError};
pub use policy::{CategoryLimit, ClockLimits, Counts, DeadlinePolicy, PolicyError, UrgencyLimits};
pub use recount::{CountedClock, moved_fairly, recount};
pub use reminder::{ReminderPolicy, ReminderRule, Wake};
