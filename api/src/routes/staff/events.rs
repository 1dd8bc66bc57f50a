//! What happens while a desk looks on, over one connection.

use actix_web::{HttpRequest, HttpResponse, get, http::header, web};
use futures_util::stream;
use shared::contract::{problem::ProblemCode, secret::Secret, staff_queue::EventsQuery};

use crate::{
    access::extractor::Staff,
    errors::Failure,
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
    },
    views::staff::live::Desk,
};

/// Seconds until a seat may be free.
const COME_BACK: u32 = 60;

/// How full the caller's lists are, and changes of the case that is open, as server-sent events: `counts` with what `list_queues`
/// answers, at first and whenever it is another; `case` with a `CaseChangedView`, at first and after each change. Ends with the access
/// token: come back with the next one. A seventh of one account ends the first
#[utoipa::path(tag = "staff queues", operation_id = "follow_events", security(("bearer" = [])), params(EventsQuery),
    responses((status = 200, description = "The events, for as long as the token is good", body = String, content_type = "text/event-stream")))]
#[get("/api/v1/staff/events")]
pub(crate) async fn follow_events(
    services: Given,
    staff: Staff,
    request: HttpRequest,
    query: web::Query<EventsQuery>,
) -> Answer {
    let case = query
        .case
        .as_deref()
        .map(|receipt| case_of(&services, receipt))
        .transpose()?;
    let seat = services
        .live_desks
        .take(staff.0.id)
        .map_err(|code| Failure::new(code).with_retry_after(COME_BACK))?;
    let token = bearer(&request).ok_or(ProblemCode::SignInRequired)?;
    let desk = Desk::open(services.into_inner(), &staff.0, token, case, seat).await?;
    let told = stream::unfold(desk, |desk| async {
        let (told, desk) = desk.next().await?;
        Some((Ok::<_, actix_web::Error>(web::Bytes::from(told)), desk))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // A proxy that gathers answers would hold them back.
        .insert_header(("X-Accel-Buffering", "no"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(told))
}

fn bearer(request: &HttpRequest) -> Option<Secret> {
    let field = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    Some(Secret::new(field.split_once(' ')?.1.trim()))
}
