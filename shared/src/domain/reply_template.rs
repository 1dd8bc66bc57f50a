//! Templates of replies: a text with places that a case fills. What may stand in a place is a closed list; what a case has to say
//! there, and whether a draft is ever sent, is decided elsewhere.

use crate::domain::case::words::closed_list;

closed_list! {
    /// A place in a template, written as its name in braces: `{receipt_no}`.
    pub enum Placeholder as "placeholder" {
        /// The case's receipt number.
        ReceiptNo = "receipt_no", "受理编号";
        /// The requester's title.
        Title = "title", "诉求标题";
        /// The category's name.
        Category = "category", "诉求类别";
        /// The place's name.
        Place = "place", "地点";
        /// The name of the unit that handles the case.
        Unit = "unit", "承办单位";
        /// The day on which the case is due.
        Due = "due", "办理期限";
        /// Today.
        Today = "today", "今天的日期";
    }
}

/// A brace that opens no known place, or that belongs to none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no place of a template")]
pub struct UnknownPlace;

/// A text cut at its places.
enum Piece<'a> {
    Words(&'a str),
    Place(Placeholder),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, UnknownPlace> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let (words, from) = rest.split_at(at);
        let inside = from.strip_prefix('{').ok_or(UnknownPlace)?;
        let (name, after) = inside.split_once('}').ok_or(UnknownPlace)?;
        pieces.push(Piece::Words(words));
        pieces.push(Piece::Place(name.parse().map_err(|_| UnknownPlace)?));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    Ok(pieces)
}

/// Whether every brace of the text belongs to a known place.
///
/// # Errors
/// When one does not.
pub fn check(text: &str) -> Result<(), UnknownPlace> {
    pieces(text).map(|_| ())
}

/// A text whose places are filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text. A place that the case cannot fill shows its name in brackets: 〔办理期限〕.
    pub text: String,
    /// The places that the case cannot fill, each once.
    pub open: Vec<Placeholder>,
}

/// Fills the places of a text.
///
/// # Errors
/// As [`check`].
pub fn fill(text: &str, value: impl Fn(Placeholder) -> Option<String>) -> Result<Filled, UnknownPlace> {
    let mut filled = Filled {
        text: String::with_capacity(text.len()),
        open: Vec::new(),
    };
    for piece in pieces(text)? {
        match piece {
            Piece::Words(words) => filled.text.push_str(words),
            Piece::Place(place) => {
                if let Some(value) = value(place) {
                    filled.text.push_str(&value);
                } else {
                    filled.text.extend(["〔", place.name_zh(), "〕"]);
                    if !filled.open.contains(&place) {
                        filled.open.push(place);
                    }
                }
            }
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_what_the_case_cannot_say_stays_visible() {
        let value = |place| (place == Placeholder::Unit).then(|| "沂水县住建局".to_owned());
        let filled = fill("您好，{unit}将在{due}前答复，{due}后可以催办。", value).unwrap();
        assert_eq!(
            filled.text,
            "您好，沂水县住建局将在〔办理期限〕前答复，〔办理期限〕后可以催办。"
        );
        assert_eq!(filled.open, [Placeholder::Due]);
    }

    #[test]
    fn what_a_case_says_is_not_read_as_a_place_again() {
        let filled = fill("{title}", |_| Some("{due}坏了".to_owned())).unwrap();
        assert_eq!(filled.text, "{due}坏了");
    }

    #[test]
    fn an_unknown_place_or_a_lost_brace_is_refused() {
        for text in ["{phone}", "{unit", "unit}", "{}", "{{unit}}"] {
            assert_eq!(check(text), Err(UnknownPlace), "{text}");
        }
        assert_eq!(check("没有要填的地方。"), Ok(()));
    }
}
