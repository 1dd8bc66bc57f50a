//! Templates that replies are drafted from.

pub mod change;
pub mod create;
pub mod draft;
pub mod list;
pub mod retire;

use shared::contract::reply_template::ReplyTemplateRequest;

use crate::usecases::reply_templates::TemplateWords;

/// What an editor sent, as the use case takes it.
fn words(request: ReplyTemplateRequest) -> TemplateWords {
    TemplateWords {
        title: request.title,
        category: request.category,
        outcome: request.outcome,
        text: request.text,
        valid_to: request.valid_to,
    }
}
