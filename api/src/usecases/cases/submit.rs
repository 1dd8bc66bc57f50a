//! Row 1 of a case's life: the report is written down as it was said, with its place, its limit and who will probably get it.
//!
//! Only rows are added, so that many submissions share one commit. Photos may come before or after: they attach by their hash.

use std::sync::Arc;

use h3o::{LatLng, Resolution};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::contract::problem::ProblemCode;
use shared::domain::{
    case::{
        Action, ActorFacts, CaseFacts, CaseKind, Urgency, Visibility, decide_submission,
        public_sentence::public_sentence,
        timeline::{SentenceFacts, sentence},
    },
    consent::{ConsentChannel, ConsentPurpose},
    deadline::ClockKind,
    location::{Datum, GeoPoint},
    photo::PhotoPurpose,
    role::Role,
};

use super::{
    clocks::{Limits, promised},
    telling::notify,
};
use crate::{
    access::{Actor, RequestContext},
    city::City,
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::{
        case_store::{CaseRow, PlaceRecord},
        consent_store::NewConsentRow,
        counter_store,
        outbox_store::{OutboxRow, Task},
        timeline_store::CaseEventRow,
        to_json,
    },
    usecases::{audit, idempotency, photos::expect_photos},
};

/// Resolution of the H3 cells that find cases near a point: edges of about 200 m.
pub const PLACE_RESOLUTION: Resolution = Resolution::Nine;
/// Characters of the text that stand for a missing title.
const TITLE_FROM_TEXT: usize = 24;

/// A report as it came, its fields within their bounds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewCase {
    /// One line; made from the text when missing.
    pub title: Option<String>,
    /// The requester's words.
    pub text: String,
    /// What it is, if the requester says.
    pub kind: Option<CaseKind>,
    /// Code of a category, if the requester says.
    pub category: Option<String>,
    /// Where it is.
    pub place: NewPlace,
    /// Who may see it, if the requester says.
    pub visibility: Option<Visibility>,
    /// Answers to the category's questions: code and answer.
    pub answers: Vec<(String, String)>,
    /// SHA-256 of the photos that belong to it, lower-case hexadecimal, at most nine.
    pub photos: Vec<String>,
    /// Code of the unit complained of.
    pub complained_unit: Option<String>,
    /// How it came: `app`, `web`, `hotline`.
    pub channel: String,
    /// The requester wants pushes about it.
    pub wants_push: bool,
}

/// Where a report is about: a point, a region with words, both, or nothing for an inquiry.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct NewPlace {
    /// The point, already WGS-84.
    pub point: Option<GeoPoint>,
    /// The datum in which it was sent.
    pub datum: Option<Datum>,
    /// Radius in metres that the phone gave.
    pub accuracy_m: Option<f64>,
    /// Code of a region.
    pub region: Option<String>,
    /// As people say it.
    pub words: Option<String>,
    /// The place is a home, if the requester says.
    pub home: Option<bool>,
}

/// What the requester hears back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubmittedCase {
    /// The case; its receipt number is made from it.
    pub id: i64,
    /// Version of the new row.
    pub version: i64,
    /// Until when it is accepted.
    pub due_at: Option<i64>,
    /// Code of the unit that will probably handle it; none when a clerk decides.
    pub recipient: Option<String>,
    /// Numbers to call at once, when the words speak of danger.
    pub emergency_numbers: Vec<String>,
    /// What to do meanwhile.
    pub emergency_advice: Option<String>,
    /// The point lies outside the city: a clerk reads the words.
    pub outside_city: bool,
}

/// Takes a report.
///
/// # Errors
/// A field names something unknown, answers do not fit the category's questions; `AccountBlocked` for a blocked account, unless
/// it is an emergency; `Busy`.
pub async fn submit_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    new: NewCase,
) -> Result<SubmittedCase, Failure> {
    let Actor::Person(person) = actor else {
        return Err(ProblemCode::Forbidden.into());
    };
    let (requester, blocked) = (person.id, person.blocked);
    let city = services.city();
    let report = Report::of(&city, &new)?;
    report.check_open_to(blocked)?;
    let role = submitting_role(actor)?;
    let (held, who, context_) = (Arc::clone(services), actor.clone(), context.clone());
    let request = new.clone();
    idempotency::once(
        services,
        requester,
        context,
        "case.submit",
        &request,
        move |transaction| {
            let sender = Sender {
                actor: &who,
                context: &context_,
                role,
                requester,
                agreed: ConsentChannel::Online,
                detail: json!({}),
            };
            let submitted = report.write_down(&held, &city, transaction, &sender, &new);
            let (id, purpose) = (submitted.id, PhotoPurpose::Report);
            expect_photos(transaction, &held, id, id, requester, purpose, &new.photos)?;
            Ok(submitted)
        },
    )
    .await
}

/// Who sends a report, and for whom.
pub(super) struct Sender<'a> {
    pub(super) actor: &'a Actor,
    pub(super) context: &'a RequestContext,
    /// The role in which the actor sends it.
    pub(super) role: Role,
    /// Whose case it becomes.
    pub(super) requester: i64,
    /// How the requester agrees to what the report asks for.
    pub(super) agreed: ConsentChannel,
    /// What the timeline keeps for staff beside the words.
    pub(super) detail: Value,
}

/// What the report comes to after the suggestions: worked out before the writer is asked.
pub(super) struct Report {
    pub(super) kind: CaseKind,
    category: Option<String>,
    county: Option<String>,
    pub(super) region: Option<String>,
    urgency: Urgency,
    pub(super) visibility: Visibility,
    home: bool,
    outside_city: bool,
    recipient: Option<String>,
    emergency: Option<shared::domain::emergency::EmergencyAdvice>,
}

impl Report {
    /// What is refused to a blocked person, whoever writes it down: everything but an emergency.
    pub(super) fn check_open_to(&self, blocked: bool) -> Result<(), Failure> {
        if blocked && self.urgency != Urgency::Emergency {
            return Err(ProblemCode::AccountBlocked.into());
        }
        Ok(())
    }

    pub(super) fn of(city: &City, new: &NewCase) -> Result<Self, Failure> {
        let words = format!("{} {}", new.title.as_deref().unwrap_or_default(), new.text);
        let suggested = city.classifier.suggest(&words).into_iter().next();
        let category = new
            .category
            .clone()
            .or_else(|| suggested.as_ref().map(|first| first.code.clone()));
        let known = category.as_deref().map(|code| {
            let leaf = city.categories.get(code).filter(|category| category.is_leaf());
            leaf.ok_or_else(|| Failure::invalid("category", "没有这个类别"))
        });
        let known = known.transpose()?;
        if let Some(category) = known {
            category.check_answers(&new.answers).map_err(|faults| {
                let codes: Vec<_> = faults.into_iter().map(|(code, _)| code).collect();
                Failure::invalid("answers", format!("请检查这些问题的回答：{}", codes.join("、")))
            })?;
        }
        let kind = new.kind.unwrap_or_else(|| {
            let usual = known.map(|category| category.default_kind);
            shared::domain::classify::suggest_kind(&words, usual)
        });
        let (county, region, outside_city) = place(city, &new.place)?;
        if let Some(unit) = &new.complained_unit
            && city.units.get(unit).is_none()
        {
            return Err(Failure::invalid("complained_unit", "没有这个单位"));
        }
        let emergency = city.emergency.check(&words);
        let usual = known.map_or(Visibility::Private, |category| category.default_visibility);
        let excluded: Vec<String> = new.complained_unit.iter().cloned().collect();
        let recipient = category.as_deref().and_then(|code| {
            let found = city
                .catalogue
                .suggest(code, region.as_deref(), &city.regions, &city.units, &excluded);
            found.into_iter().next().map(|suggestion| suggestion.lead)
        });
        Ok(Self {
            kind,
            urgency: match (&emergency, known) {
                (Some(_), _) => Urgency::Emergency,
                (None, Some(category)) => category.urgency,
                (None, None) => Urgency::Routine,
            },
            visibility: new.visibility.unwrap_or(usual).for_kind(kind),
            home: new
                .place
                .home
                .unwrap_or_else(|| known.is_some_and(|category| category.home_place)),
            category,
            county,
            region,
            outside_city,
            recipient,
            emergency,
        })
    }

    pub(super) fn write_down(
        &self,
        services: &Services,
        city: &City,
        transaction: &mut Transaction<'_>,
        sender: &Sender<'_>,
        new: &NewCase,
    ) -> SubmittedCase {
        let (now, requester) = (services.now(), sender.requester);
        let mut facts = CaseFacts::submitted(self.kind, self.urgency, self.visibility);
        facts.memory.complained_unit.clone_from(&new.complained_unit);
        let id = services.next_id();
        let limits = Limits {
            city,
            policy: &city.policy,
            facts: &facts,
            category: self.category.as_deref(),
            now,
        };
        let dues = limits.of(ClockKind::Accept);
        let clocks = limits.rows(&dues, id, None, || services.next_id());
        facts.memory.clocks = dues.instants();
        let due = promised(&facts);
        let row = self.row(id, requester, new, &facts, now.0);

        let said = SentenceFacts {
            due,
            ..SentenceFacts::default()
        };
        let words = sentence(Action::Submit, &said).unwrap_or_default();
        let event = CaseEventRow {
            id: services.next_id(),
            case_id: id,
            order_id: None,
            cycle: 1,
            action: Action::Submit.as_str().to_owned(),
            actor_id: sender.actor.id(),
            actor_role: sender.role.as_str().to_owned(),
            actor_unit: None,
            state_before: None,
            state_after: row.state.clone(),
            audience: if row.is_public() { "public" } else { "requester" }.to_owned(),
            sentence: Some(words.clone()),
            public_sentence: public_sentence(Action::Submit, &said),
            detail: sender.detail.to_string(),
        };
        notify(
            services,
            transaction,
            requester,
            &row,
            Action::Submit.as_str(),
            &words,
            now,
        );
        transaction.append(OutboxRow::new(
            services.next_id(),
            Task::IndexCase,
            id,
            "{}".to_owned(),
            now,
        ));
        for wording in self.consents(new).filter_map(|purpose| services.consents.of(purpose)) {
            transaction.append(NewConsentRow {
                id: services.next_id(),
                person_id: requester,
                purpose: wording.purpose.as_str().to_owned(),
                wording_version: wording.version.clone(),
                channel: sender.agreed.as_str().to_owned(),
                case_id: Some(id),
            });
        }
        let act = audit::Act::done("case.submit", "case", Some(id)).with(json!({ "channel": new.channel }));
        audit::record_act(services, transaction, sender.actor, sender.context, &act);
        transaction.count("cases_received", "all", 1);
        if let Some(county) = &row.county {
            transaction.count("cases_received", county.as_str(), 1);
        }
        transaction.count("cases_by_state", row.state.as_str(), 1);
        counter_store::count_public(transaction, &row, 1);
        for clock in clocks {
            transaction.append(clock);
        }
        transaction.append(event);
        transaction.append(row);
        SubmittedCase {
            id,
            version: 1,
            due_at: due.map(|due| due.0),
            recipient: self.recipient.clone(),
            emergency_numbers: self
                .emergency
                .as_ref()
                .map(|advice| advice.numbers.clone())
                .unwrap_or_default(),
            emergency_advice: self.emergency.as_ref().map(|advice| advice.advice.clone()),
            outside_city: self.outside_city,
        }
    }

    fn row(&self, id: i64, requester: i64, new: &NewCase, facts: &CaseFacts, now: i64) -> CaseRow {
        let point = new.place.point;
        let cell = point.and_then(|point| LatLng::new(point.latitude(), point.longitude()).ok());
        let answers: std::collections::BTreeMap<_, _> = new.answers.iter().cloned().collect();
        CaseRow {
            id,
            version: 1,
            requester_id: Some(requester),
            channel: new.channel.clone(),
            kind: facts.kind.as_str().to_owned(),
            category: self.category.clone(),
            county: self.county.clone(),
            region: self.region.clone(),
            latitude: point.map(GeoPoint::latitude),
            longitude: point.map(GeoPoint::longitude),
            h3_cell: cell.map(|point| u64::from(point.to_cell(PLACE_RESOLUTION)).cast_signed()),
            place: to_json(&PlaceRecord {
                words: new.place.words.clone(),
                accuracy_m: new.place.accuracy_m,
                datum: new.place.datum,
                home: self.home,
            }),
            title: new
                .title
                .clone()
                .unwrap_or_else(|| new.text.chars().take(TITLE_FROM_TEXT).collect()),
            body: new.text.clone(),
            answers: to_json(&answers),
            visibility: facts.visibility.as_str().to_owned(),
            urgency: facts.urgency.as_str().to_owned(),
            state: facts.state.as_str().to_owned(),
            is_open: true,
            cycle: 1,
            redo_count: 0,
            return_count: 0,
            dispatch_count: 0,
            designated: false,
            tier: 0,
            primary_case_id: None,
            lead_unit: None,
            due_at: promised(facts).map(|due| due.0),
            outcome: None,
            publication: if facts.visibility == Visibility::Public {
                "pending"
            } else {
                "none"
            }
            .to_owned(),
            memory: to_json(&facts.memory),
            updated_at: now,
        }
    }

    /// Choosing public, or push, is agreeing to it.
    fn consents(&self, new: &NewCase) -> impl Iterator<Item = ConsentPurpose> {
        let public = (self.visibility == Visibility::Public).then_some(ConsentPurpose::Publication);
        let push = new.wants_push.then_some(ConsentPurpose::Push);
        public.into_iter().chain(push)
    }
}

fn submitting_role(actor: &Actor) -> Result<Role, Failure> {
    let resident = ActorFacts {
        id: actor.id().map(shared::domain::id::AccountId),
        roles: std::collections::BTreeSet::from([Role::Requester]),
        is_requester: true,
        ..ActorFacts::visitor()
    };
    Ok(decide_submission(&resident)?)
}

/// County and region of a place, and whether its point lies outside the city.
fn place(city: &City, place: &NewPlace) -> Result<(Option<String>, Option<String>, bool), Failure> {
    if let Some(region) = &place.region
        && city.regions.get(region).is_none()
    {
        return Err(Failure::invalid("place.region", "没有这个地方"));
    }
    let around = place.point.and_then(|point| city.county_at(point)).map(str::to_owned);
    let outside = place.point.is_some() && around.is_none();
    let named = place
        .region
        .as_deref()
        .and_then(|code| city.regions.county_of(code))
        .map(|county| county.code.clone());
    let county = named.or(around);
    let region = place.region.clone().or_else(|| county.clone());
    Ok((county, region, outside))
}
