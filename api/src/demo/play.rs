//! Plays the script: each step through the use case that a person at a screen would reach, at the moment it happened.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::domain::{
    location::{Datum, GeoPoint},
    role::Role,
};

use super::{
    people::People,
    pictures::Picture,
    script::{Act, Case, Moment, Script},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::{
        cases::{
            NewCase, NewPlace,
            accept::{AcceptCase, accept_case},
            add_progress::{AddProgress, add_progress},
            answer_directly::answer_directly,
            ask_information::ask_information,
            assign::{AssignOrder, assign_order},
            dispatch::{GiveToUnit, dispatch_case},
            judge_demand::{close_explained, request_close_explained},
            perform::StepOutcome,
            record_contact::record_contact,
            refuse::refuse_case,
            return_order::request_return,
            review_reply::{release_reply, send_back_reply},
            sign_for::sign_for_order,
            sign_reply::sign_reply,
            submit_case,
            submit_reply::{SubmitReply, submit_reply},
        },
        photos::upload_photo,
    },
};

/// Finished pictures by picture and take.
type Album = BTreeMap<(Picture, u32), Arc<[u8]>>;

/// Plays moments one after the other.
pub(super) struct Player<'a> {
    pub(super) services: &'a Arc<Services>,
    script: &'a Script,
    pub(super) people: &'a People,
    /// Of each case of the script: the case.
    cases: Vec<Option<i64>>,
    /// Pictures drawn so far, by picture and take.
    drawn: Mutex<Album>,
}

impl<'a> Player<'a> {
    /// Nothing played yet.
    pub(super) fn new(services: &'a Arc<Services>, script: &'a Script, people: &'a People) -> Self {
        Self {
            services,
            script,
            people,
            cases: vec![None; script.case.len()],
            drawn: Mutex::default(),
        }
    }

    /// Plays one moment; the clock is already held at it.
    ///
    /// # Errors
    /// What the use case refuses: the script does not fit the rules.
    pub(super) async fn play(&mut self, moment: Moment<'_>) -> Result<(), Failure> {
        let case = &self.script.case[moment.case];
        match moment.step {
            None => {
                let requester = self.people.resident(case.resident)?;
                let id = self.submit(requester, case).await?;
                self.cases[moment.case] = Some(id);
            }
            Some(step) => {
                let id = self.cases[moment.case].ok_or_else(|| Failure::internal("a step before its report"))?;
                self.act(case, id, &step.act).await?;
            }
        }
        Ok(())
    }

    async fn submit(&self, requester: &Actor, case: &Case) -> Result<i64, Failure> {
        let point = match case.point {
            Some([latitude, longitude]) => Some(GeoPoint::new(latitude, longitude).map_err(Failure::internal)?),
            None => None,
        };
        let new = NewCase {
            title: Some(case.title.clone()),
            text: case.text.clone(),
            kind: case.kind,
            category: case.category.clone(),
            place: NewPlace {
                point,
                datum: point.map(|_| Datum::Wgs84),
                accuracy_m: point.map(|_| 20.0),
                region: case.region.clone(),
                words: case.words.clone(),
                home: None,
            },
            visibility: case.visibility,
            answers: case.answers.clone().into_iter().collect(),
            photos: self.upload(requester, &case.photos, &case.name).await?,
            complained_unit: case.complained.clone(),
            channel: "app".to_owned(),
            wants_push: false,
        };
        let submitted = submit_case(self.services, requester, &RequestContext::default(), new).await?;
        Ok(submitted.id)
    }

    /// Draws and uploads pictures; answers their hashes. The case's name picks the take, so that a unit's picture from
    /// before the work is the one that the resident saw.
    async fn upload(&self, uploader: &Actor, pictures: &[Picture], name: &str) -> Result<Vec<String>, Failure> {
        let seed = name
            .bytes()
            .fold(0_u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let mut hashes = Vec::new();
        for picture in pictures.iter().copied() {
            let jpeg = self.draw(picture, seed).await?;
            let received = self.services.photos.receive().take(&jpeg).await?.finish().await?;
            let photo = upload_photo(self.services, uploader, &RequestContext::default(), received, None).await?;
            hashes.push(photo.row.sha256);
        }
        Ok(hashes)
    }

    async fn draw(&self, picture: Picture, seed: u32) -> Result<Arc<[u8]>, Failure> {
        let known = self
            .drawn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(picture, seed))
            .cloned();
        if let Some(jpeg) = known {
            return Ok(jpeg);
        }
        let drawn = tokio::task::spawn_blocking(move || picture.draw(seed)).await;
        let jpeg: Arc<[u8]> = drawn.map_err(Failure::internal)?.map_err(Failure::internal)?.into();
        let mut pictures = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.insert((picture, seed), Arc::clone(&jpeg));
        Ok(jpeg)
    }

    async fn act(&self, case: &Case, id: i64, act: &Act) -> Result<(), Failure> {
        match act {
            Act::Ask { .. }
            | Act::Accept
            | Act::Refuse { .. }
            | Act::Answer { .. }
            | Act::Dispatch
            | Act::Release
            | Act::SendBack { .. }
            | Act::Moderate
            | Act::RequestClose { .. }
            | Act::CloseExplained { .. } => self.act_at_the_hotline(id, act).await,
            Act::Supply { .. }
            | Act::Appeal { .. }
            | Act::Rate { .. }
            | Act::Urge
            | Act::Withdraw { .. }
            | Act::MeToo { .. }
            | Act::Follow { .. } => self.act_as_resident(case, id, act).await,
            _ => self.act_in_the_unit(case, id, act).await,
        }
    }

    async fn act_at_the_hotline(&self, id: i64, act: &Act) -> Result<(), Failure> {
        let (services, context) = (self.services, &RequestContext::default());
        let by = |role| self.people.with(role);
        let _outcome: StepOutcome = match act {
            Act::Ask { text } => ask_information(services, by(Role::Clerk)?, context, id, text).await?,
            Act::Accept => {
                let accepted = self.suggested(id).await?;
                accept_case(services, by(Role::Clerk)?, context, id, accepted).await?
            }
            Act::Refuse { text, path } => refuse_case(services, by(Role::Clerk)?, context, id, text, path).await?,
            Act::Answer { article, text } => {
                answer_directly(services, by(Role::Clerk)?, context, id, article, text.as_deref()).await?
            }
            Act::Dispatch => {
                let suggested = GiveToUnit {
                    lead: None,
                    co: Vec::new(),
                    reason: None,
                };
                dispatch_case(services, by(Role::Dispatcher)?, context, id, suggested).await?
            }
            Act::Release => release_reply(services, by(Role::Reviewer)?, context, id).await?,
            Act::SendBack { text } => send_back_reply(services, by(Role::Reviewer)?, context, id, text).await?,
            Act::RequestClose { text, basis } => {
                request_close_explained(services, by(Role::Reviewer)?, context, id, basis, Some(text)).await?
            }
            Act::CloseExplained { text } => {
                close_explained(services, by(Role::HotlineSupervisor)?, context, id, text).await?
            }
            _ => return self.moderate(id).await,
        };
        Ok(())
    }

    async fn act_in_the_unit(&self, case: &Case, id: i64, act: &Act) -> Result<(), Failure> {
        let (services, context) = (self.services, &RequestContext::default());
        let row = self.read(id).await?;
        let unit = row.lead_unit.clone().unwrap_or_default();
        let order = self.order(id).await?;
        let by = |role| self.people.at(role, &unit);
        let handler = by(Role::UnitHandler)?;
        let _outcome: StepOutcome = match act {
            Act::Sign => sign_for_order(services, by(Role::UnitLiaison)?, context, order).await?,
            Act::Assign => {
                let request = AssignOrder {
                    handler: handler.id(),
                    unit: None,
                };
                assign_order(services, by(Role::UnitLiaison)?, context, order, request).await?
            }
            Act::Return { text, basis } => {
                request_return(services, by(Role::UnitLeader)?, context, order, basis, Some(text)).await?
            }
            Act::Contact { text } => record_contact(services, handler, context, order, "phone", text).await?,
            Act::Progress { text, photos } => {
                let request = AddProgress {
                    text: text.clone(),
                    public: true,
                    photos: self.upload(handler, photos, &case.name).await?,
                };
                add_progress(services, handler, context, order, request).await?
            }
            Act::Reply {
                text,
                outcome,
                cause,
                before_photos,
                after_photos,
            } => {
                let request = SubmitReply {
                    text: text.clone(),
                    outcome: *outcome,
                    root_cause: *cause,
                    photos_before: self.upload(handler, before_photos, &case.name).await?,
                    photos_after: self.upload(handler, after_photos, &case.name).await?,
                };
                submit_reply(services, handler, context, order, request).await?
            }
            _ => sign_reply(services, by(Role::UnitLeader)?, context, order).await?,
        };
        Ok(())
    }

    /// What the requester and the category suggest, taken on as it is.
    async fn suggested(&self, id: i64) -> Result<AcceptCase, Failure> {
        let row = self.read(id).await?;
        let facts = row.facts()?;
        Ok(AcceptCase {
            kind: facts.kind,
            category: row.category.unwrap_or_default(),
            region: row.region,
            urgency: facts.urgency,
            visibility: None,
            complained_unit: None,
            concerns_minor: false,
            complex: false,
        })
    }
}
