//! Reading a case again that was looked up.

use actix_web::{HttpRequest, get};
use shared::contract::{case::OwnCaseView, problem::ProblemCode};

use crate::{
    errors::Failure,
    routes::answer::{Answer, Given, ok},
    views,
};

/// The header that holds the token of a look.
const TOKEN: &str = "Lookup-Token";

/// The case of `Lookup-Token`, as it is now
#[utoipa::path(tag = "lookups", operation_id = "show_looked_up_case", security(()),
    params(("Lookup-Token" = String, Header, description = "From `POST /api/v1/lookups`")),
    responses((status = 200, description = "The case", body = OwnCaseView)))]
#[get("/api/v1/lookups/case")]
pub(crate) async fn show_looked_up_case(services: Given, request: HttpRequest) -> Answer {
    let token = request.headers().get(TOKEN).and_then(|value| value.to_str().ok());
    let token = token.ok_or(Failure::new(ProblemCode::SignInRequired))?;
    ok(views::lookup::looked_up_again(&services, token).await?)
}
