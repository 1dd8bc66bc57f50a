//! Questions that are answered at once.

use actix_web::{HttpRequest, get, web};
use shared::contract::reference::{KnowledgeListView, KnowledgeQuery, KnowledgeView};

use super::{Keeper, kept};
use crate::{
    routes::answer::{Answer, Given},
    views::reference as views,
};

/// Answers to a question in the person's own words
#[utoipa::path(tag = "reference", operation_id = "search_knowledge", security(()), params(KnowledgeQuery), responses(
    (status = 200, description = "Articles that hold today, best first", body = KnowledgeListView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/knowledge")]
pub(crate) async fn search_knowledge(
    services: Given,
    request: HttpRequest,
    query: web::Query<KnowledgeQuery>,
) -> Answer {
    let today = services.now().city_date();
    kept(
        &request,
        Keeper::Client,
        &views::knowledge_list(&services.city(), &services.articles(), today, &query)?,
    )
}

/// One article
#[utoipa::path(tag = "reference", operation_id = "show_knowledge_article", security(()),
    params(("id" = String, Path, description = "The article's id")), responses(
    (status = 200, description = "The article", body = KnowledgeView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/knowledge/{id}")]
pub(crate) async fn show_knowledge_article(services: Given, request: HttpRequest, id: web::Path<String>) -> Answer {
    let today = services.now().city_date();
    kept(
        &request,
        Keeper::Anybody,
        &views::knowledge_article(&services.city(), &services.articles(), today, &id)?,
    )
}
