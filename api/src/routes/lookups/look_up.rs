//! Looking a case up with a code.

use actix_web::{post, web};
use shared::contract::{
    lookup::{LookupRequest, LookupView},
    secret::Secret,
};

use crate::{
    access::RequestContext,
    routes::{
        accounts::phone,
        answer::{Answer, Given, created},
    },
    usecases::lookups::{Named, look_up as usecase},
    views,
};

/// The case as its requester reads it, for a few minutes and without acting
#[utoipa::path(tag = "lookups", operation_id = "look_up_case", security(()),
    responses((status = 201, description = "The case, and a token to read it again", body = LookupView)))]
#[post("/api/v1/lookups")]
pub(crate) async fn look_up_case(
    services: Given,
    context: RequestContext,
    request: web::Json<LookupRequest>,
) -> Answer {
    let named = Named::new(&services, &request.receipt_no, &phone(&request.phone)?);
    let opened = usecase::look_up(&services, &context, named, request.code.reveal()).await?;
    created(LookupView {
        case: views::lookup::looked_up(&services, opened.lookup).await?,
        token: Secret::new(opened.token),
        until: opened.until,
    })
}
