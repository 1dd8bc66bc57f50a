//! An administrator for an emergency, made on the machine itself when no security administrator can be reached: for some hours
//! only, and told to everybody whose work it is to watch.

use std::sync::Arc;

use shared::domain::{role::Role, time::Timestamp};

use super::create::{self, NewStaffAccount};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::staff_store,
    usecases::{
        account_notice,
        audit::{self, Act},
        words,
    },
};

/// Who is told.
const WATCHING: &[&str] = &[Role::SecurityAdmin.as_str(), Role::AuditAdmin.as_str()];
/// Longest reason, in characters.
const LONGEST_REASON: usize = 200;

/// Makes the account, whose end is `active_until`. The reason is written into the trail and to those who watch: it is meant for
/// them, the one text by a person that the trail holds.
///
/// # Errors
/// `Invalid` for an account that cannot be made so, or without a reason; `AlreadyExists` when the name is taken.
pub async fn break_glass(
    services: &Arc<Services>,
    new: &NewStaffAccount,
    until: Timestamp,
    reason: &str,
) -> Result<(), Failure> {
    let reason = words::short_and_there("reason", reason, LONGEST_REASON)?;
    let new = NewStaffAccount {
        active_until: Some(until),
        ..create::checked(new)?
    };
    let hash = services.access.passwords.hash(&new.password).await?;
    let rows = create::rows(services, &new, hash, None);
    let end = until.city_time().format("%Y年%-m月%-d日 %H:%M").to_string();
    let words = format!(
        "服务器上建立了应急管理员账号“{}”，{end}自动失效。原因：{reason}。如不知情，请马上核查。",
        new.username
    );
    let shared = Arc::clone(services);
    services
        .database
        .writer
        .write(move |transaction| -> Result<(), Failure> {
            let (context, now) = (RequestContext::default(), shared.now().0);
            rows.add(&shared, transaction, &Actor::System, &context);
            let act = Act::done("staff_account.break_glass", "staff", Some(rows.account()))
                .with(serde_json::json!({ "until": end, "reason": reason }));
            audit::record_act(&shared, transaction, &Actor::System, &context, &act);
            for watching in transaction.read(|connection| staff_store::list_with_roles(connection, WATCHING, now))? {
                account_notice::tell(&shared, transaction, watching, "break_glass", "应急管理员", &words);
            }
            Ok(())
        })
        .await?;
    tracing::warn!(%until, "an administrator for an emergency was made on this machine");
    Ok(())
}
