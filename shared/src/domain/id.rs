//! The numbers that name things. Each kind of thing has its own type, so that one cannot be taken for another.
//! How numbers are made is the server's matter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A text that is not the number of anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct MalformedId;

/// Defines an i64 newtype that travels as a decimal string: JavaScript cannot hold 64 bits.
macro_rules! id_type {
    ($($(#[$note:meta])* $name:ident;)+) => { $(
        $(#[$note])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self).map_err(|_| MalformedId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    )+ };
}

id_type! {
    /// An account: a resident, a member of staff, or an administrator.
    AccountId;
    /// A role given to a member of staff.
    GrantId;
    /// A signed-in session.
    SessionId;
    /// A device that asked for push messages.
    DeviceId;
    /// A case (诉求).
    CaseId;
    /// A work order (工单): what one unit is given in one cycle.
    OrderId;
    /// An entry of a case's timeline.
    EventId;
    /// A photo.
    PhotoId;
    /// A notice in somebody's inbox.
    NoticeId;
    /// A supervision of a case.
    SupervisionId;
    /// An integrity sign that was raised.
    FlagId;
    /// A reply of a unit.
    ReplyId;
    /// A message on its way to somebody's phone.
    MessageId;
    /// An export of somebody's data.
    ExportId;
    /// A request about the own data.
    RightsRequestId;
    /// A template of replies.
    ReplyTemplateId;
    /// A record of the audit trail.
    AuditId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_travels_as_a_string_so_that_no_browser_rounds_it() {
        let id = CaseId(9_007_199_254_740_993);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<CaseId>(&json).unwrap(), id);
        assert!(serde_json::from_str::<CaseId>("\"12a\"").is_err());
    }
}
