//! One article and its versions.

use actix_web::{get, web};
use shared::contract::{
    knowledge::KnowledgeArticleView,
    paging::{PageQuery, PageView},
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok, versioned},
    views::staff::knowledge as view,
};

/// One knowledge article as it is now
#[utoipa::path(tag = "knowledge", operation_id = "read_knowledge_article", security(("bearer" = [])),
    params(("id" = String, Path, description = "The article's id")),
    responses((status = 200, description = "The article", body = KnowledgeArticleView)))]
#[get("/api/v1/staff/knowledge/{id}")]
pub(crate) async fn read_knowledge_article(services: Given, _staff: Staff, id: web::Path<String>) -> Answer {
    let article = view::show(&services, id.into_inner()).await?;
    versioned(article.version, article)
}

/// All versions of a knowledge article, newest first; the cursor is a version's number
#[utoipa::path(tag = "knowledge", operation_id = "list_knowledge_versions", security(("bearer" = [])),
    params(("id" = String, Path, description = "The article's id"), PageQuery),
    responses((status = 200, description = "A page", body = PageView<KnowledgeArticleView>)))]
#[get("/api/v1/staff/knowledge/{id}/versions")]
pub(crate) async fn list_knowledge_versions(
    services: Given,
    _staff: Staff,
    id: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Answer {
    ok(view::versions(&services, id.into_inner(), &query).await?)
}
