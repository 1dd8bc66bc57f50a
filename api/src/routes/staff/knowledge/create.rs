//! A new article.

use actix_web::{post, web};
use shared::contract::knowledge::{KnowledgeArticleRequest, KnowledgeArticleView};

use super::words;
use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, created},
    usecases::knowledge::edit as usecase,
    views::staff::knowledge as view,
};

/// Writes a knowledge article
#[utoipa::path(tag = "knowledge", operation_id = "create_knowledge_article", security(("bearer" = [])),
    request_body = KnowledgeArticleRequest,
    responses((status = 201, description = "The article", body = KnowledgeArticleView)))]
#[post("/api/v1/staff/knowledge")]
pub(crate) async fn create_knowledge_article(
    services: Given,
    staff: Staff,
    context: RequestContext,
    request: web::Json<KnowledgeArticleRequest>,
) -> Answer {
    let article = words(request.into_inner(), services.now());
    let id = usecase::create(&services, &context, staff.0, &article).await?;
    created(view::show(&services, id).await?)
}
