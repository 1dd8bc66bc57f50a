//! What stands in the place of an app that was not built: how to build it. A release refuses to be made so.

use actix_web::{HttpResponse, http::header};

const PAGE: &str = "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\" />\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" /><title>12345·首发</title></head>\
    <body><h1>网页还没有构建</h1><p>The pages are not built: <code>cd web &amp;&amp; npm ci &amp;&amp; npm run types \
    &amp;&amp; npm run build</code>. The API answers all the same: <a href=\"/docs/\">/docs/</a></p></body></html>";

/// The page, which nobody keeps.
pub(super) fn answer(policy: &'static str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .body(PAGE)
}
