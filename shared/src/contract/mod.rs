//! What travels over HTTP: `…Request` in, `…View` out, problem codes and paging. Phone, web and server share these shapes.

pub mod paging;
pub mod problem;
pub mod reference;
