//! The search of staff: all words of the cases that a role of theirs reaches, newest first.

use shared::{
    contract::{
        moderation::{FoundCaseView, StaffSearchQuery},
        paging::{PageQuery, PageView},
        problem::ProblemCode,
        public_case::{NamedCode, SEARCH_MAX},
    },
    domain::{case::CaseState, receipt::ReceiptCodec, role::Role, time::Timestamp},
};

use super::moderation::entry;
use crate::{
    access::{Actor, viewpoint::actor_facts},
    city::City,
    database::{
        StoreError,
        search::{self, SearchIndex},
    },
    errors::Failure,
    services::Services,
    stores::{case_store::CaseRow, parse_word},
    views::public::list::{by_id, cursor},
};

/// Hits looked at for one page when a scope may pass over some.
const LOOKED_AT: i64 = 500;

/// A page of the cases that hold the words. A page may be short and still have a `next`.
///
/// # Errors
/// `Invalid` for too many words; `Forbidden` for who handles no cases; `Busy`.
pub async fn search_cases(
    services: &Services,
    actor: &Actor,
    query: StaffSearchQuery,
) -> Result<PageView<FoundCaseView>, Failure> {
    let Actor::Staff(staff) = actor else {
        return Err(ProblemCode::Forbidden.into());
    };
    if !staff.grants.iter().any(|grant| handles_cases(grant.role)) {
        return Err(ProblemCode::Forbidden.into());
    }
    let words = query.q.trim().to_owned();
    if words.is_empty() || words.chars().count() > SEARCH_MAX {
        return Err(Failure::invalid("q", format!("请输入 1 至 {SEARCH_MAX} 个字")));
    }
    let before = cursor(query.after.as_deref())?;
    let page = PageQuery {
        after: None,
        limit: query.limit,
    };
    let wanted = page.wanted() as usize;
    let everywhere = staff.grants.iter().any(|grant| {
        handles_cases(grant.role) && grant.unit.is_none() && grant.region.is_none() && grant.kinds.is_none()
    });
    let limit = if everywhere {
        i64::try_from(wanted).unwrap_or(1) + 1
    } else {
        LOOKED_AT
    };
    let (city, receipts, actor) = (services.city(), services.receipts.clone(), actor.clone());
    services
        .database
        .readers
        .read(move |connection| {
            let hits =
                search::find_ids(connection, SearchIndex::Staff, &words, before, limit).map_err(StoreError::from)?;
            let full = i64::try_from(hits.len()).is_ok_and(|count| count == limit);
            let last = hits.last().copied().filter(|_| full);
            let mut rows = by_id(connection, &hits)?;
            rows.retain(|row| reaches(&city, &actor, row));
            let more = rows.len() > wanted;
            rows.truncate(wanted);
            let next = if more { rows.last().map(|row| row.id) } else { last };
            let items: Result<Vec<_>, Failure> = rows.iter().map(|row| found(&city, &receipts, row)).collect();
            Ok(PageView {
                items: items?,
                next: next.map(|id| id.to_string()),
            })
        })
        .await
}

/// Roles that have to do with single cases; administrators and analysts do not read them.
const fn handles_cases(role: Role) -> bool {
    !matches!(
        role,
        Role::Visitor
            | Role::Requester
            | Role::System
            | Role::SystemAdmin
            | Role::SecurityAdmin
            | Role::AuditAdmin
            | Role::KnowledgeEditor
            | Role::Analyst
            | Role::Deputy
    )
}

/// Whether a role of the actor's reaches the case, moderators only public ones.
fn reaches(city: &City, actor: &Actor, row: &CaseRow) -> bool {
    actor_facts(city, actor, row, None)
        .roles
        .iter()
        .any(|role| handles_cases(*role) && (*role != Role::Moderator || row.is_public()))
}

fn found(city: &City, receipts: &ReceiptCodec, row: &CaseRow) -> Result<FoundCaseView, Failure> {
    let state: CaseState = parse_word("cases.state", &row.state)?;
    Ok(FoundCaseView {
        entry: entry(city, receipts, row)?,
        state_name: state.name_zh().to_owned(),
        unit: row.lead_unit.as_deref().map(|code| NamedCode {
            code: code.to_owned(),
            name: city.unit_name(code).to_owned(),
        }),
        due_at: row.due_at.map(Timestamp),
    })
}
