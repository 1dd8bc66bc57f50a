//! The request headers that operations have in common, and which operation takes which: declared in the document from here, not
//! handler by handler. What they mean is decided by `usecases::idempotency` and by each act's own look at the version.

use utoipa::openapi::{
    Components, Ref, RefOr, Required, Response, Schema,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::{ObjectBuilder, Type},
};

use crate::access::extractor::LONGEST_KEY;

/// Changes that are not told apart by a key: method, path and the reason.
pub const WITHOUT_KEY: &[(&str, &str, &str)] = &[
    (
        "POST",
        "/api/v1/accounts",
        "the answer holds tokens, and a code is good for one use",
    ),
    (
        "POST",
        "/api/v1/accounts/codes",
        "a code is never kept, and a new one is limited by time",
    ),
    ("POST", "/api/v1/sessions", "the answer holds tokens"),
    (
        "POST",
        "/api/v1/sessions/refresh",
        "the answer holds tokens; a used one ends the session",
    ),
    ("POST", "/api/v1/staff/sessions", "the answer holds tokens"),
    (
        "POST",
        "/api/v1/staff/sessions/second-step",
        "the answer holds tokens, and a code is good once",
    ),
    (
        "POST",
        "/api/v1/staff/me/second-factor/enrolments",
        "the answer holds a secret, which is in force only when confirmed",
    ),
    (
        "PUT",
        "/api/v1/staff/me/second-factor",
        "the answer holds recovery codes, and a code is good once",
    ),
    (
        "POST",
        "/api/v1/staff/me/second-factor/recovery-codes",
        "the answer holds recovery codes, and a code is good once",
    ),
    (
        "DELETE",
        "/api/v1/sessions",
        "the caller's own session is gone afterwards",
    ),
    (
        "DELETE",
        "/api/v1/sessions/current",
        "the caller's own session is gone afterwards",
    ),
    (
        "PUT",
        "/api/v1/me/phone",
        "codes are good once, and the second time the number is the own one",
    ),
    ("POST", "/api/v1/me/proofs", "a code is good once"),
    (
        "POST",
        "/api/v1/me/closing",
        "the caller's own session is gone afterwards",
    ),
    (
        "POST",
        "/api/v1/lookups/codes",
        "a code is never kept, and a new one is limited by time",
    ),
    (
        "POST",
        "/api/v1/lookups",
        "the answer holds a token, and a code is good once",
    ),
    (
        "PUT",
        "/api/v1/me/password",
        "the content is a secret, and a code is good once",
    ),
    (
        "POST",
        "/api/v1/staff/me/password",
        "the content is a secret, and the second time asks for the new one",
    ),
    ("POST", "/api/v1/admin/city-data/preview", "nothing is written"),
    ("POST", "/api/v1/cases/preview", "nothing is written"),
    (
        "POST",
        "/api/v1/staff/cases/{receipt_no}/requester-phone",
        "each look is written down as one, and a number is never kept with a key",
    ),
    (
        "POST",
        "/api/v1/photos",
        "the bytes themselves are the key: the same photo again is the first one",
    ),
];

/// Changes that look at a version and do not answer with the next one.
const GUARDED_BESIDE: &[(&str, &str)] = &[
    ("POST", "/api/v1/cases/{receipt_no}/me-too"),
    ("POST", "/api/v1/staff/rights-requests/{id}/answer"),
];

/// Declares what an operation takes.
pub(super) fn declare(method: &str, path: &str, operation: &mut Operation, components: &Components) {
    if method == "GET" {
        return;
    }
    let mut taken = Vec::new();
    if !WITHOUT_KEY.iter().any(|row| (row.0, row.1) == (method, path)) {
        taken.push(idempotency_key().into());
    }
    // Whoever answers 200 with a version has changed what had one before.
    let answer = operation.responses.responses.get("200");
    if GUARDED_BESIDE.contains(&(method, path)) || answer.is_some_and(|answer| has_version(answer, components)) {
        taken.push(if_match().into());
    }
    if !taken.is_empty() {
        operation.parameters.get_or_insert_default().append(&mut taken);
    }
}

fn idempotency_key() -> Parameter {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST_KEY))
        .pattern(Some("^[!-~]+$"));
    let what = "The same key with the same content is done once and answered the same";
    header("Idempotency-Key", what, key)
}

fn if_match() -> Parameter {
    let version = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^\"[0-9]{1,18}\"$"));
    let what = "The version that was read, as in `ETag`; 412 when somebody was faster";
    header("If-Match", what, version)
}

fn header(name: &str, what: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(what))
        .schema(Some(schema))
        .build()
}

fn has_version(answer: &RefOr<Response>, components: &Components) -> bool {
    let RefOr::T(answer) = answer else { return false };
    let Some(RefOr::T(content)) = answer.content.get("application/json") else {
        return false;
    };
    let Some(RefOr::Ref(Ref { ref_location, .. })) = &content.schema else {
        return false;
    };
    let named = ref_location
        .rsplit('/')
        .next()
        .and_then(|name| components.schemas.get(name));
    matches!(named, Some(RefOr::T(Schema::Object(object))) if object.properties.contains_key("version"))
}
