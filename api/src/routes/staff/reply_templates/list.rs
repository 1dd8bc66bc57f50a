//! The templates.

use actix_web::{get, web};
use shared::contract::{
    paging::PageView,
    reply_template::{ReplyTemplateView, ReplyTemplatesQuery},
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views::staff::reply_templates as view,
};

/// Templates of replies that are in use, oldest first; knowledge editors also see those past their last day
#[utoipa::path(tag = "reply templates", operation_id = "list_reply_templates", security(("bearer" = [])),
    params(ReplyTemplatesQuery),
    responses((status = 200, description = "A page", body = PageView<ReplyTemplateView>)))]
#[get("/api/v1/staff/reply-templates")]
pub(crate) async fn list_reply_templates(
    services: Given,
    staff: Staff,
    query: web::Query<ReplyTemplatesQuery>,
) -> Answer {
    ok(view::list(&services, &staff.0, &query).await?)
}
