//! Where an export of somebody's data stands.

use crate::domain::case::words::closed_list;

closed_list! {
    /// Where an export stands.
    pub enum ExportState as "export state" {
        /// Asked for.
        Waiting = "waiting", "等待中";
        /// Being made.
        Working = "working", "生成中";
        /// Can be downloaded.
        Ready = "ready", "可下载";
        /// Could not be made; another can be asked for.
        Failed = "failed", "没有成功";
    }
}
