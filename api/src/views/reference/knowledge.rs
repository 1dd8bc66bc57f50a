//! Answers that can be given at once; only those that hold on the day.

use chrono::NaiveDate;
use shared::{
    contract::{
        problem::ProblemCode,
        reference::{KnowledgeListView, KnowledgeQuery, KnowledgeView, MOST_ARTICLES},
    },
    domain::knowledge::{KnowledgeArticle, search},
};

use super::{bounded, wanted};
use crate::{
    city::{Articles, City},
    errors::Failure,
};

/// Articles answered when no number is asked for.
const USUAL_ARTICLES: u32 = 20;
/// Longest question that is read, in characters.
const LONGEST_QUESTION: usize = 500;

/// Articles that fit the question, best first; without a question the oldest ones.
///
/// # Errors
/// `Invalid` for a question that is too long.
pub fn knowledge_list(
    city: &City,
    articles: &Articles,
    today: NaiveDate,
    query: &KnowledgeQuery,
) -> Result<KnowledgeListView, Failure> {
    let limit = wanted(query.limit, USUAL_ARTICLES, MOST_ARTICLES);
    let question = query
        .q
        .as_deref()
        .map(str::trim)
        .filter(|question| !question.is_empty());
    let items = if let Some(question) = question {
        bounded("q", question, LONGEST_QUESTION)?;
        let hits = search(&articles.list, question, today, limit);
        hits.into_iter().map(|hit| view(city, hit.article)).collect()
    } else {
        let all = articles.list.iter();
        all.filter(|article| article.holds_on(today))
            .take(limit)
            .map(|article| view(city, article))
            .collect()
    };
    Ok(KnowledgeListView {
        version: articles.changes.to_string(),
        items,
    })
}

/// One article.
///
/// # Errors
/// `NotFound` when there is none of this id, or it does not hold today.
pub fn knowledge_article(
    city: &City,
    articles: &Articles,
    today: NaiveDate,
    id: &str,
) -> Result<KnowledgeView, Failure> {
    let article = articles.get(id).filter(|article| article.holds_on(today));
    Ok(article
        .map(|article| view(city, article))
        .ok_or(ProblemCode::NotFound)?)
}

fn view(city: &City, article: &KnowledgeArticle) -> KnowledgeView {
    KnowledgeView {
        id: article.id.clone(),
        question: article.question.clone(),
        answer: article.answer.clone(),
        basis: article.basis.clone(),
        category: article.category.clone(),
        owner: city.unit_name(&article.owner_unit).to_owned(),
        valid_from: article.valid_from,
        valid_to: article.valid_to,
    }
}
