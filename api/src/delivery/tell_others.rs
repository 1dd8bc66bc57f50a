//! Tells those who follow a case, or whose own case is handled under it, what happened: a page of people in each write, so
//! that a case that a whole town follows holds nobody up. Each person hears once, since the page and how far it got are
//! committed together.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::domain::case::{Action, public_sentence::member_sentence};

use crate::{
    database::{StoreError, Transaction},
    services::Services,
    stores::{
        case_store::CaseRow,
        notice_store::NoticeRow,
        outbox_store::{self, Afterwards, OutboxRow, Task},
        parse_word, recipient_store,
        timeline_store::CaseEventRow,
        to_json,
    },
};

/// People told in one write.
const PAGE: i64 = 100;

/// How far a row got.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Progress {
    /// The case, as the row was made with.
    case: String,
    /// All members were told.
    members_told: bool,
    /// The last one told: a case among the members, a person among the followers.
    after: i64,
}

/// Tells one page and settles the row: done, or to be gone on with at once.
///
/// # Errors
/// `Stale` when the lease ended; the database's failure.
pub(super) async fn tell_page(services: &Arc<Services>, row: &OutboxRow) -> Result<(), StoreError> {
    let (held, row) = (Arc::clone(services), row.clone());
    services
        .database
        .writer
        .write(move |transaction| {
            let afterwards = tell(&held, transaction, &row)?;
            outbox_store::settle(transaction, &row, &afterwards)
        })
        .await
}

fn tell(services: &Services, transaction: &mut Transaction<'_>, row: &OutboxRow) -> Result<Afterwards, StoreError> {
    let found = transaction.read(|connection| recipient_store::find_event(connection, row.subject_id))?;
    let Some((event, case)) = found else {
        return Ok(Afterwards::Done);
    };
    let Some(sentence) = event.public_sentence.clone() else {
        return Ok(Afterwards::Done);
    };
    let mut progress: Progress = serde_json::from_str(&row.payload).unwrap_or_default();
    let telling = Telling {
        services,
        event: &event,
        case: &case,
        sentence: &sentence,
    };
    let last = if progress.members_told {
        telling.tell_followers(transaction, progress.after)?
    } else {
        telling.tell_members(transaction, progress.after)?
    };
    match last {
        Some(last) => progress.after = last,
        // Only what is public has followers; who shares the case hears of it in any case.
        None if progress.members_told || event.audience != "public" => return Ok(Afterwards::Done),
        None => {
            progress.members_told = true;
            progress.after = 0;
        }
    }
    Ok(Afterwards::Again {
        at: services.now(),
        counted: false,
        failure: None,
        payload: to_json(&progress),
    })
}

struct Telling<'a> {
    services: &'a Services,
    event: &'a CaseEventRow,
    case: &'a CaseRow,
    sentence: &'a str,
}

impl Telling<'_> {
    /// Tells a page of members about their own case; answers the last one, `None` when there is no more.
    fn tell_members(&self, transaction: &mut Transaction<'_>, after: i64) -> Result<Option<i64>, StoreError> {
        let page = transaction
            .read(|connection| recipient_store::list_member_recipients(connection, self.case.id, after, PAGE))?;
        let people: Vec<i64> = page.iter().filter_map(|(_, person, _)| *person).collect();
        let oldest = self.memberships(transaction, &people)?;
        let action: Action = parse_word("case_events.action", &self.event.action)?;
        for (case_id, person, title) in &page {
            let Some(person) = person.filter(|person| Some(*person) != self.case.requester_id) else {
                continue;
            };
            if oldest.contains(&(person, *case_id)) {
                let body = member_sentence(action, self.sentence);
                self.notify(transaction, person, *case_id, title.clone(), body);
            }
        }
        Ok(last_of(&page, |(id, _, _)| *id))
    }

    /// Tells a page of followers; those who heard as requester or member are left out.
    fn tell_followers(&self, transaction: &mut Transaction<'_>, after: i64) -> Result<Option<i64>, StoreError> {
        let page =
            transaction.read(|connection| recipient_store::list_followers(connection, self.case.id, after, PAGE))?;
        let members = self.memberships(transaction, &page)?;
        for person in &page {
            let told = Some(*person) == self.case.requester_id || members.iter().any(|(member, _)| member == person);
            if !told {
                let title = "您关注的诉求有进展".to_owned();
                self.notify(transaction, *person, self.case.id, title, self.sentence.to_owned());
            }
        }
        Ok(last_of(&page, |person| *person))
    }

    fn memberships(&self, transaction: &mut Transaction<'_>, people: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        transaction.read(|connection| recipient_store::list_oldest_memberships(connection, self.case.id, people))
    }

    fn notify(&self, transaction: &mut Transaction<'_>, person: i64, case_id: i64, title: String, body: String) {
        let id = self.services.next_id();
        transaction.append(NoticeRow {
            id,
            recipient_id: person,
            case_id: Some(case_id),
            topic: self.event.action.clone(),
            title,
            body,
            read_at: None,
        });
        let push = self.services.next_id();
        transaction.append(OutboxRow::new(
            push,
            Task::Push,
            id,
            "{}".to_owned(),
            self.services.now(),
        ));
    }
}

/// Where the next page begins; a page that is not full was the last.
fn last_of<T>(page: &[T], key: impl Fn(&T) -> i64) -> Option<i64> {
    let full = i64::try_from(page.len()).is_ok_and(|rows| rows == PAGE);
    page.last().filter(|_| full).map(key)
}
