//! How a closed case ended. A case that ran out of its rating window carries the unit's outcome and the flag `unrated`.

use crate::domain::case::words::closed_list;

closed_list! {
    /// The outcome of a closed case (rule book 6.3). `explained` stands apart: it is where false closing hides.
    pub enum Outcome as "outcome" {
        /// The requester says that it is solved.
        Resolved = "resolved", "已解决";
        /// The requester says that it is solved in part.
        PartlyResolved = "partly_resolved", "部分解决";
        /// Settled between the parties, or shelved by agreement.
        Mediated = "mediated", "已调解";
        /// Not done, on a lawful ground that was explained.
        Explained = "explained", "解释说明";
        /// A question was answered, or a reply was given that nobody rated.
        Answered = "answered", "已答复";
        /// A suggestion was taken up.
        Adopted = "adopted", "已采纳";
        /// A suggestion was not taken up, with reasons.
        NotAdopted = "not_adopted", "未采纳";
        /// The requester did not supply what was asked for.
        Incomplete = "incomplete", "信息不全";
    }
}
