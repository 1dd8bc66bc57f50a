//! The turns of those who hold a tier of supervision: once each working morning they go through their list, use a tool on what is
//! new, and end what was put right. What they leave climbs by itself.

use serde_json::json;

use super::{
    dice::Dice,
    line::Line,
    people::{People, Who},
};
use crate::caller::{Told, list, text};

/// Tier, who holds it, the tool that they begin with, and how they end what was put right.
const HOLDERS: [(&str, &str, &str, &str); 5] = [
    ("hotline", "rexian", "reminder", "settled"),
    ("media", "meiti", "visit", "settled"),
    ("government", "ducha", "plan", "settled"),
    ("deputies", "daibiao", "inspection", "settled"),
    ("discipline", "jijian", "file", "unfounded"),
];

/// A supervision on somebody's list.
struct Held {
    id: String,
    receipt: String,
    state: String,
}

/// Goes through all lists; answers how many acts that were. `group` knows a case's number and the server that it belongs to.
pub(super) async fn morning(
    line: &Line,
    people: &People,
    (seed, day): (u64, u32),
    case_of: impl Fn(&str) -> Option<(usize, usize)>,
) -> Told<usize> {
    let mut acts = 0;
    for (tier, (name, username, tool, ending)) in HOLDERS.iter().enumerate() {
        let who = people.token(Who::City(username));
        let mut held = read(line, who, name).await?;
        held.retain(|one| case_of(&one.receipt).is_some());
        held.sort_by_key(|one| case_of(&one.receipt));
        for one in held {
            let Some((case, server)) = case_of(&one.receipt) else {
                continue;
            };
            let mut dice = Dice::of(seed ^ 0x7165, case, day * 8 + u32::try_from(tier).unwrap_or_default());
            let answered = matches!(
                one.state.as_str(),
                "replied" | "closed" | "handed_off" | "not_accepted" | "withdrawn"
            );
            let (act, body) = if answered && dice.percent(60) {
                let text = "到现场看过，已经办好。";
                ("result", json!({ "result": ending, "text": text }))
            } else if dice.percent(30) {
                ("actions", json!({ "tool": tool, "note": "已向承办单位了解情况。" }))
            } else {
                continue;
            };
            let path = format!("/api/v1/staff/supervisions/{}/{act}", one.id);
            let key = format!("week-{seed}-tier-{tier}-{day}-{case}");
            line.post(server, Some(who), &path, body, &key).await?.done()?;
            acts += 1;
        }
    }
    Ok(acts)
}

/// The whole list of a tier.
async fn read(line: &Line, token: &str, tier: &str) -> Told<Vec<Held>> {
    let (mut held, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/staff/supervisions?tier={tier}&limit=100{after}");
        let page = line.get(0, token, &path).await?.done()?;
        for item in list(&page, "/items")? {
            held.push(Held {
                id: text(item, "/id")?,
                receipt: text(item, "/receipt_no")?,
                state: text(item, "/state")?,
            });
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(held),
        }
    }
}
