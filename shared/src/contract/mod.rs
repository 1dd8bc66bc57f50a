//! What travels over HTTP: `…Request` in, `…View` out, problem codes and paging. Phone, web and server share these shapes.

pub mod account;
pub mod me;
pub mod paging;
pub mod problem;
pub mod reference;
pub mod secret;
pub mod session;
