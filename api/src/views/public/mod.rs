//! What anybody may see: the facts of public cases at once, their words and photos after a moderator's release, never the requester.

mod counts;
mod detail;
pub(crate) mod face;
pub(crate) mod list;
mod map;
mod photo;

pub(in crate::views) use self::detail::{case_with_rating, public_face};
pub use self::{
    counts::public_counts,
    detail::public_case,
    face::{Faces, load_faces, public_place},
    list::list_public_cases,
    map::{MapArea, map_of_public_cases},
    photo::{PublicRendition, public_photo},
};
