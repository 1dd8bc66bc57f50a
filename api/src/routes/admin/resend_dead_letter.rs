//! Sending a message again that was given up.

use actix_web::{post, web};
use shared::domain::id::MessageId;

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::outbox::resend as usecase,
};

/// Puts a message that was given up back among those that wait
#[utoipa::path(tag = "operating", operation_id = "resend_dead_letter", security(("bearer" = [])),
    params(("id" = MessageId, Path, description = "The message")),
    responses((status = 204, description = "It waits to be sent")))]
#[post("/api/v1/admin/outbox/dead-letters/{id}/resend")]
pub(crate) async fn resend_dead_letter(
    services: Given,
    staff: Staff,
    context: RequestContext,
    message: web::Path<MessageId>,
) -> Answer {
    usecase::resend(&services, &context, staff.0, message.0).await?;
    done()
}
