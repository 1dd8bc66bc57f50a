//! What travels over HTTP: `…Request` in, `…View` out, problem codes and paging. Phone, web and server share these shapes.

pub mod account;
pub mod audit;
pub mod case;
pub mod city_data;
pub mod dead_letter;
pub mod inbox;
pub mod integrity;
pub mod knowledge;
pub mod lookup;
pub mod me;
pub mod moderation;
pub mod notice_settings;
pub mod own_account;
pub mod paging;
pub mod photo;
pub mod problem;
pub mod public_case;
pub mod reference;
pub mod reply_template;
pub mod rights;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod staff_case;
pub mod staff_queue;
pub mod supervision;
