//! Tells owners that an article of theirs ends soon, or has ended while nobody was told: once for each version, in one write with the
//! mark that it was done. A unit at whose desk nobody sits is spoken for by the knowledge editors.

use std::sync::Arc;

use shared::domain::{knowledge::KnowledgeArticle, role::Role, time::Timestamp};

use crate::{
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{
        knowledge_store::{self, ArticleAt},
        notice_store, staff_store,
    },
    usecases::account_notice,
};

/// The topic of these notices.
const TOPIC: &str = "knowledge_expiring";

/// Articles whose owners are to be told by now, after the place `after`, longest due first.
///
/// # Errors
/// The database's failure.
pub async fn due(services: &Services, after: (i64, i64), limit: i64) -> Result<Vec<ArticleAt>, Failure> {
    let now = services.now();
    services
        .database
        .readers
        .read(move |connection| {
            let page = knowledge_store::list_to_tell(connection, now, after, limit);
            page.map_err(|error| StoreError::from(error).into())
        })
        .await
}

/// Tells the owners of these articles, as far as that was not done meanwhile; answers of how many articles they were told.
///
/// # Errors
/// The database's failure.
pub async fn tell_owners(services: &Arc<Services>, page: Vec<ArticleAt>) -> Result<usize, Failure> {
    let held = Arc::clone(services);
    services
        .database
        .writer
        .write(move |transaction| {
            let (mut told, now) = (0, held.now());
            for (row, version) in &page {
                if !knowledge_store::set_told(transaction, row)? {
                    continue;
                }
                let (title, body) = words(&version.article(&row.code)?, now);
                let desk = transaction.read(|connection| {
                    let desk = notice_store::list_unit_desk(connection, &row.owner_unit)?;
                    if desk.is_empty() {
                        staff_store::list_with_roles(connection, &[Role::KnowledgeEditor.as_str()], now.0)
                    } else {
                        Ok(desk)
                    }
                })?;
                for recipient in desk {
                    account_notice::tell(&held, transaction, recipient, TOPIC, title, &body);
                }
                told += 1;
            }
            Ok(told)
        })
        .await
}

fn words(article: &KnowledgeArticle, now: Timestamp) -> (&'static str, String) {
    let question = &article.question;
    let last = article.valid_to.map(|last| last.format("%Y年%-m月%-d日").to_string());
    let last = last.unwrap_or_default();
    if article.holds_on(now.city_date()) {
        let body =
            format!("“{question}”的有效期到{last}为止。请核对内容，需要继续使用的请知识库编辑延长有效期或更新答复。");
        ("知识条目即将到期", body)
    } else {
        let body =
            format!("“{question}”的有效期已于{last}结束，居民已经看不到。请核对内容，需要继续使用的请知识库编辑更新。");
        ("知识条目已经到期", body)
    }
}
