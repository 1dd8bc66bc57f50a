//! How a closed list of words (states, actions, outcomes, roles) is written down: one table of variant, wire name and
//! Chinese name, from which the enum, its list and its parsing follow. It holds no rule of the city.

/// A word that is not in its closed list. The word itself is not repeated: it may come from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known {0}")]
pub struct UnknownWord(pub &'static str);

/// Defines an enum whose variants each have one name in rows and on the wire and one in Chinese.
///
/// The word is taken as a token, not as a `literal`: utoipa does not see through the group that a `literal` is wrapped in.
macro_rules! closed_list {
    (
        $(#[$list_note:meta])*
        pub enum $name:ident as $what:literal {
            $( $(#[$note:meta])* $variant:ident = $word:tt, $chinese:literal; )+
        }
    ) => {
        $(#[$list_note])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $( $(#[$note])* #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// Every one, in the order of the definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in rows, in data files and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The name that residents and staff read.
            #[must_use]
            pub const fn name_zh(self) -> &'static str {
                match self { $(Self::$variant => $chinese),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::case::words::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|one| one.as_str() == text)
                    .ok_or($crate::domain::case::words::UnknownWord($what))
            }
        }
    };
}

pub(crate) use closed_list;
