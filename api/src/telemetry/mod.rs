//! What the operator sees of a running server: figures, traces and the log. Nothing here names a person: labels, span
//! fields and log fields are route templates, codes, counts and times.

pub mod listener;
pub mod log;
pub mod metrics;
mod scrape;
pub mod traces;

/// Target of every span: the traces take these and nothing else, the log takes none of them.
pub const SPANS: &str = "shoufa_span";
