//! The knowledge base as its editors keep it.

pub mod change;
pub mod create;
pub mod list;
pub mod retire;
pub mod show;

use shared::{
    contract::knowledge::KnowledgeArticleRequest,
    domain::{knowledge::KnowledgeArticle, time::Timestamp},
};

/// What an editor sent, as the use case takes it; the server gives the id.
fn words(request: KnowledgeArticleRequest, now: Timestamp) -> KnowledgeArticle {
    KnowledgeArticle {
        id: String::new(),
        question: request.question,
        answer: request.answer,
        basis: request.basis,
        owner_unit: request.owner_unit,
        category: request.category,
        valid_from: request.valid_from.unwrap_or_else(|| now.city_date()),
        valid_to: request.valid_to,
        words: request.words,
    }
}
