//! Which room may not know what, as a table. A path is given from its crate on (`api::stores`, `diesel::update`); a
//! trailing `*` in a crate's name stands for the family (`actix*`). What a room is for: docs/architecture.md.

/// What a room must not name, and why.
#[derive(Debug)]
pub(crate) struct Wall {
    /// A path and all that lies under it.
    pub(crate) path: &'static str,
    /// The rule, for whoever meets it.
    pub(crate) rule: &'static str,
    /// The one file of the room that may, from the room's folder; empty when none.
    pub(crate) except: &'static str,
}

/// One room: a folder, or a file of that name.
#[derive(Debug)]
pub(crate) struct Room {
    /// As it is called in code.
    pub(crate) name: &'static str,
    /// From the repository's root.
    pub(crate) folder: &'static str,
    /// What it must not name.
    pub(crate) walls: &'static [Wall],
}

impl Room {
    /// The rule that naming `segments` in `file` breaks, if any.
    pub(crate) fn broken_by(&self, file: &str, segments: &[String]) -> Option<&'static str> {
        // `use crate::*` would hide what the rest of the file names.
        let own_crate = self.name.split("::").next().unwrap_or(self.name);
        if segments.first().is_some_and(|first| first == own_crate)
            && (segments.len() == 1 || segments.get(1).is_some_and(|second| second == "*"))
        {
            return Some("name the room, so that the walls can be seen");
        }
        self.walls
            .iter()
            .filter(|wall| covers(wall.path, segments))
            .find(|wall| wall.except.is_empty() || file != format!("{}/{}", self.folder, wall.except))
            .map(|wall| wall.rule)
    }
}

fn covers(path: &str, segments: &[String]) -> bool {
    let mut wanted = path.split("::");
    let mut given = segments.iter();
    wanted.all(|part| {
        given.next().is_some_and(|segment| match part.strip_suffix('*') {
            Some(family) => segment.starts_with(family),
            None => segment == part,
        })
    })
}

/// The room that `file` (from the repository's root) lies in.
pub(crate) fn room_of(file: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| {
        file.strip_prefix(room.folder)
            .is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
    })
}

const fn wall(path: &'static str, rule: &'static str) -> Wall {
    Wall { path, rule, except: "" }
}

const NO_HTTP: Wall = wall("actix*", "HTTP stays in routes, server and errors");
const NO_DIESEL: Wall = wall("diesel*", "diesel stays in stores, views and database");
const PURE: &str = "the rules of the city are pure: no clock, no chance, no input or output";
const PHONE: &str = "the server is not on the phone";
const PLAYED: &str = "the demonstration is played through the use cases, as people would";
const UPWARDS: &str = "the way is route, use case, store, writer; never back up";

/// Every room with walls. `api::config`, `api::errors` and `api::server` tie the others together and have none.
pub(crate) const ROOMS: &[Room] = &[
    Room {
        name: "shared::domain",
        folder: "shared/src/domain",
        walls: &[
            wall("shared::contract", "the rules do not know how they travel"),
            wall("shared::client", "the rules do not know who calls them"),
            wall("async", PURE),
            wall("async_trait", PURE),
            wall("tokio*", PURE),
            wall("futures*", PURE),
            wall("reqwest", PURE),
            wall("actix*", PURE),
            wall("diesel*", PURE),
            wall("uniffi*", PURE),
            wall("rand*", PURE),
            wall("getrandom", PURE),
            wall("uuid::Uuid::new_v4", PURE),
            wall("uuid::Uuid::now_v7", PURE),
            wall("Uuid::new_v4", PURE),
            wall("Uuid::now_v7", PURE),
            wall("std::time::SystemTime", PURE),
            wall("std::time::Instant", PURE),
            wall("std::fs", PURE),
            wall("std::net", PURE),
            wall("std::env", PURE),
            wall("std::process", PURE),
            wall("std::thread", PURE),
            wall("chrono::Utc::now", PURE),
            wall("chrono::Local", PURE),
            wall("Utc::now", PURE),
            wall("Local::now", PURE),
        ],
    },
    Room {
        name: "shared::contract",
        folder: "shared/src/contract",
        walls: &[
            wall("shared::client", "the words do not know who sends them"),
            wall("diesel*", "a row is not a view"),
            wall("actix*", "the words are the phone's too"),
            wall("tokio*", "words do nothing"),
            wall("reqwest", "words do nothing"),
            wall("uniffi*", "the bridge mirrors what it needs"),
        ],
    },
    Room {
        name: "shared::client",
        folder: "shared/src/client",
        walls: &[
            wall("actix*", PHONE),
            wall("api", PHONE),
            wall("uniffi*", "the bridge mirrors what it needs"),
        ],
    },
    Room {
        name: "api::routes",
        folder: "api/src/routes",
        walls: &[
            wall("api::stores", "a route calls a use case or a view"),
            wall("api::database", "a route calls a use case or a view"),
            NO_DIESEL,
        ],
    },
    Room {
        name: "api::usecases",
        folder: "api/src/usecases",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("utoipa*", "what HTTP looks like is the routes' and the contract's"),
            wall("api::routes", UPWARDS),
            wall("api::server", UPWARDS),
            wall("api::views", "a change does not decide what is shown"),
        ],
    },
    Room {
        name: "api::views",
        folder: "api/src/views",
        walls: &[
            NO_HTTP,
            wall("api::routes", UPWARDS),
            wall("api::server", UPWARDS),
            wall("api::usecases", "looking changes nothing"),
            wall("api::database::writer", "looking changes nothing"),
            wall("diesel::insert_into", "looking changes nothing"),
            wall("diesel::update", "looking changes nothing"),
            wall("diesel::delete", "looking changes nothing"),
        ],
    },
    Room {
        name: "api::stores",
        folder: "api/src/stores",
        walls: &[
            NO_HTTP,
            wall("api::routes", UPWARDS),
            wall("api::server", UPWARDS),
            wall("api::views", UPWARDS),
            wall("api::usecases", UPWARDS),
            wall("shared::contract", "stores speak the domain's words"),
            wall("diesel::r2d2", "a store is given its connection"),
        ],
    },
    Room {
        name: "api::background",
        folder: "api/src/background",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::views", "a sweep acts; it shows nothing"),
        ],
    },
    Room {
        name: "api::delivery",
        folder: "api/src/delivery",
        walls: &[
            NO_HTTP,
            wall("api::routes", UPWARDS),
            wall("api::views", UPWARDS),
            wall("api::usecases", "delivery carries what was decided"),
        ],
    },
    Room {
        name: "api::exports",
        folder: "api/src/exports",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::server", UPWARDS),
        ],
    },
    Room {
        name: "api::access",
        folder: "api/src/access",
        walls: &[
            Wall {
                path: "actix*",
                rule: "only the extractor knows actix",
                except: "extractor.rs",
            },
            wall("api::routes", UPWARDS),
            wall("api::views", "who is calling does not depend on what is shown"),
            wall("api::usecases", "who is calling does not depend on what is done"),
        ],
    },
    Room {
        name: "api::limits",
        folder: "api/src/limits",
        walls: &[
            Wall {
                path: "actix*",
                rule: "only the guard knows actix",
                except: "guard.rs",
            },
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::views", UPWARDS),
            wall("api::usecases", UPWARDS),
            wall("api::stores", "budgets live in memory"),
        ],
    },
    Room {
        name: "api::photos",
        folder: "api/src/photos",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::views", UPWARDS),
            wall("api::usecases", UPWARDS),
            wall("api::stores", "a picture does not know its case"),
            wall("api::database", "a picture does not know its case"),
        ],
    },
    Room {
        name: "api::tiles",
        folder: "api/src/tiles",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::views", UPWARDS),
            wall("api::usecases", UPWARDS),
            wall("api::stores", "a tile is no row"),
            wall("api::database", "a tile is no row"),
            wall("api::access", "a tile is the same for everybody"),
        ],
    },
    Room {
        name: "api::telemetry",
        folder: "api/src/telemetry",
        walls: &[
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::views", "figures are not what people see"),
            wall("api::usecases", "looking changes nothing"),
            wall("api::access", "figures do not know who is calling"),
            wall("api::database::writer::Writer", "looking changes nothing"),
        ],
    },
    Room {
        name: "api::backup",
        folder: "api/src/backup",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("rusqlite", "how a database is copied is the database's"),
            wall("api::routes", UPWARDS),
            wall("api::views", "a backup shows nothing"),
            wall("api::usecases", "a backup changes nothing"),
            wall("api::services", "whoever restores has no server that could start"),
        ],
    },
    Room {
        name: "api::doctor",
        folder: "api/src/doctor",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::views", "an examination is for the operator alone"),
            wall("api::usecases", "looking changes nothing"),
            wall("api::services", "whoever is examined need not be able to start"),
            wall("api::database::Database", "opening it would migrate it"),
            wall("api::database::writer", "looking changes nothing"),
        ],
    },
    Room {
        name: "api::database",
        folder: "api/src/database",
        walls: &[
            NO_HTTP,
            wall("api::routes", UPWARDS),
            wall("api::views", UPWARDS),
            wall("api::usecases", UPWARDS),
            wall("api::stores", UPWARDS),
            wall("shared::contract", "tables do not know how things travel"),
        ],
    },
    Room {
        name: "api::city",
        folder: "api/src/city",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("api::routes", UPWARDS),
            wall("api::server", UPWARDS),
            wall("api::views", UPWARDS),
            wall("api::usecases", UPWARDS),
            wall("shared::contract", "the city's data do not know how they are shown"),
        ],
    },
    Room {
        name: "api::commands",
        folder: "api/src/commands",
        walls: &[
            NO_HTTP,
            NO_DIESEL,
            wall("api::stores", "a command calls a use case"),
            wall("api::views", "a command answers in words of its own"),
        ],
    },
    Room {
        name: "api::demo",
        folder: "api/src/demo",
        walls: &[
            NO_HTTP,
            wall("api::routes", PLAYED),
            wall("api::server", PLAYED),
            wall("api::views", PLAYED),
            wall("diesel::insert_into", PLAYED),
            wall("diesel::update", PLAYED),
            wall("diesel::delete", PLAYED),
        ],
    },
    Room {
        name: "mobile_bridge",
        folder: "mobile-bridge/src",
        walls: &[wall("api", PHONE), wall("diesel*", PHONE), wall("actix*", PHONE)],
    },
];
