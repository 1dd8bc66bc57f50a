//! Who is calling, and how that is proven: tokens, passwords, codes, sessions, and the grants of staff.

pub mod actor;
pub mod context;
pub mod viewpoint;

pub use self::{
    actor::{Actor, PersonActor, StaffActor},
    context::RequestContext,
};
