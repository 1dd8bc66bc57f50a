//! Changing the own number.

use actix_web::{delete, put, web};
use shared::contract::{
    own_account::{ChangeNumberRequest, NumberChangeView},
    secret::Secret,
};

use super::offered;
use crate::{
    access::{RequestContext, extractor::Resident},
    errors::Failure,
    routes::{
        accounts::phone,
        answer::{Answer, Given, done, ok},
    },
    usecases::me::change_number::{self as usecase, NewNumber},
};

/// Changes the number at once with codes to both, or after some days with a code to the new one and the password
///
/// Codes are asked for with the purpose `change_number`; the answer to that is the same for every number. Sessions other than
/// this one end when the change comes into force.
#[utoipa::path(tag = "me", operation_id = "change_number", security(("bearer" = [])),
    responses((status = 200, description = "Changed, or waiting", body = NumberChangeView)))]
#[put("/api/v1/me/phone")]
pub(crate) async fn change_number(
    services: Given,
    resident: Resident,
    context: RequestContext,
    request: web::Json<ChangeNumberRequest>,
) -> Answer {
    let phone = new_phone(&request.new_phone)?;
    let masked = phone.masked();
    let new = NewNumber {
        phone,
        code: request.new_code.reveal().to_owned(),
        owner: offered("old_code", request.old_code.as_ref(), request.password.as_ref())?,
    };
    let waits_until = usecase::change_number(&services, &context, resident.0, new).await?;
    ok(NumberChangeView {
        new_phone: masked,
        changed: waits_until.is_none(),
        waits_until,
    })
}

fn new_phone(text: &Secret) -> Result<shared::domain::phone::MobileNumber, Failure> {
    phone(text).map_err(|failure| Failure {
        field: Some("new_phone"),
        ..failure
    })
}

/// Takes back a change of number that waits
#[utoipa::path(tag = "me", operation_id = "keep_number", security(("bearer" = [])),
    responses((status = 204, description = "The number stays")))]
#[delete("/api/v1/me/phone/change")]
pub(crate) async fn keep_number(services: Given, resident: Resident, context: RequestContext) -> Answer {
    usecase::keep_number(&services, &context, resident.0).await?;
    done()
}
