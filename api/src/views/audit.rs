//! The audit trail as audit administrators read it: newest first, in pages of bounded cost.

use std::{collections::HashMap, ops::RangeInclusive};

use chrono::{Datelike, NaiveDate, NaiveTime};
use shared::{
    contract::{
        audit::{AuditQuery, AuditRecordView},
        paging::{PageQuery, PageView},
    },
    domain::{
        id::{AccountId, AuditId},
        time::Timestamp,
    },
};

use crate::{
    database::{
        DbConnection, StoreError,
        ids::{first_id_at, made_at},
    },
    errors::Failure,
    services::Services,
    stores::{
        audit_store::{self, AuditFilter, NewAuditRow},
        desk_store,
    },
};

/// Records looked through for a page at most.
const LOOKED_THROUGH: i64 = 5_000;
/// Those that ids can tell.
const YEARS: RangeInclusive<i32> = 2020..=2080;
/// The longest name of an act or a result that is looked for.
const LONGEST: usize = 80;

/// A part of the trail that can be asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    filter: AuditFilter,
    limit: u32,
}

impl Wanted {
    /// What the query asks for.
    ///
    /// # Errors
    /// `Invalid` for a cursor, an account, a receipt number or words that are none.
    pub fn of(services: &Services, query: &AuditQuery) -> Result<Self, Failure> {
        let number = |field: &'static str, text: &Option<String>| -> Result<Option<i64>, Failure> {
            let parsed = text.as_deref().map(str::parse::<i64>).transpose();
            parsed.map_err(|_| Failure::invalid(field, "不是有效的编号"))
        };
        let word = |field: &'static str, text: &Option<String>| match text {
            Some(text) if text.len() > LONGEST => Err(Failure::invalid(field, "太长了")),
            _ => Ok(text.clone()),
        };
        let case = query.case.as_deref().map(|receipt| services.receipts.read(receipt));
        let case = case
            .transpose()
            .map_err(|_| Failure::invalid("case", "不是有效的编号"))?;
        let after = number("after", &query.after)?;
        let day = |field: &'static str, day: Option<NaiveDate>| match day {
            Some(day) if !YEARS.contains(&day.year()) => Err(Failure::invalid(field, "这一天没有记录")),
            day => Ok(day),
        };
        let (from, until) = (day("from", query.from)?, day("until", query.until)?);
        let until = until.and_then(|day| day.succ_opt()).map(start_of);
        let before = [after, until].into_iter().flatten().min();
        let page = PageQuery {
            after: None,
            limit: query.limit,
        };
        Ok(Self {
            filter: AuditFilter {
                before: before.unwrap_or(i64::MAX),
                from: from.map_or(0, start_of),
                actor: number("actor", &query.actor)?,
                action: word("action", &query.action)?,
                case,
                result: word("result", &query.result)?,
            },
            limit: page.wanted(),
        })
    }
}

/// The first id of a day of the city.
fn start_of(day: NaiveDate) -> i64 {
    first_id_at(Timestamp::from_city_time(day.and_time(NaiveTime::MIN)))
}

/// A page of the trail.
///
/// # Errors
/// The database's failure.
pub async fn list(services: &Services, wanted: Wanted) -> Result<PageView<AuditRecordView>, Failure> {
    let limit = i64::from(wanted.limit);
    let (rows, next, names) = services
        .database
        .readers
        .read(move |connection| read(connection, &wanted.filter, limit))
        .await?;
    let view = |row: NewAuditRow| AuditRecordView {
        id: AuditId(row.id),
        at: made_at(row.id),
        actor_name: row.actor_id.and_then(|id| names.get(&id).cloned()),
        actor: row.actor_id.map(AccountId),
        actor_kind: row.actor_kind,
        action: row.action,
        object: row.object_id.map(|id| match row.object_kind.as_str() {
            "case" => services.receipts.write(id),
            _ => id.to_string(),
        }),
        object_kind: row.object_kind,
        result: row.result,
        source_address: row.source_address,
        request_id: row.request_id,
        detail: serde_json::from_str(&row.detail).unwrap_or_default(),
    };
    Ok(PageView {
        items: rows.into_iter().map(view).collect(),
        next: next.map(|next| next.to_string()),
    })
}

type Read = (Vec<NewAuditRow>, Option<i64>, HashMap<i64, String>);

/// Three statements: how far is looked, what is found there, the names of staff.
fn read(connection: &mut DbConnection, filter: &AuditFilter, limit: i64) -> Result<Read, StoreError> {
    let end = audit_store::find_after(connection, filter.before, LOOKED_THROUGH)?;
    // What lies before the first day is not asked for.
    let end = end.filter(|end| *end > filter.from);
    let mut rows = audit_store::list_records(connection, filter, end.unwrap_or(filter.from), limit + 1)?;
    let next = if i64::try_from(rows.len()).is_ok_and(|found| found > limit) {
        rows.pop();
        rows.last().map(|row| row.id)
    } else {
        end
    };
    let mut staff: Vec<i64> = rows
        .iter()
        .filter(|row| row.actor_kind == "staff")
        .filter_map(|row| row.actor_id)
        .collect();
    staff.sort_unstable();
    staff.dedup();
    let names = desk_store::list_names(connection, &staff)?;
    Ok((rows, next, names.into_iter().collect()))
}
