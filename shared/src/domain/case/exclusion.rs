//! Why a closed case is left out of the scoring of units. It takes a reason of this list and a second person; how many were left
//! out is public.

use crate::domain::case::words::closed_list;

closed_list! {
    /// The reason (rule book 6.9).
    pub enum ExclusionReason as "reason for exclusion" {
        /// Weather, disaster, or what nobody could have prevented.
        ForceMajeure = "force_majeure", "不可抗力";
        /// What was reported is not so.
        Untrue = "untrue", "反映不实";
        /// What was asked for is against a law or policy.
        BeyondLaw = "beyond_law", "超出法律政策规定";
        /// The same requester's same matter is counted elsewhere.
        Repeated = "repeated", "重复诉求";
        /// The hotline gave it to a unit whose duty it is not.
        WronglyDispatched = "wrongly_dispatched", "派单错误";
    }
}
