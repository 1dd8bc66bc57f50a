//! The pages that people open: the residents' app at `/`, the staff console below `/staff/`. What was built is served as it is,
//! packed where the browser takes it so. Which screen an address shows is decided in the browser; here every address of a page
//! is answered with the one page of its app, and a file that is not there with 404.

mod card;
mod files;
mod placeholder;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, ContentEncoding},
    },
};
use shared::contract::problem::ProblemCode;

use self::files::{App, PageFile};
use super::answer::Answer;
use crate::{errors::Failure, services::Services};

/// What our pages may load: what comes from here, and pictures that they hold themselves. The service worker obeys it too.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Files below this are named by their content: another content is another name.
const NAMED_BY_CONTENT: &str = "assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, and asked about each time.
const ASKED_ABOUT: &str = "no-cache";
const PAGE: &str = "index.html";
/// Nothing of the pages lies below these.
const NOT_PAGES: &[&str] = &["/api", "/docs", "/healthz", "/readyz", "/metrics"];

/// Answers for a path that no operation has, if it is one of the pages' or of their files.
pub async fn show(request: &HttpRequest, services: &Services) -> Option<Answer> {
    let path = request.path();
    let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    let is_other = NOT_PAGES
        .iter()
        .any(|start| path.strip_prefix(start).is_some_and(below));
    if is_other || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let (app, name) = App::of(path);
    let root = services.config.server.web_root.as_deref();
    if name.contains('.') || name.starts_with(NAMED_BY_CONTENT) {
        let wanted = |encoding: &str| app.read(&format!("{name}{encoding}"), root);
        return Some(file(request, name, wanted));
    }
    // The address of a screen, typed or followed; programs that ask for something else are told that there is nothing.
    if !name.is_empty() && !accepts_pages(request) {
        return None;
    }
    let Some(page) = app.read(PAGE, root) else {
        return Some(Ok(placeholder::answer(POLICY)));
    };
    if let (App::Citizen, Some(receipt)) = (app, name.strip_prefix("cases/"))
        && let Some(described) = card::describe(services, receipt, &page.bytes).await
    {
        let mut answer = HttpResponse::Ok();
        usual(&mut answer, PAGE);
        return Some(Ok(answer.body(described)));
    }
    let wanted = |encoding: &str| app.read(&format!("{PAGE}{encoding}"), root);
    Some(file(request, PAGE, wanted))
}

/// Whether an app of the two was built; what is missing, for the log.
#[must_use]
pub fn missing(services: &Services) -> Vec<&'static str> {
    let root = services.config.server.web_root.as_deref();
    let apps = [(App::Citizen, "citizen"), (App::Staff, "staff")];
    apps.iter()
        .filter(|(app, _)| app.read(PAGE, root).is_none())
        .map(|(_, name)| *name)
        .collect()
}

fn accepts_pages(request: &HttpRequest) -> bool {
    let accepted = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accepted.is_some_and(|kinds| kinds.contains("text/html"))
}

/// The file in the smallest form that the browser takes, or nothing new when it has that already.
fn file(request: &HttpRequest, name: &str, read: impl Fn(&str) -> Option<PageFile>) -> Answer {
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let takes = |word: &str| accepted.is_some_and(|accepted| accepted.split(',').any(|one| is_taken(one, word)));
    let forms = [
        ("br", ".br", ContentEncoding::Brotli),
        ("gzip", ".gz", ContentEncoding::Gzip),
    ];
    let packed = forms
        .into_iter()
        .filter(|(word, ..)| takes(word))
        .find_map(|(_, ending, encoding)| Some((read(ending)?, Some(encoding))));
    let (found, encoding) = packed
        .or_else(|| Some((read("")?, None)))
        .ok_or_else(|| Failure::new(ProblemCode::NotFound))?;
    let mark = format!("\"{}\"", found.mark);
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == mark));
    let mut answer = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    usual(&mut answer, name);
    answer.insert_header((header::ETAG, mark));
    if is_known {
        return Ok(answer.finish());
    }
    if let Some(encoding) = encoding {
        answer.insert_header(encoding);
    }
    Ok(answer.body(found.bytes.into_owned()))
}

/// `gzip` in `gzip;q=0.8`, not in `gzip;q=0`.
fn is_taken(offered: &str, word: &str) -> bool {
    let mut parts = offered.split(';').map(str::trim);
    parts.next() == Some(word) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
}

fn usual(answer: &mut actix_web::HttpResponseBuilder, name: &str) {
    let kept = if name.starts_with(NAMED_BY_CONTENT) {
        FOR_EVER
    } else {
        ASKED_ABOUT
    };
    answer
        .content_type(kind(name))
        .insert_header((header::CACHE_CONTROL, kept))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
}

/// The kinds of files that the apps are made of.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
