//! One list.

use actix_web::{get, web};
use shared::{
    contract::{
        paging::PageView,
        staff_queue::{QueueEntryView, QueueQuery},
    },
    domain::queue::Queue,
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views,
};

/// What lies in one of the caller's lists, the most urgent first, then in the order in which they came. Of the filters, urgency
/// and county are found in an index; for the others a bounded number of entries is looked through for each page
#[utoipa::path(tag = "staff queues", operation_id = "list_queue", security(("bearer" = [])),
    params(("queue" = Queue, Path, description = "The list"), QueueQuery),
    responses((status = 200, description = "A page", body = PageView<QueueEntryView>)))]
#[get("/api/v1/staff/queues/{queue}")]
pub(crate) async fn list_queue(
    services: Given,
    staff: Staff,
    queue: web::Path<String>,
    query: web::Query<QueueQuery>,
) -> Answer {
    ok(views::staff::queues::list(&services, &staff.0, &queue, &query).await?)
}
