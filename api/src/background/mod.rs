//! Work that runs beside the requests: it finds what is due and calls the use case that a person would.

pub mod index_cases;
