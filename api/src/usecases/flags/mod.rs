//! What the first tier decides about integrity signs. How they are raised is `cases::signs`.

pub mod decide;
