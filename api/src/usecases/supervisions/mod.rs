//! The bench of each tier: a supervisor opens a supervision by hand, its holder uses the tier's tools, asks for more time, and
//! says how it ended. How tiers open and climb by themselves is `cases::supervise`.

mod bench;
pub mod open_by_hand;
pub mod postpone;
pub mod record_result;
pub mod use_tool;
