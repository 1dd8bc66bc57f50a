//! One list.

use actix_web::{get, web};
use shared::{
    contract::{
        paging::{PageQuery, PageView},
        staff_queue::QueueEntryView,
    },
    domain::queue::Queue,
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views,
};

/// What lies in one of the caller's lists, oldest first
#[utoipa::path(tag = "staff queues", operation_id = "list_queue", security(("bearer" = [])),
    params(("queue" = Queue, Path, description = "The list"), PageQuery),
    responses((status = 200, description = "A page", body = PageView<QueueEntryView>)))]
#[get("/api/v1/staff/queues/{queue}")]
pub(crate) async fn list_queue(
    services: Given,
    staff: Staff,
    queue: web::Path<String>,
    page: web::Query<PageQuery>,
) -> Answer {
    ok(views::staff::queues::list(&services, &staff.0, &queue, &page).await?)
}
