//! How a public case shows when its address is sent to somebody in a chat: title, place and state stand in the page's head. What is
//! not public gives the page as it is.

use shared::contract::public_case::PublicCaseSummary;

use crate::{routes::receipts::case_of, services::Services, views::public::public_case};

/// Ends the head of a page.
const HEAD_END: &str = "</head>";

/// The page with the case's card in its head.
pub(super) async fn describe(services: &Services, receipt: &str, page: &[u8]) -> Option<String> {
    let id = case_of(services, receipt).ok()?;
    let shown = public_case(services, id).await.ok()?;
    let page = std::str::from_utf8(page).ok()?;
    let (before, after) = page.split_once(HEAD_END)?;
    Some(format!("{before}{}{HEAD_END}{after}", card(&shown.facts)))
}

fn card(case: &PublicCaseSummary) -> String {
    let category = case.category.as_ref().map(|category| category.name.as_str());
    let title = case.title.as_deref().or(category).unwrap_or(&case.receipt_no);
    let place = case.place.area.as_deref();
    let words = [place, Some(case.state_name.as_str())].into_iter().flatten();
    let told = words.collect::<Vec<_>>().join(" · ");
    let picture = case.thumbnail.as_deref().unwrap_or("/icon-512.png");
    format!(
        "<meta property=\"og:type\" content=\"article\" /><meta property=\"og:title\" content=\"{}\" />\
         <meta property=\"og:description\" content=\"{}\" /><meta property=\"og:image\" content=\"{}\" />",
        escaped(title),
        escaped(&told),
        escaped(picture)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
