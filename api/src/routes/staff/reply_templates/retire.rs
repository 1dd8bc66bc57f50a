//! The end of a template.

use actix_web::{post, web};
use shared::{contract::reply_template::ReplyTemplateView, domain::id::ReplyTemplateId};

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, versioned},
    usecases::reply_templates as usecase,
    views::staff::reply_templates as view,
};

/// Retires a template of replies for good
#[utoipa::path(tag = "reply templates", operation_id = "retire_reply_template", security(("bearer" = [])),
    params(("id" = ReplyTemplateId, Path, description = "The template")),
    responses((status = 200, description = "The template", body = ReplyTemplateView)))]
#[post("/api/v1/staff/reply-templates/{id}/retirement")]
pub(crate) async fn retire_reply_template(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<ReplyTemplateId>,
) -> Answer {
    usecase::retire(&services, &context, staff.0, id.0).await?;
    let template = view::show(&services, id.0).await?;
    versioned(template.version, template)
}
