//! The list of public cases, newest first, and the search among released words.
//!
//! One condition walks its own index. Several walk the narrower one's index over a bounded number of rows; a page may then be
//! short and still have a `next`.

use diesel::prelude::*;
use shared::{
    contract::{
        paging::{PageQuery, PageView},
        problem::ProblemCode,
        public_case::{ProgressStatus, PublicCaseSummary, PublicCasesQuery, SEARCH_MAX},
    },
    domain::case::Visibility,
};

use super::face::load_faces;
use crate::{
    database::{
        DbConnection, StoreError,
        schema::cases,
        search::{self, SearchIndex},
    },
    errors::Failure,
    services::Services,
    stores::case_store::CaseRow,
};

/// Rows looked at for one page when conditions are combined.
const LOOKED_AT: i64 = 1_000;
/// Hits looked at for one page when a search is combined with conditions.
const HITS_LOOKED_AT: i64 = 500;

/// A page of public cases.
///
/// # Errors
/// `Invalid` for a cursor or words that are none; `Busy`.
pub async fn list_public_cases(
    services: &Services,
    query: PublicCasesQuery,
) -> Result<PageView<PublicCaseSummary>, Failure> {
    let before = cursor(query.after.as_deref())?;
    let words = query.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
    if words.is_some_and(|words| words.chars().count() > SEARCH_MAX) {
        return Err(Failure::invalid("q", format!("最多 {SEARCH_MAX} 个字")));
    }
    let city = services.city();
    if query
        .county
        .as_deref()
        .is_some_and(|code| city.regions.get(code).is_none())
    {
        return Err(Failure::invalid("county", "没有这个区县"));
    }
    if query
        .category
        .as_deref()
        .is_some_and(|code| city.categories.get(code).is_none())
    {
        return Err(Failure::invalid("category", "没有这个类别"));
    }
    let receipts = services.receipts.clone();
    let words = words.map(str::to_owned);
    services
        .database
        .readers
        .read(move |connection| {
            let page = match &words {
                Some(words) => search_page(connection, words, &query, before)?,
                None => plain_page(connection, &query, before)?,
            };
            let faces = load_faces(connection, &page.rows)?;
            let items: Result<_, Failure> = page
                .rows
                .iter()
                .map(|row| faces.summary(&city, &receipts, row))
                .collect();
            Ok(PageView {
                items: items?,
                next: page.next.map(|id| id.to_string()),
            })
        })
        .await
}

/// The id that the page goes on below.
pub(crate) fn cursor(after: Option<&str>) -> Result<i64, Failure> {
    after.map_or(Ok(i64::MAX), |text| {
        text.parse()
            .ok()
            .filter(|id| *id > 0)
            .ok_or_else(|| Failure::new(ProblemCode::Malformed).with_detail("after"))
    })
}

struct Page {
    rows: Vec<CaseRow>,
    next: Option<i64>,
}

fn wanted(query: &PublicCasesQuery) -> usize {
    let page = PageQuery {
        after: None,
        limit: query.limit,
    };
    page.wanted() as usize
}

/// Cuts the page to its length; the one row more tells that there is a next page.
fn cut(mut rows: Vec<CaseRow>, wanted: usize) -> Page {
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    Page { rows, next }
}

fn plain_page(connection: &mut DbConnection, query: &PublicCasesQuery, before: i64) -> Result<Page, Failure> {
    let wanted = wanted(query);
    let limit = i64::try_from(wanted).unwrap_or(1) + 1;
    let given = [query.county.is_some(), query.category.is_some(), query.status.is_some()];
    if given.iter().filter(|given| **given).count() <= 1 {
        let mut list = cases::table
            .filter(
                cases::visibility
                    .eq(Visibility::Public.as_str())
                    .and(cases::id.lt(before)),
            )
            .order(cases::id.desc())
            .limit(limit)
            .select(CaseRow::as_select())
            .into_boxed();
        if let Some(county) = &query.county {
            list = list.filter(cases::county.eq(county));
        }
        if let Some(category) = &query.category {
            list = list.filter(cases::category.eq(category));
        }
        if let Some(status) = query.status {
            list = list.filter(cases::is_open.eq(status == ProgressStatus::Open));
        }
        return Ok(cut(list.load(connection).map_err(StoreError::from)?, wanted));
    }
    let (ids, last) = narrowed(connection, query, before)?;
    let matching = ids.len();
    let chosen: Vec<i64> = ids.into_iter().take(wanted).collect();
    let next = if matching > wanted {
        chosen.last().copied()
    } else {
        last
    };
    Ok(Page {
        rows: by_id(connection, &chosen)?,
        next,
    })
}

/// The ids that meet several conditions, among a bounded number of rows of the narrower condition's index; and the last id looked
/// at, when there are more.
fn narrowed(
    connection: &mut DbConnection,
    query: &PublicCasesQuery,
    before: i64,
) -> Result<(Vec<i64>, Option<i64>), Failure> {
    let mut list = cases::table
        .filter(
            cases::visibility
                .eq(Visibility::Public.as_str())
                .and(cases::id.lt(before)),
        )
        .order(cases::id.desc())
        .limit(LOOKED_AT)
        .select((cases::id, cases::county, cases::is_open))
        .into_boxed();
    // A category is the narrower one: there are about sixty, and thirteen counties.
    list = match (&query.category, &query.county) {
        (Some(category), _) => list.filter(cases::category.eq(category)),
        (None, Some(county)) => list.filter(cases::county.eq(county)),
        (None, None) => list,
    };
    let rows: Vec<(i64, Option<String>, bool)> = list.load(connection).map_err(StoreError::from)?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == LOOKED_AT);
    let looked_at = rows.last().filter(|_| full).map(|(id, ..)| *id);
    let ids = rows
        .into_iter()
        .filter(|(_, county, is_open)| {
            query
                .county
                .as_ref()
                .is_none_or(|wanted| county.as_ref() == Some(wanted))
                && query
                    .status
                    .is_none_or(|status| *is_open == (status == ProgressStatus::Open))
        })
        .map(|(id, ..)| id)
        .collect();
    Ok((ids, looked_at))
}

fn search_page(
    connection: &mut DbConnection,
    words: &str,
    query: &PublicCasesQuery,
    before: i64,
) -> Result<Page, Failure> {
    let wanted = wanted(query);
    let filtered = query.county.is_some() || query.category.is_some() || query.status.is_some();
    let limit = if filtered {
        HITS_LOOKED_AT
    } else {
        i64::try_from(wanted).unwrap_or(1) + 1
    };
    let hits = search::find_ids(connection, SearchIndex::Public, words, before, limit).map_err(StoreError::from)?;
    let full = i64::try_from(hits.len()).is_ok_and(|count| count == limit);
    let last_hit = hits.last().copied().filter(|_| full);
    let rows: Vec<CaseRow> = by_id(connection, &hits)?
        .into_iter()
        .filter(|row| {
            row.is_public()
                && row.publication != crate::stores::publication_store::NONE
                && query
                    .county
                    .as_ref()
                    .is_none_or(|wanted| row.county.as_ref() == Some(wanted))
                && query
                    .category
                    .as_ref()
                    .is_none_or(|wanted| row.category.as_ref() == Some(wanted))
                && query
                    .status
                    .is_none_or(|status| row.is_open == (status == ProgressStatus::Open))
        })
        .collect();
    let page = cut(rows, wanted);
    Ok(Page {
        next: page.next.or(last_hit),
        rows: page.rows,
    })
}

/// The rows with these ids, newest first; at most 500 ids.
pub(crate) fn by_id(connection: &mut DbConnection, ids: &[i64]) -> Result<Vec<CaseRow>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cases::table
        .filter(cases::id.eq_any(ids))
        .order(cases::id.desc())
        .select(CaseRow::as_select())
        .load(connection);
    Ok(rows.map_err(StoreError::from)?)
}
