//! What the system tests, the demonstration and the benches share: a server with a database of its own and its actors,
//! faithful fakes of the outside, and the server as a process.

pub mod authenticator;
pub mod cut_line;
pub mod fake_collector;
pub mod fake_fcm;
pub mod fake_sms;
pub mod fake_tiles;
mod loopback;
pub mod operations;
pub mod process;
pub mod samples;
pub mod schema;
pub mod server;
pub mod trail;
