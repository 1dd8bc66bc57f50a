//! Changes: one file for each action. Permission, rule, one write; no HTTP and no queries of their own.

pub mod account_notice;
pub mod accounts;
pub mod audit;
pub mod audit_trail;
pub mod cases;
pub mod city_data;
pub mod csv_table;
pub mod flags;
pub mod idempotency;
pub mod inbox;
pub mod index_cases;
pub mod knowledge;
pub mod lookups;
pub mod me;
pub mod moderation;
pub mod outbox;
pub mod photos;
pub mod reply_templates;
pub mod reseal;
pub mod retention;
pub mod second_factor;
pub mod sessions;
pub mod staff_accounts;
pub mod supervisions;
pub mod text_message;
pub mod words;
