//! What is done with messages that were given up.

pub mod resend;
