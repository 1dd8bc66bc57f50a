//! The articles.

use actix_web::{get, web};
use shared::contract::{
    knowledge::{KnowledgeArticleView, KnowledgeArticlesQuery},
    paging::PageView,
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views::staff::knowledge as view,
};

/// Knowledge articles by words, owner and state, newest first
#[utoipa::path(tag = "knowledge", operation_id = "list_knowledge_articles", security(("bearer" = [])),
    params(KnowledgeArticlesQuery),
    responses((status = 200, description = "A page", body = PageView<KnowledgeArticleView>)))]
#[get("/api/v1/staff/knowledge")]
pub(crate) async fn list_knowledge_articles(
    services: Given,
    _staff: Staff,
    query: web::Query<KnowledgeArticlesQuery>,
) -> Answer {
    ok(view::list(&services, query.into_inner()).await?)
}
