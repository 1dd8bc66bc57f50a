//! What a system administrator does.

pub mod list_dead_letters;
pub mod resend_dead_letter;
