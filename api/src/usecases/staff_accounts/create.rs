//! Makes a staff account: by a security administrator over HTTP, or by the operator's command.

use std::sync::Arc;

use shared::domain::{
    password::{self, STAFF_CLASSES},
    role::Grant,
    time::Timestamp,
};

use super::{MOST_GRANTS, check_grant, check_together, require_security_admin};
use crate::{
    access::{Actor, RequestContext},
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::staff_store::{NewGrantRow, NewStaffRow},
    usecases::{
        audit::{self, Act},
        idempotency, words,
    },
};

/// A staff account to be made.
#[derive(Clone)]
pub struct NewStaffAccount {
    /// 3 to 40 of `a-z`, `0-9`, `.`, `_` and `-`, starting with a letter.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The person's post.
    pub post: String,
    /// Code of the unit.
    pub unit: String,
    /// The first password.
    pub password: String,
    /// Whether it has to be changed before anything else.
    pub must_change_password: bool,
    /// Roles and how far each reaches.
    pub grants: Vec<Grant>,
    /// When the account ends by itself, if it does.
    pub active_until: Option<Timestamp>,
}

/// Answers the account's id. `Actor::System` is the operator's command.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator; `Invalid`; `AlreadyExists` when the name is taken.
pub async fn create(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: Actor,
    new: NewStaffAccount,
) -> Result<i64, Failure> {
    match &actor {
        Actor::System => {}
        Actor::Staff(staff) => require_security_admin(staff)?,
        Actor::Visitor | Actor::Person(_) => {
            return Err(shared::contract::problem::ProblemCode::Forbidden.into());
        }
    }
    let new = checked(&new)?;
    let hash = services.access.passwords.hash(&new.password).await?;
    let rows = rows(services, &new, hash, actor.id());
    // Of the password only that it is the same one enters the fingerprint's digest.
    let request = (
        &new.username,
        &new.display_name,
        &new.post,
        &new.unit,
        &new.password,
        &new.grants,
    );
    let (shared, told) = (Arc::clone(services), context.clone());
    let by = actor.clone();
    idempotency::once(
        services,
        actor.id().unwrap_or_default(),
        context,
        "staff_account.create",
        &request,
        move |transaction| {
            rows.add(&shared, transaction, &by, &told);
            Ok(rows.account())
        },
    )
    .await
}

/// The rows of an account to be made.
pub(super) struct AccountRows {
    account: NewStaffRow,
    grants: Vec<NewGrantRow>,
}

/// The rows of an account that was checked.
pub(super) fn rows(
    services: &Services,
    new: &NewStaffAccount,
    password_hash: String,
    granted_by: Option<i64>,
) -> AccountRows {
    let account = NewStaffRow {
        id: services.next_id(),
        version: 1,
        username: new.username.clone(),
        display_name: new.display_name.clone(),
        post: new.post.clone(),
        unit: new.unit.clone(),
        password_hash,
        must_change_password: new.must_change_password,
        password_set_at: services.now().0,
        status: "active".to_owned(),
        active_until: new.active_until.map(|until| until.0),
    };
    let grants = new.grants.iter();
    AccountRows {
        grants: grants
            .map(|grant| NewGrantRow::of(services.next_id(), account.id, grant, granted_by))
            .collect(),
        account,
    }
}

impl AccountRows {
    /// The account's id.
    pub(super) const fn account(&self) -> i64 {
        self.account.id
    }

    /// Adds them, with the act's line in the trail.
    pub(super) fn add(
        &self,
        services: &Services,
        transaction: &mut Transaction<'_>,
        by: &Actor,
        context: &RequestContext,
    ) {
        transaction.append(self.account.clone());
        for grant in &self.grants {
            transaction.append(grant.clone());
        }
        let roles: Vec<_> = self.grants.iter().map(|grant| grant.role.as_str()).collect();
        let act = Act::done("staff_account.create", "staff", Some(self.account.id))
            .with(serde_json::json!({ "unit": self.account.unit, "roles": roles }));
        audit::record_act(services, transaction, by, context, &act);
    }
}

/// The account with its texts as they are kept.
///
/// # Errors
/// `Invalid` with the field that is wrong.
pub(super) fn checked(new: &NewStaffAccount) -> Result<NewStaffAccount, Failure> {
    let username = check_username(&new.username)?;
    password::check(&new.password, &username, STAFF_CLASSES)
        .map_err(|error| Failure::invalid("password", error.message_zh()))?;
    if new.grants.len() > MOST_GRANTS {
        return Err(Failure::invalid("grants", format!("最多 {MOST_GRANTS} 个角色")));
    }
    new.grants.iter().try_for_each(check_grant)?;
    check_together(new.grants.iter().map(|grant| grant.role))?;
    Ok(NewStaffAccount {
        username,
        display_name: words::short_and_there("display_name", &new.display_name, 40)?,
        post: words::short("post", &new.post, 60)?,
        unit: words::short_and_there("unit", &new.unit, 64)?,
        ..new.clone()
    })
}

fn check_username(text: &str) -> Result<String, Failure> {
    let name = text.trim().to_lowercase();
    let right = (3..=40).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, '.' | '_' | '-'));
    if right {
        Ok(name)
    } else {
        Err(Failure::invalid(
            "username",
            "3 至 40 位小写字母、数字、点、横线或下划线，以字母开头",
        ))
    }
}
