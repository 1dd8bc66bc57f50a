//! From what travels to the domain's words: bounds, control characters, coordinates that belong together.

use shared::{
    contract::case::{
        InformationRequest, PLACE_WORDS_MAX, PlaceRequest, PreviewCaseRequest, SubmitCaseRequest, TEXT_MAX, TITLE_MAX,
    },
    domain::{
        category::LONGEST_ANSWER,
        location::{Datum, GeoPoint},
    },
};

use crate::{
    errors::Failure,
    usecases::{
        cases::{NewCase, NewPlace, information::Information},
        photos::parse_hashes,
        words::{optional_text, text},
    },
    views::cases::Draft,
};

/// The longest code of a region, a category, a unit or a question.
const CODE_LIMIT: usize = 64;
/// Answers that one report may carry.
const MOST_ANSWERS: usize = 20;
/// The worst accuracy that is worth keeping, in metres.
const WORST_ACCURACY: f64 = 100_000.0;

/// What a requester brings later.
pub(super) fn information(request: InformationRequest) -> Information {
    Information {
        text: request.text,
        photos: request.photos,
    }
}

/// The report.
///
/// # Errors
/// `Invalid` for the first field that is missing, too long or not what it should be.
pub(in crate::routes) fn new_case(request: &SubmitCaseRequest) -> Result<NewCase, Failure> {
    if request.answers.len() > MOST_ANSWERS {
        return Err(Failure::invalid("answers", format!("最多 {MOST_ANSWERS} 个回答")));
    }
    let mut answers = Vec::with_capacity(request.answers.len());
    for (code, answer) in &request.answers {
        let code = text("answers", code, CODE_LIMIT)?;
        if let Some(answer) = optional_text("answers", Some(answer), LONGEST_ANSWER)? {
            answers.push((code, answer));
        }
    }
    let hashes = parse_hashes("photos", &request.photos)?;
    let title = optional_text("title", request.title.as_deref(), TITLE_MAX)?;
    if title.as_ref().is_some_and(|title| title.chars().any(char::is_control)) {
        return Err(Failure::invalid("title", "标题只能有一行"));
    }
    Ok(NewCase {
        title,
        text: text("text", &request.text, TEXT_MAX)?,
        kind: request.kind,
        category: optional_text("category", request.category.as_deref(), CODE_LIMIT)?,
        place: request.place.as_ref().map(place).transpose()?.unwrap_or_default(),
        visibility: request.visibility,
        answers,
        photos: hashes.iter().map(|hash| hash.as_str().to_owned()).collect(),
        complained_unit: optional_text("complained_unit", request.complained_unit.as_deref(), CODE_LIMIT)?,
        channel: request.channel.as_str().to_owned(),
        wants_push: request.wants_push,
    })
}

/// The report that is being written.
///
/// # Errors
/// As [`new_case`].
pub(super) fn draft(request: &PreviewCaseRequest) -> Result<Draft, Failure> {
    let place = request.place.as_ref().map(place).transpose()?.unwrap_or_default();
    Ok(Draft {
        text: text("text", &request.text, TEXT_MAX)?,
        kind: request.kind,
        category: optional_text("category", request.category.as_deref(), CODE_LIMIT)?,
        point: place.point,
        region: place.region,
    })
}

fn place(request: &PlaceRequest) -> Result<NewPlace, Failure> {
    let datum = request.datum.unwrap_or(Datum::Wgs84);
    let point = match (request.latitude, request.longitude) {
        (Some(latitude), Some(longitude)) => Some(
            GeoPoint::from_declared(latitude, longitude, datum)
                .map_err(|_| Failure::invalid("place.latitude", "坐标超出范围"))?,
        ),
        (None, None) => None,
        _ => return Err(Failure::invalid("place.latitude", "经度和纬度要一起填写")),
    };
    let fits = |metres: &f64| metres.is_finite() && (0.0..=WORST_ACCURACY).contains(metres);
    if request.accuracy_m.is_some_and(|metres| !fits(&metres)) {
        return Err(Failure::invalid("place.accuracy_m", "精度应在 0 到 100000 米之间"));
    }
    Ok(NewPlace {
        datum: point.map(|_| datum),
        point,
        accuracy_m: request.accuracy_m,
        region: optional_text("place.region", request.region.as_deref(), CODE_LIMIT)?,
        words: optional_text("place.words", request.words.as_deref(), PLACE_WORDS_MAX)?,
        home: request.home,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(place_: &PlaceRequest) -> Option<&'static str> {
        place(place_).err().and_then(|failure| failure.field)
    }

    #[test]
    fn half_a_point_an_impossible_one_and_an_endless_description_are_refused() {
        let half = PlaceRequest {
            latitude: Some(35.1),
            ..PlaceRequest::default()
        };
        assert_eq!(refused(&half), Some("place.latitude"));
        let impossible = PlaceRequest {
            longitude: Some(f64::NAN),
            ..half
        };
        assert_eq!(refused(&impossible), Some("place.latitude"));
        let endless = PlaceRequest {
            words: Some("村东头".repeat(100)),
            ..PlaceRequest::default()
        };
        assert_eq!(refused(&endless), Some("place.words"));
        let vague = PlaceRequest {
            accuracy_m: Some(f64::INFINITY),
            ..PlaceRequest::default()
        };
        assert_eq!(refused(&vague), Some("place.accuracy_m"));
    }

    #[test]
    fn a_point_of_a_chinese_map_is_stored_where_it_really_is() {
        let of_a_map = PlaceRequest {
            latitude: Some(35.104_308),
            longitude: Some(118.362_154),
            datum: Some(Datum::Gcj02),
            ..PlaceRequest::default()
        };
        let point = place(&of_a_map).ok().and_then(|place| place.point).unwrap();
        assert!((point.latitude() - 35.1047).abs() < 1e-4 && (point.longitude() - 118.3564).abs() < 1e-4);
    }
}
