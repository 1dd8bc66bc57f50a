//! Why something was broken or missing, as the unit names it in its reply: from single cases to what they have in common.

use crate::domain::case::words::closed_list;

closed_list! {
    /// The cause that a reply names (rule book 6.1).
    pub enum RootCause as "root cause" {
        /// Equipment or building that wore out or was never there.
        Facility = "facility", "设施问题";
        /// No money for it.
        Funding = "funding", "经费问题";
        /// Too few people, or work not done.
        Staffing = "staffing", "人员与履职";
        /// The rule itself.
        Rule = "rule", "政策规定";
        /// Several units were concerned and none took it on.
        SeveralUnits = "several_units", "多部门职责交叉";
        /// An enterprise.
        Enterprise = "enterprise", "企业原因";
        /// The resident's own matter.
        ResidentsOwn = "residents_own", "居民自身原因";
        /// None of these.
        Other = "other", "其他";
    }
}
