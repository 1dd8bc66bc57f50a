//! The end of an article.

use actix_web::{post, web};
use shared::contract::knowledge::{KnowledgeArticleView, RetireArticleRequest};

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, versioned},
    usecases::knowledge::edit as usecase,
    views::staff::knowledge as view,
};

/// Retires a knowledge article for good
#[utoipa::path(tag = "knowledge", operation_id = "retire_knowledge_article", security(("bearer" = [])),
    params(("id" = String, Path, description = "The article's id")),
    request_body = RetireArticleRequest,
    responses((status = 200, description = "The article", body = KnowledgeArticleView)))]
#[post("/api/v1/staff/knowledge/{id}/retirement")]
pub(crate) async fn retire_knowledge_article(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<String>,
    request: web::Json<RetireArticleRequest>,
) -> Answer {
    usecase::retire(&services, &context, staff.0, &id, &request.reason).await?;
    let article = view::show(&services, id.into_inner()).await?;
    versioned(article.version, article)
}
