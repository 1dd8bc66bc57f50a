//! Commands of the program beside serving.

pub mod data;
mod export_data;
mod import_data;
