//! The rules of the city as pure functions: no clock, no database, no async. Whatever depends on the moment takes `now`.

pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod category;
pub mod classify;
pub mod consent;
pub mod deadline;
pub mod emergency;
pub mod hexadecimal;
pub mod id;
pub mod knowledge;
pub mod location;
pub mod password;
pub mod phone;
pub mod photo;
pub mod provenance;
pub mod queue;
pub mod receipt;
pub mod redaction;
pub mod region;
pub mod role;
pub mod search;
pub mod similarity;
pub mod time;
pub mod unit;
