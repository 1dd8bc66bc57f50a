//! Staff accounts as a security administrator sees them, and as each sees the own one.

use shared::{
    contract::{
        account::{GrantView, StaffAccountView},
        paging::{PageQuery, PageView},
        problem::ProblemCode,
    },
    domain::{
        id::{AccountId, GrantId},
        time::Timestamp,
    },
};

use crate::{
    access::{StaffActor, standing},
    config::StaffConfig,
    database::{DbConnection, StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{
        second_factor_store,
        staff_store::{self, GrantRow, StaffRow},
    },
};

/// One page of all accounts, oldest first.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator; `Invalid` for a cursor that is none.
pub async fn list(
    services: &Services,
    viewer: &StaffActor,
    page: &PageQuery,
) -> Result<PageView<StaffAccountView>, Failure> {
    require_security_admin(viewer)?;
    let after: i64 = match &page.after {
        Some(text) => text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))?,
        None => 0,
    };
    let (wanted, config) = (page.wanted(), services.config.staff);
    let mut items = services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            let rows = staff_store::list_staff(connection, after, i64::from(wanted) + 1)?;
            with_grants(connection, &config, rows)
        })
        .await?;
    let full = items.len() > wanted as usize;
    items.truncate(wanted as usize);
    let next = items.last().filter(|_| full).map(|last| last.id.to_string());
    Ok(PageView { items, next })
}

/// One account. Everybody on the staff sees the own one.
///
/// # Errors
/// `Forbidden`; `NotFound`.
pub async fn one(services: &Services, viewer: &StaffActor, account: i64) -> Result<StaffAccountView, Failure> {
    if viewer.id != account {
        require_security_admin(viewer)?;
    }
    let config = services.config.staff;
    services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            let row = staff_store::get_staff(connection, account)?;
            let has_codes = row.second_factor_since.is_some();
            let view = with_grants(connection, &config, vec![row])?.pop();
            let mut view = view.ok_or(StoreError::NotFound)?;
            if has_codes {
                view.recovery_codes_left = Some(second_factor_store::count_codes(connection, account)?);
            }
            Ok(view)
        })
        .await
        .map_err(Failure::from)
}

fn require_security_admin(viewer: &StaffActor) -> Result<(), Failure> {
    if viewer.manages_accounts() {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

fn with_grants(
    connection: &mut DbConnection,
    config: &StaffConfig,
    rows: Vec<StaffRow>,
) -> Result<Vec<StaffAccountView>, StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let grants = staff_store::list_grants(connection, &ids)?;
    Ok(rows.into_iter().map(|row| view(config, row, &grants)).collect())
}

fn view(config: &StaffConfig, row: StaffRow, grants: &[GrantRow]) -> StaffAccountView {
    let grants = grants.iter().filter(|grant| grant.account_id == row.id);
    let password_ends_at = standing::password_ends_at(config, &row);
    StaffAccountView {
        id: AccountId(row.id),
        username: row.username,
        display_name: row.display_name,
        post: row.post,
        unit: row.unit,
        status: row.status,
        must_change_password: row.must_change_password,
        password_ends_at,
        second_factor_since: row.second_factor_since.map(Timestamp),
        recovery_codes_left: None,
        active_until: row.active_until.map(Timestamp),
        created_at: made_at(row.id),
        grants: grants
            .filter_map(|grant| {
                Some(GrantView {
                    id: GrantId(grant.id),
                    grant: grant.grant()?,
                    granted_at: made_at(grant.id),
                    granted_by: grant.granted_by.map(AccountId),
                })
            })
            .collect(),
    }
}
