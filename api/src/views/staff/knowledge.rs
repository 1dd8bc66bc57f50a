//! Knowledge articles as staff see them: every version with who wrote it and where it stands. Any of the staff may read them; what
//! residents find is decided in `views::reference`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::{
    contract::{
        knowledge::{KnowledgeArticleView, KnowledgeArticlesQuery},
        paging::{PageQuery, PageView},
        public_case::NamedCode,
        reference::LONGEST_SEARCH,
    },
    domain::{knowledge::ArticleState, time::Timestamp},
};

use crate::{
    city::City,
    database::{
        DbConnection, StoreError,
        search::{self, SearchIndex},
    },
    errors::Failure,
    services::Services,
    stores::{
        desk_store,
        knowledge_store::{self, ArticleAt},
    },
    views::public::list::cursor,
};

/// Articles looked through for one page.
const LOOKED_AT: i64 = 300;

/// A page of the articles, newest first.
///
/// # Errors
/// `Invalid` for too many words; `Malformed` for a cursor that is none; `Busy`.
pub async fn list(
    services: &Services,
    query: KnowledgeArticlesQuery,
) -> Result<PageView<KnowledgeArticleView>, Failure> {
    let before = cursor(query.after.as_deref())?;
    let page = PageQuery {
        after: None,
        limit: query.limit,
    };
    let words = query.q.as_deref().map(str::trim).map(str::to_owned);
    if words
        .as_ref()
        .is_some_and(|words| words.is_empty() || words.chars().count() > LONGEST_SEARCH)
    {
        return Err(Failure::invalid("q", format!("请输入 1 至 {LONGEST_SEARCH} 个字")));
    }
    let (city, today) = (services.city(), services.now().city_date());
    let wanted = page.wanted() as usize;
    services
        .database
        .readers
        .read(move |connection| {
            let (mut found, mut next) = look(connection, words.as_deref(), query.owner_unit.as_deref(), before)?;
            let mut kept = Vec::new();
            for at in found.drain(..) {
                let state = state(&at, today)?;
                if query
                    .state
                    .map_or(state != ArticleState::Retired, |asked| asked == state)
                {
                    kept.push(at);
                }
            }
            if kept.len() > wanted {
                kept.truncate(wanted);
                next = kept.last().map(|(row, _)| row.id);
            }
            Ok(PageView {
                items: views(connection, &city, today, &kept)?,
                next: next.map(|id| id.to_string()),
            })
        })
        .await
}

/// Some articles before the id `before`, newest first, and where to go on when there may be more.
fn look(
    connection: &mut DbConnection,
    words: Option<&str>,
    owner: Option<&str>,
    before: i64,
) -> Result<(Vec<ArticleAt>, Option<i64>), StoreError> {
    let full = |count: usize| i64::try_from(count).is_ok_and(|count| count == LOOKED_AT);
    let Some(words) = words else {
        let found = knowledge_store::list_articles(connection, owner, before, LOOKED_AT)?;
        let next = found.last().map(|(row, _)| row.id).filter(|_| full(found.len()));
        return Ok((found, next));
    };
    let ids = search::find_ids(connection, SearchIndex::Articles, words, before, LOOKED_AT)?;
    let next = ids.last().copied().filter(|_| full(ids.len()));
    let mut found = knowledge_store::list_these(connection, &ids)?;
    found.retain(|(row, _)| owner.is_none_or(|unit| unit == row.owner_unit));
    found.sort_by_key(|(row, _)| std::cmp::Reverse(row.id));
    Ok((found, next))
}

/// The present version of one article.
///
/// # Errors
/// `NotFound`; `Busy`.
pub async fn show(services: &Services, code: String) -> Result<KnowledgeArticleView, Failure> {
    let (city, today) = (services.city(), services.now().city_date());
    services
        .database
        .readers
        .read(move |connection| {
            let at = knowledge_store::get_article(connection, &code).map_err(StoreError::from)?;
            let mut views = views(connection, &city, today, &[at])?;
            views.pop().ok_or_else(|| StoreError::NotFound.into())
        })
        .await
}

/// A page of the versions of one article, newest first; the cursor is a version's number.
///
/// # Errors
/// `NotFound`; `Malformed` for a cursor that is none; `Busy`.
pub async fn versions(
    services: &Services,
    code: String,
    query: &PageQuery,
) -> Result<PageView<KnowledgeArticleView>, Failure> {
    let before = cursor(query.after.as_deref())?;
    let wanted = query.wanted();
    let (city, today) = (services.city(), services.now().city_date());
    services
        .database
        .readers
        .read(move |connection| {
            let (row, _) = knowledge_store::get_article(connection, &code).map_err(StoreError::from)?;
            let mut versions = knowledge_store::list_versions(connection, row.id, before, i64::from(wanted) + 1)
                .map_err(StoreError::from)?;
            let more = versions.len() > wanted as usize;
            versions.truncate(wanted as usize);
            let next = versions.last().map(|last| last.version).filter(|_| more);
            let of_article: Vec<ArticleAt> = versions.into_iter().map(|version| (row.clone(), version)).collect();
            Ok(PageView {
                items: views(connection, &city, today, &of_article)?,
                next: next.map(|version| version.to_string()),
            })
        })
        .await
}

fn state((row, version): &ArticleAt, today: NaiveDate) -> Result<ArticleState, StoreError> {
    if version.version < row.version {
        Ok(ArticleState::Replaced)
    } else if row.is_retired {
        Ok(ArticleState::Retired)
    } else {
        Ok(version.article(&row.code)?.state_on(today))
    }
}

/// The versions with the names of who wrote them: one statement.
fn views(
    connection: &mut DbConnection,
    city: &City,
    today: NaiveDate,
    versions: &[ArticleAt],
) -> Result<Vec<KnowledgeArticleView>, Failure> {
    let writers: Vec<i64> = versions.iter().filter_map(|(_, version)| version.changed_by).collect();
    let names = desk_store::list_names(connection, &writers).map_err(StoreError::from)?;
    let names: BTreeMap<i64, String> = names.into_iter().collect();
    let view = |at: &ArticleAt| {
        let (row, version) = at;
        let article = version.article(&row.code)?;
        Ok(KnowledgeArticleView {
            id: article.id,
            version: version.version,
            state: state(at, today)?,
            question: article.question,
            answer: article.answer,
            basis: article.basis,
            owner_unit: NamedCode {
                name: city.unit_name(&article.owner_unit).to_owned(),
                code: article.owner_unit,
            },
            category: article.category,
            words: article.words,
            valid_from: article.valid_from,
            valid_to: article.valid_to,
            retired_because: version.retired_because.clone(),
            changed_by: version.changed_by.and_then(|id| names.get(&id).cloned()),
            changed_at: Timestamp(version.changed_at),
        })
    };
    versions.iter().map(view).collect()
}
