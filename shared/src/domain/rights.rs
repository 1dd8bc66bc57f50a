//! Requests about the own data (Personal Information Protection Law, articles 44 to 47): what may be asked for, and how it ends.

use crate::domain::case::words::closed_list;

closed_list! {
    /// What a person asks for.
    pub enum RightsRequestKind as "rights request kind" {
        /// To see what is kept.
        See = "see", "查阅";
        /// To have it corrected.
        Correct = "correct", "更正";
        /// To have it deleted.
        Delete = "delete", "删除";
    }
}

closed_list! {
    /// How a request was answered.
    pub enum RightsOutcome as "rights outcome" {
        /// As asked.
        Done = "done", "已办理";
        /// In part; the answer says why.
        Partly = "partly", "部分办理";
        /// Not; the answer says why and where to complain.
        Refused = "refused", "未予办理";
    }
}
