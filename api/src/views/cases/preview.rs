//! What a report would come to, before it is sent: category, unit, limit, questions, and public cases about the same matter.
//! Nothing is kept of it.

use std::sync::Arc;

use h3o::{LatLng, Resolution};
use shared::{
    contract::{
        case::{CasePreviewView, NearDuplicateView, RecipientView},
        public_case::NamedCode,
    },
    domain::{
        case::{CaseKind, Urgency, Visibility},
        category::Category,
        classify::suggest_kind,
        deadline::ClockKind,
        location::{GeoPoint, distance_metres},
        similarity::{NEAR_DUPLICATE_DEFAULT, Pairs},
        time::Timestamp,
    },
};

use super::entries::unit;
use crate::{
    city::City,
    database::{DbConnection, StoreError, ids::first_id_at},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        desk_store,
    },
    views::public::load_faces,
};

/// Metres around the point in which the same matter is looked for.
const NEAR_METRES: f64 = 300.0;
/// Rings of cells of resolution 9 around the point's own: more than [`NEAR_METRES`] in each direction.
const RINGS: u32 = 2;
/// Minutes back: 30 days.
const BACK_MINUTES: i64 = 30 * 24 * 60;
/// Cases compared, and offered, at most.
const COMPARED: i64 = 200;
const OFFERED: usize = 5;

/// A report that is being written, its fields within their bounds.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The words.
    pub text: String,
    /// What it is, if chosen.
    pub kind: Option<CaseKind>,
    /// Code of the category, if chosen.
    pub category: Option<String>,
    /// The point, already WGS-84.
    pub point: Option<GeoPoint>,
    /// Code of a region.
    pub region: Option<String>,
}

/// What the draft would come to. At most five statements, none without a category.
///
/// # Errors
/// `Invalid` for an unknown category or region; `Busy`.
pub async fn preview_case(services: &Arc<Services>, draft: Draft) -> Result<CasePreviewView, Failure> {
    let (city, now) = (services.city(), services.now());
    let outline = Outline::of(&city, &draft)?;
    let mut view = outline.view(&city, &draft, now);
    if !outline.categories.is_empty() {
        let held = Arc::clone(services);
        view.near_duplicates = services
            .database
            .readers
            .read(move |connection| outline.near_duplicates(connection, &held, &draft, now))
            .await?;
    }
    Ok(view)
}

/// What the words and the place say.
struct Outline {
    kind: CaseKind,
    categories: Vec<String>,
    region: Option<String>,
    outside_city: bool,
}

impl Outline {
    fn of(city: &City, draft: &Draft) -> Result<Self, Failure> {
        let suggested = city.classifier.suggest(&draft.text);
        let categories = match &draft.category {
            Some(code) => {
                let known = city.categories.get(code).is_some_and(Category::is_leaf);
                known
                    .then(|| vec![code.clone()])
                    .ok_or_else(|| Failure::invalid("category", "没有这个类别"))?
            }
            None => suggested.into_iter().map(|suggestion| suggestion.code).collect(),
        };
        if draft
            .region
            .as_ref()
            .is_some_and(|code| city.regions.get(code).is_none())
        {
            return Err(Failure::invalid("place.region", "没有这个地方"));
        }
        let around = draft.point.and_then(|point| city.county_at(point));
        let first = categories.first().and_then(|code| city.categories.get(code));
        let usual = first.map(|category| category.default_kind);
        Ok(Self {
            kind: draft.kind.unwrap_or_else(|| suggest_kind(&draft.text, usual)),
            region: draft.region.clone().or_else(|| around.map(str::to_owned)),
            outside_city: draft.point.is_some() && around.is_none(),
            categories,
        })
    }

    fn view(&self, city: &City, draft: &Draft, now: Timestamp) -> CasePreviewView {
        let first = self.categories.first().and_then(|code| city.categories.get(code));
        let emergency = city.emergency.check(&draft.text);
        let urgency = match (&emergency, first) {
            (Some(_), _) => Urgency::Emergency,
            (None, Some(category)) => category.urgency,
            (None, None) => Urgency::Routine,
        };
        let code = first.map(|category| category.code.as_str());
        let due = city
            .policy
            .due(&city.calendar, ClockKind::Handle, self.kind, urgency, code, now);
        let (numbers, advice) = emergency.map(|found| (found.numbers, found.advice)).unzip();
        CasePreviewView {
            kind: self.kind,
            categories: self.categories.iter().map(|code| named(city, code)).collect(),
            recipient: code.and_then(|code| self.recipient(city, code)),
            due_at: due.map(|due| due.at),
            visibility: first
                .map_or(Visibility::Private, |category| category.default_visibility)
                .for_kind(self.kind),
            questions: first.map(|category| category.questions.clone()).unwrap_or_default(),
            emergency_numbers: numbers.unwrap_or_default(),
            emergency_advice: advice,
            outside_city: self.outside_city,
            near_duplicates: Vec::new(),
        }
    }

    fn recipient(&self, city: &City, category: &str) -> Option<RecipientView> {
        let found = city
            .catalogue
            .suggest(category, self.region.as_deref(), &city.regions, &city.units, &[]);
        found.into_iter().next().map(|suggestion| RecipientView {
            unit: unit(city, &suggestion.lead),
            reason: suggestion.reason,
        })
    }

    /// Open public cases of one of the categories, near the point or in the same settlement, told in similar words.
    fn near_duplicates(
        &self,
        connection: &mut DbConnection,
        services: &Services,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<Vec<NearDuplicateView>, Failure> {
        let city = services.city();
        let from = first_id_at(now.plus_minutes(-BACK_MINUTES));
        let rows = self.candidates(connection, &city, draft, from)?;
        let words = Pairs::of(&draft.text);
        let mut alike: Vec<(f64, CaseRow)> = rows
            .into_iter()
            .map(|row| (likeness(&words, &row), row))
            .filter(|(likeness, _)| *likeness >= NEAR_DUPLICATE_DEFAULT)
            .collect();
        alike.sort_by(|one, other| other.0.total_cmp(&one.0));
        alike.truncate(OFFERED);
        let (likenesses, rows): (Vec<f64>, Vec<CaseRow>) = alike.into_iter().unzip();
        let faces = load_faces(connection, &rows)?;
        let offered = rows.iter().zip(likenesses).map(|(row, likeness)| {
            let case = faces.summary(&city, &services.receipts, row)?;
            let shown = case.place.latitude.zip(case.place.longitude);
            let shown = shown.and_then(|(latitude, longitude)| GeoPoint::new(latitude, longitude).ok());
            Ok(NearDuplicateView {
                distance: shown
                    .zip(draft.point)
                    .map(|(there, here)| distance_metres(there, here).round()),
                similarity: percent(likeness),
                case,
            })
        });
        offered.collect()
    }

    fn candidates(
        &self,
        connection: &mut DbConnection,
        city: &City,
        draft: &Draft,
        from: i64,
    ) -> Result<Vec<CaseRow>, StoreError> {
        let of_category = |row: &CaseRow| row.category.as_ref().is_some_and(|code| self.categories.contains(code));
        if let Some(point) = draft.point {
            let rows = case_store::list_public_in_cells(connection, &cells_around(point), from, COMPARED)?;
            let near = |row: &CaseRow| {
                let there = row.latitude.zip(row.longitude);
                let there = there.and_then(|(latitude, longitude)| GeoPoint::new(latitude, longitude).ok());
                there.is_some_and(|there| distance_metres(there, point) <= NEAR_METRES)
            };
            return Ok(rows.into_iter().filter(|row| of_category(row) && near(row)).collect());
        }
        let township = self
            .region
            .as_deref()
            .and_then(|code| city.regions.township_of(code))
            .map(|township| township.code.clone());
        let (Some(township), Some(category)) = (township, self.categories.first()) else {
            return Ok(Vec::new());
        };
        let rows = desk_store::list_public_of_category(connection, category, from, COMPARED)?;
        let inside = |row: &CaseRow| {
            row.region
                .as_deref()
                .is_some_and(|code| city.regions.contains(&township, code))
        };
        Ok(rows.into_iter().filter(inside).collect())
    }
}

/// The cell of the point and those around it.
fn cells_around(point: GeoPoint) -> Vec<i64> {
    let Ok(place) = LatLng::new(point.latitude(), point.longitude()) else {
        return Vec::new();
    };
    let disk: Vec<_> = place.to_cell(Resolution::Nine).grid_disk(RINGS);
    disk.into_iter().map(|cell| u64::from(cell).cast_signed()).collect()
}

/// Titles are often cut from the text: whichever is more alike counts.
fn likeness(words: &Pairs, row: &CaseRow) -> f64 {
    let whole = words.similarity(&Pairs::of(&row.body));
    whole.max(words.similarity(&Pairs::of(&row.title)))
}

fn named(city: &City, code: &str) -> NamedCode {
    NamedCode {
        code: code.to_owned(),
        name: city.categories.full_name(code).unwrap_or_else(|| code.to_owned()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1 in percent"
)]
fn percent(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
