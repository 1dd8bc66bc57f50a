//! Photographs as those concerned may see them. What the public sees is decided with the public's view of a case.

pub mod rendition;
