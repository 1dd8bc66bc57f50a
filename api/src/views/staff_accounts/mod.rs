//! Staff accounts as a security administrator sees them, and as each sees the own one.

use shared::{
    contract::{
        account::{GrantView, StaffAccountView},
        paging::{PageQuery, PageView},
        problem::ProblemCode,
    },
    domain::id::{AccountId, GrantId},
};

use crate::{
    access::StaffActor,
    database::{DbConnection, StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::staff_store::{self, GrantRow, StaffRow},
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
    let wanted = page.wanted();
    let mut items = services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            let rows = staff_store::list_staff(connection, after, i64::from(wanted) + 1)?;
            with_grants(connection, rows)
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
    services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            let row = staff_store::get_staff(connection, account)?;
            with_grants(connection, vec![row])?.pop().ok_or(StoreError::NotFound)
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

fn with_grants(connection: &mut DbConnection, rows: Vec<StaffRow>) -> Result<Vec<StaffAccountView>, StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let grants = staff_store::list_grants(connection, &ids)?;
    Ok(rows.into_iter().map(|row| view(row, &grants)).collect())
}

fn view(row: StaffRow, grants: &[GrantRow]) -> StaffAccountView {
    let grants = grants.iter().filter(|grant| grant.account_id == row.id);
    StaffAccountView {
        id: AccountId(row.id),
        username: row.username,
        display_name: row.display_name,
        post: row.post,
        unit: row.unit,
        status: row.status,
        must_change_password: row.must_change_password,
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
