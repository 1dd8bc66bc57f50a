//! Other words for a template.

use actix_web::{put, web};
use shared::{
    contract::reply_template::{ReplyTemplateRequest, ReplyTemplateView},
    domain::id::ReplyTemplateId,
};

use super::words;
use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, versioned},
    usecases::reply_templates as usecase,
    views::staff::reply_templates as view,
};

/// Changes a template of replies; what was drafted from it stays as it is
#[utoipa::path(tag = "reply templates", operation_id = "change_reply_template", security(("bearer" = [])),
    params(("id" = ReplyTemplateId, Path, description = "The template")),
    request_body = ReplyTemplateRequest,
    responses((status = 200, description = "The template", body = ReplyTemplateView)))]
#[put("/api/v1/staff/reply-templates/{id}")]
pub(crate) async fn change_reply_template(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<ReplyTemplateId>,
    request: web::Json<ReplyTemplateRequest>,
) -> Answer {
    usecase::change(&services, &context, staff.0, id.0, &words(request.into_inner())).await?;
    let template = view::show(&services, id.0).await?;
    versioned(template.version, template)
}
