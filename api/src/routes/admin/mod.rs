//! What a system administrator does.

pub mod list_city_data_warnings;
pub mod list_dead_letters;
pub mod preview_city_data;
pub mod resend_dead_letter;
