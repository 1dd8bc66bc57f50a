//! The caller's lists.

use actix_web::get;
use shared::contract::staff_queue::QueuesView;

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views,
};

/// The lists that the caller's roles work from, with how much lies in them
#[utoipa::path(tag = "staff queues", operation_id = "list_queues", security(("bearer" = [])),
    responses((status = 200, description = "The lists", body = QueuesView)))]
#[get("/api/v1/staff/queues")]
pub(crate) async fn list_queues(services: Given, staff: Staff) -> Answer {
    ok(views::staff::queues::overview(&services, &staff.0).await?)
}
