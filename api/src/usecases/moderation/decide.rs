//! A moderator's decision on a report's words, on replies and on photos: masked texts and blurred copies are made here, the
//! originals stay as they are.
//!
//! Copies of photos are made before the writer is asked and removed again when the decision was not written.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        redaction::{self, MaskSpan},
        role::Role,
        time::Timestamp,
    },
};

use crate::{
    access::{Actor, RequestContext, viewpoint::actor_facts},
    database::{StoreError, Transaction},
    errors::Failure,
    photos::{MarkedBox, PhotoKey},
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        outbox_store::{OutboxRow, Task},
        photo_store::PhotoRow,
        publication_store::{self, ModeratedPhoto, NONE, PENDING, PublicationRow, REFUSED, RELEASED, REPLY, REPORT},
        reply_store::{self, ReplyRow},
        to_json,
    },
    usecases::{audit, idempotency, photos::discard},
};

/// What was decided on each part; parts not named stay as they are.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Decisions {
    /// On the report's words.
    pub report: Option<ReportVerdict>,
    /// On replies.
    pub replies: Vec<ReplyVerdict>,
    /// On photos.
    pub photos: Vec<PhotoVerdict>,
}

/// On the report's words.
#[derive(Debug, Clone, Serialize)]
pub struct ReportVerdict {
    /// Shown or not.
    pub release: bool,
    /// Hidden in the title.
    pub title_masks: Vec<MaskSpan>,
    /// Hidden in the text.
    pub text_masks: Vec<MaskSpan>,
    /// Why it is refused.
    pub reason: Option<String>,
}

/// On a reply.
#[derive(Debug, Clone, Serialize)]
pub struct ReplyVerdict {
    /// The reply.
    pub id: i64,
    /// Shown or not.
    pub release: bool,
    /// Hidden in the text.
    pub masks: Vec<MaskSpan>,
    /// Why it is refused.
    pub reason: Option<String>,
}

/// On a photo.
#[derive(Debug, Clone, Serialize)]
pub struct PhotoVerdict {
    /// The photo in this case.
    pub id: i64,
    /// Shown or not.
    pub release: bool,
    /// Made unrecognisable: left, top, width, height in fractions of the picture.
    pub blur: Vec<[f64; 4]>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Moderated {
    /// The case.
    pub id: i64,
    /// The case's version now.
    pub version: i64,
    /// `pending`, `released`, `refused`.
    pub publication: String,
    /// Files of the copies that were put in place.
    copies: Vec<String>,
    /// Files that nobody shows any more.
    replaced: Vec<String>,
}

/// Writes a moderator's decisions down and shows or hides accordingly, at once.
///
/// # Errors
/// `NotFound` for a case beyond the moderator's reach; `ActionNotAllowed` for one that is not public; `Invalid` for masks, boxes
/// or parts that are not there; `Stale` and `VersionMismatch`.
pub async fn moderate_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    decisions: Decisions,
) -> Result<Moderated, Failure> {
    let moderator = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let (row, photos) = services
        .database
        .readers
        .read(move |connection| {
            let row = case_store::get_case(connection, case_id).map_err(StoreError::from)?;
            let photos = publication_store::list_photos_to_moderate(connection, case_id).map_err(StoreError::from)?;
            Ok::<_, Failure>((row, photos))
        })
        .await?;
    check_reach(services, actor, &row)?;
    let made = make_copies(services, &decisions, &photos).await?;
    let copies = made.clone();
    let (held, who, context_, asked) = (Arc::clone(services), actor.clone(), context.clone(), decisions.clone());
    let written = idempotency::once(
        services,
        moderator,
        context,
        "case.moderate",
        &(case_id, &asked),
        move |transaction| {
            let writing = Writing {
                services: &held,
                actor: &who,
                context: &context_,
                moderator,
                decisions: &decisions,
                copies: &copies,
            };
            writing.write(transaction, case_id)
        },
    )
    .await;
    let unused: Vec<PhotoKey> = match &written {
        Ok(moderated) => made
            .values()
            .flatten()
            .filter(|key| !moderated.copies.iter().any(|used| used == key.as_str()))
            .cloned()
            .chain(moderated.replaced.iter().filter_map(|key| key.parse().ok()))
            .collect(),
        Err(_) => made.into_values().flatten().collect(),
    };
    discard(services, unused).await;
    written
}

fn check_reach(services: &Services, actor: &Actor, row: &CaseRow) -> Result<(), Failure> {
    let facts = actor_facts(&services.city(), actor, row, None);
    if !facts.roles.contains(&Role::Moderator) {
        let known = !facts.roles.is_empty() || row.is_public();
        let code = if known {
            ProblemCode::Forbidden
        } else {
            ProblemCode::NotFound
        };
        return Err(code.into());
    }
    if !row.is_public() {
        return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail("不公开的诉求不需要审核"));
    }
    Ok(())
}

/// Makes the public copies of all photos that are released, by photo. Nothing is left when one cannot be made.
async fn make_copies(
    services: &Services,
    decisions: &Decisions,
    photos: &[ModeratedPhoto],
) -> Result<BTreeMap<i64, [PhotoKey; 2]>, Failure> {
    let mut made = BTreeMap::new();
    for verdict in decisions.photos.iter().filter(|verdict| verdict.release) {
        match make_copy(services, verdict, photos).await {
            Ok(keys) => {
                made.insert(verdict.id, keys);
            }
            Err(failure) => {
                discard(services, made.into_values().flatten().collect()).await;
                return Err(failure);
            }
        }
    }
    Ok(made)
}

async fn make_copy(
    services: &Services,
    verdict: &PhotoVerdict,
    photos: &[ModeratedPhoto],
) -> Result<[PhotoKey; 2], Failure> {
    let (_, photo) = find_photo(photos, verdict.id)?;
    let boxes: Option<Vec<MarkedBox>> = verdict
        .blur
        .iter()
        .map(|[x, y, width, height]| MarkedBox::new(*x, *y, *width, *height))
        .collect();
    let boxes = boxes.ok_or_else(|| Failure::invalid("photos.blur", "方框的位置和大小用 0 到 1 之间的小数表示"))?;
    let display: PhotoKey = photo.display_key.parse().map_err(Failure::internal)?;
    let copies = services.photos.redact(display, boxes).await?;
    Ok([copies.display_key, copies.thumbnail_key])
}

fn find_photo(photos: &[ModeratedPhoto], id: i64) -> Result<(&ModeratedPhoto, &PhotoRow), Failure> {
    photos
        .iter()
        .find(|photo| photo.named.id == id)
        .and_then(|named| named.photo.as_ref().map(|photo| (named, photo)))
        .ok_or_else(|| Failure::invalid("photos.id", "这张照片不在待审核的内容里"))
}

struct Writing<'a> {
    services: &'a Services,
    actor: &'a Actor,
    context: &'a RequestContext,
    moderator: i64,
    decisions: &'a Decisions,
    copies: &'a BTreeMap<i64, [PhotoKey; 2]>,
}

impl Writing<'_> {
    fn write(&self, transaction: &mut Transaction<'_>, case_id: i64) -> Result<Moderated, Failure> {
        let now = self.services.now();
        let row = transaction.read(|connection| case_store::get_case(connection, case_id))?;
        check_reach(self.services, self.actor, &row)?;
        if self
            .context
            .expected_version
            .is_some_and(|version| version != row.version)
        {
            return Err(ProblemCode::VersionMismatch.into());
        }
        let replies = transaction.read(|connection| reply_store::list_replies(connection, case_id))?;
        let latest = transaction.read(|connection| publication_store::list_latest(connection, case_id))?;
        let photos = transaction.read(|connection| publication_store::list_photos_to_moderate(connection, case_id))?;

        let mut decided: BTreeMap<(&str, i64), bool> = latest
            .iter()
            .map(|(row, _)| ((subject(row), row.subject_id), row.is_released()))
            .collect();
        if let Some(verdict) = &self.decisions.report {
            transaction.append(self.report(&row, verdict)?);
            decided.insert((REPORT, row.id), verdict.release);
        }
        for verdict in &self.decisions.replies {
            transaction.append(self.reply(&row, &replies, verdict)?);
            decided.insert((REPLY, verdict.id), verdict.release);
        }
        let (states, replaced) = self.photos(transaction, &photos)?;
        let publication = outcome(&row, &replies, &decided, &states);
        publication_store::set_publication(transaction, &row, publication, now)?;
        self.follow_up(transaction, &row, now);
        Ok(Moderated {
            id: row.id,
            version: row.version + 1,
            publication: publication.to_owned(),
            copies: self
                .copies
                .values()
                .flatten()
                .map(|key| key.as_str().to_owned())
                .collect(),
            replaced,
        })
    }

    fn report(&self, row: &CaseRow, verdict: &ReportVerdict) -> Result<PublicationRow, Failure> {
        let title = masked("report.title_masks", &row.title, &verdict.title_masks)?;
        let body = masked("report.text_masks", &row.body, &verdict.text_masks)?;
        let masks = to_json(&(&verdict.title_masks, &verdict.text_masks));
        let mut decision = self.decision(row, REPORT, row.id, verdict.release, verdict.reason.as_deref());
        if verdict.release {
            decision.title = Some(title);
            decision.body = Some(body);
            decision.masks = masks;
        }
        Ok(decision)
    }

    fn reply(&self, row: &CaseRow, replies: &[ReplyRow], verdict: &ReplyVerdict) -> Result<PublicationRow, Failure> {
        let reply = replies
            .iter()
            .find(|reply| reply.id == verdict.id && reply.state == RELEASED)
            .ok_or_else(|| Failure::invalid("replies.id", "这条答复不在待审核的内容里"))?;
        let body = masked("replies.masks", &reply.body, &verdict.masks)?;
        let mut decision = self.decision(row, REPLY, reply.id, verdict.release, verdict.reason.as_deref());
        if verdict.release {
            decision.body = Some(body);
            decision.masks = to_json(&verdict.masks);
        }
        Ok(decision)
    }

    fn decision(
        &self,
        row: &CaseRow,
        subject: &str,
        subject_id: i64,
        release: bool,
        reason: Option<&str>,
    ) -> PublicationRow {
        PublicationRow {
            id: self.services.next_id(),
            case_id: row.id,
            subject: subject.to_owned(),
            subject_id,
            decision: if release { RELEASED } else { REFUSED }.to_owned(),
            title: None,
            body: None,
            masks: "[]".to_owned(),
            moderator_id: self.moderator,
            reason: reason.filter(|_| !release).map(str::to_owned),
        }
    }

    /// Writes the verdicts on photos; answers the state of each photo that counts, and the files shown until now.
    fn photos(
        &self,
        transaction: &mut Transaction<'_>,
        photos: &[ModeratedPhoto],
    ) -> Result<(Vec<String>, Vec<String>), Failure> {
        let mut states: BTreeMap<i64, String> = photos
            .iter()
            .filter(|photo| photo.photo.is_some())
            .map(|photo| (photo.named.id, photo.named.publication.clone()))
            .collect();
        let mut replaced = Vec::new();
        for verdict in &self.decisions.photos {
            let (photo, _) = find_photo(photos, verdict.id)?;
            let named = &photo.named;
            let (state, keys) = match self.copies.get(&verdict.id) {
                Some([display, thumbnail]) => (RELEASED, Some((display.as_str(), thumbnail.as_str()))),
                None => (REFUSED, None),
            };
            publication_store::set_photo(transaction, named.id, named.version, state, keys)?;
            states.insert(named.id, state.to_owned());
            replaced.extend(
                [&named.public_display_key, &named.public_thumbnail_key]
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        Ok((states.into_values().collect(), replaced))
    }

    fn follow_up(&self, transaction: &mut Transaction<'_>, row: &CaseRow, now: Timestamp) {
        let id = self.services.next_id();
        transaction.append(OutboxRow::new(id, Task::IndexCase, row.id, "{}".to_owned(), now));
        let object = audit::Object {
            kind: "case",
            id: Some(row.id),
        };
        audit::record(
            self.services,
            transaction,
            self.actor,
            self.context,
            "case.moderate",
            object,
        );
    }
}

fn subject(row: &PublicationRow) -> &'static str {
    if row.subject == REPORT { REPORT } else { REPLY }
}

fn masked(field: &'static str, text: &str, masks: &[MaskSpan]) -> Result<String, Failure> {
    redaction::apply(text, masks).map_err(|_| Failure::invalid(field, "遮盖的位置不在文字范围内"))
}

/// Pending while any part has no decision; released when at least one part is shown.
fn outcome(
    row: &CaseRow,
    replies: &[ReplyRow],
    decided: &BTreeMap<(&str, i64), bool>,
    photos: &[String],
) -> &'static str {
    let texts = replies
        .iter()
        .filter(|reply| reply.state == RELEASED)
        .map(|reply| (REPLY, reply.id))
        .chain([(REPORT, row.id)]);
    let texts: Vec<Option<bool>> = texts.map(|key| decided.get(&key).copied()).collect();
    let waits = |state: &String| state == PENDING || state == NONE;
    if texts.contains(&None) || photos.iter().any(waits) {
        PENDING
    } else if texts.contains(&Some(true)) || photos.iter().any(|state| state == RELEASED) {
        RELEASED
    } else {
        REFUSED
    }
}
