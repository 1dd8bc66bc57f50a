//! The caller as use cases and views see it. What an actor may do is decided by `shared::domain`, from the grants here.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::role::{Grant, Role},
};

/// Who is calling.
#[derive(Debug, Clone)]
pub enum Actor {
    /// Nobody is signed in.
    Visitor,
    /// A resident.
    Person(PersonActor),
    /// Somebody who works for the city.
    Staff(StaffActor),
    /// The platform itself: sweeps over what is due.
    System,
}

/// A signed-in resident.
#[derive(Debug, Clone)]
pub struct PersonActor {
    /// The person's id.
    pub id: i64,
    /// The session that the access token belongs to.
    pub session: i64,
    /// The account was blocked for abuse: it reads, reports emergencies, and does nothing else.
    pub blocked: bool,
}

impl PersonActor {
    /// The person where no session acts: what is shown or done depends on who it is alone.
    #[must_use]
    pub const fn without_session(id: i64) -> Self {
        Self {
            id,
            session: 0,
            blocked: false,
        }
    }
}

/// A signed-in member of staff with the grants in force.
#[derive(Debug, Clone)]
pub struct StaffActor {
    /// The account's id.
    pub id: i64,
    /// The session that the access token belongs to.
    pub session: i64,
    /// Code of the unit that the person works in.
    pub unit: String,
    /// Role × unit subtree × region subtree × kind.
    pub grants: Arc<[Grant]>,
    /// What has to be done before anything else is open to this account.
    pub owes: Option<Owed>,
}

/// What a member of staff owes before work begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owed {
    /// A new password: the present one was given by somebody else, or is too old.
    NewPassword,
    /// A second factor.
    SecondFactor,
}

impl StaffActor {
    /// Whether the account manages staff accounts: a security administrator without limits of scope.
    #[must_use]
    pub fn manages_accounts(&self) -> bool {
        self.grants.contains(&Grant::everywhere(Role::SecurityAdmin))
    }

    /// Whether the account looks after the running system: a system administrator without limits of scope.
    #[must_use]
    pub fn runs_the_system(&self) -> bool {
        self.grants.contains(&Grant::everywhere(Role::SystemAdmin))
    }

    /// Whether one of the grants is of this role, however far it reaches.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Lets only those go on who [have](Self::has) the role.
    ///
    /// # Errors
    /// `Forbidden` for everybody else.
    pub fn needs(&self, role: Role) -> Result<(), ProblemCode> {
        if self.has(role) {
            Ok(())
        } else {
            Err(ProblemCode::Forbidden)
        }
    }
}

impl Actor {
    /// The account's id; none for visitors and the system.
    #[must_use]
    pub const fn id(&self) -> Option<i64> {
        match self {
            Self::Person(person) => Some(person.id),
            Self::Staff(staff) => Some(staff.id),
            Self::Visitor | Self::System => None,
        }
    }

    /// As the audit trail names it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Person(_) => "person",
            Self::Staff(_) => "staff",
            Self::System => "system",
        }
    }
}
