//! The knowledge articles that are not retired, in memory: a question in somebody's own words is compared with each of them. The rows
//! are the truth. City data fill them and never write over what an editor changed.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use shared::domain::{knowledge::KnowledgeArticle, time::Timestamp};

use crate::{
    database::{Database, StoreError, Transaction, ids::IdMaker},
    stores::knowledge_store::{self, ArticleAt, NewVersion},
};

/// Why an article that the city's data no longer hold is retired.
const NOT_IN_DATA: &str = "新导入的城市数据里已没有这一条";

/// The articles at one moment.
#[derive(Debug, Default)]
pub struct Articles {
    /// Versions that had been written by then.
    pub changes: i64,
    /// Those that are not retired, oldest first; also those that do not hold yet, or no longer.
    pub list: Vec<KnowledgeArticle>,
}

impl Articles {
    /// The article with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&KnowledgeArticle> {
        self.list.iter().find(|article| article.id == id)
    }
}

/// The present articles, replaced as a whole when one changes.
#[derive(Debug, Default)]
pub struct CurrentArticles(RwLock<Arc<Articles>>);

impl CurrentArticles {
    /// The articles as they were read last.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Articles> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the articles again when any changed, in this process or another. One small query when none did.
    ///
    /// # Errors
    /// The database's failure: the articles read before stay.
    pub async fn refresh_if_changed(&self, database: &Database) -> Result<(), StoreError> {
        let known = self.snapshot().changes;
        let read = database.readers.read(move |connection| {
            // Counted first: what is written in between is read again the next time.
            let changes = knowledge_store::count_changes(connection)?;
            if changes == known {
                return Ok(None);
            }
            let rows = knowledge_store::list_all(connection)?;
            let in_use = rows.iter().filter(|(article, _)| !article.is_retired);
            let list: Result<_, StoreError> = in_use
                .map(|(article, version)| version.article(&article.code))
                .collect();
            Ok::<_, StoreError>(Some(Articles { changes, list: list? }))
        });
        if let Some(articles) = read.await? {
            let mut present = self.0.write().unwrap_or_else(PoisonError::into_inner);
            // Of two that read at once the slower one may have the older articles.
            if present.changes < articles.changes {
                *present = Arc::new(articles);
            }
        }
        Ok(())
    }
}

/// Fills the articles from the city's data: new ones are added, and those that only ever came from such data follow them, to their
/// end too. What an editor changed or wrote stays.
///
/// # Errors
/// The database's failure.
pub fn take_up(
    transaction: &mut Transaction<'_>,
    ids: &IdMaker,
    now: Timestamp,
    document: &[KnowledgeArticle],
) -> Result<(), StoreError> {
    let present = transaction.read(knowledge_store::list_all)?;
    let mut present: BTreeMap<String, ArticleAt> = present.into_iter().map(|at| (at.0.code.clone(), at)).collect();
    for article in document {
        let new = from_data(article, None, now);
        match present.remove(&article.id) {
            None => knowledge_store::add_article(transaction, ids.next(now), article.id.clone(), &new)?,
            Some((_, version)) if version.changed_by.is_some() => {}
            Some((row, version)) => {
                if row.is_retired || version.article(&row.code)? != *article {
                    knowledge_store::add_version(transaction, &row, &new)?;
                }
            }
        }
    }
    for (row, version) in present.into_values() {
        if version.changed_by.is_none() && !row.is_retired {
            let article = version.article(&row.code)?;
            knowledge_store::add_version(transaction, &row, &from_data(&article, Some(NOT_IN_DATA), now))?;
        }
    }
    Ok(())
}

fn from_data<'a>(
    article: &'a KnowledgeArticle,
    retired_because: Option<&'a str>,
    changed_at: Timestamp,
) -> NewVersion<'a> {
    NewVersion {
        article,
        retired_because,
        changed_by: None,
        changed_at,
    }
}
