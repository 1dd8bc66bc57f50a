//! A new template.

use actix_web::{post, web};
use shared::contract::reply_template::{ReplyTemplateRequest, ReplyTemplateView};

use super::words;
use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, created},
    usecases::reply_templates as usecase,
    views::staff::reply_templates as view,
};

/// Writes a template of replies
#[utoipa::path(tag = "reply templates", operation_id = "create_reply_template", security(("bearer" = [])),
    request_body = ReplyTemplateRequest,
    responses((status = 201, description = "The template", body = ReplyTemplateView)))]
#[post("/api/v1/staff/reply-templates")]
pub(crate) async fn create_reply_template(
    services: Given,
    staff: Staff,
    context: RequestContext,
    request: web::Json<ReplyTemplateRequest>,
) -> Answer {
    let id = usecase::create(&services, &context, staff.0, &words(request.into_inner())).await?;
    created(view::show(&services, id).await?)
}
