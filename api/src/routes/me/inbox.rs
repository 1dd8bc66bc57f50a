//! The inbox of residents and staff.

use actix_web::{get, post, web};
use shared::contract::{
    inbox::{InboxView, ReadInboxRequest},
    paging::PageQuery,
};

use crate::{
    access::{RequestContext, extractor::SignedIn},
    routes::answer::{Answer, Given, done, ok},
    usecases::inbox as usecase,
    views,
};

/// The own inbox, newest first, with the number of unread entries
#[utoipa::path(tag = "me", operation_id = "show_inbox", security(("bearer" = [])),
    params(PageQuery), responses((status = 200, description = "A page", body = InboxView)))]
#[get("/api/v1/me/inbox")]
pub(crate) async fn show_inbox(services: Given, caller: SignedIn, page: web::Query<PageQuery>) -> Answer {
    ok(views::inbox::inbox(&services, &caller.0, &page).await?)
}

/// Marks an entry of the inbox and all before it as read
#[utoipa::path(tag = "me", operation_id = "read_inbox", security(("bearer" = [])),
    responses((status = 204, description = "Read")))]
#[post("/api/v1/me/inbox/read")]
pub(crate) async fn read_inbox(
    services: Given,
    caller: SignedIn,
    context: RequestContext,
    request: web::Json<ReadInboxRequest>,
) -> Answer {
    usecase::read_inbox(&services, &caller.0, &context, request.up_to.0).await?;
    done()
}
