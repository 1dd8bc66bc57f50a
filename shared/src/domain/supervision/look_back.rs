//! What somebody finds who goes to see whether a supervised matter is still done. When that is, and who goes, is the case's matter.

use crate::domain::case::words::closed_list;

closed_list! {
    /// What a look-back found (rule book 6.6).
    pub enum LookBackFinding as "finding" {
        /// It is done, and has stayed so.
        Done = "done", "已经办好";
        /// It is not, or not any more.
        Undone = "undone", "没有办好";
    }
}
