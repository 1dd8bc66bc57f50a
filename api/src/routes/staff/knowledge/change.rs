//! The next version of an article.

use actix_web::{put, web};
use shared::contract::knowledge::{KnowledgeArticleRequest, KnowledgeArticleView};

use super::words;
use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, versioned},
    usecases::knowledge::edit as usecase,
    views::staff::knowledge as view,
};

/// Changes a knowledge article; replies go on citing the version that they cited
#[utoipa::path(tag = "knowledge", operation_id = "change_knowledge_article", security(("bearer" = [])),
    params(("id" = String, Path, description = "The article's id")),
    request_body = KnowledgeArticleRequest,
    responses((status = 200, description = "The article", body = KnowledgeArticleView)))]
#[put("/api/v1/staff/knowledge/{id}")]
pub(crate) async fn change_knowledge_article(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<String>,
    request: web::Json<KnowledgeArticleRequest>,
) -> Answer {
    let article = words(request.into_inner(), services.now());
    usecase::change(&services, &context, staff.0, &id, &article).await?;
    let article = view::show(&services, id.into_inner()).await?;
    versioned(article.version, article)
}
