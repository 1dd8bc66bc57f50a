//! What closing the account would mean now.

use shared::contract::own_account::ClosingPreviewView;

use crate::{access::PersonActor, database::StoreError, errors::Failure, services::Services, stores::closing_store};

/// The open cases, and what happens to them and to the person's data.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn closing_preview(services: &Services, person: &PersonActor) -> Result<ClosingPreviewView, Failure> {
    let id = person.id;
    let open_cases = services
        .database
        .readers
        .read(move |connection| closing_store::count_open_cases(connection, id).map_err(StoreError::from))
        .await?;
    let grace_days = services.config.residents.closing_days;
    let cases = match open_cases {
        0 => String::new(),
        open => format!("您还有 {open} 件诉求在办。可以先撤回；不撤回的会继续办理，但您收不到答复。"),
    };
    Ok(ClosingPreviewView {
        open_cases,
        grace_days,
        words: format!(
            "{cases}申请后 {grace_days} 天内重新登录就会取消。到期后，手机号、称呼、设备和站内消息会删除，不能恢复；\
             诉求的办理记录依法保留，但不再和您本人关联。"
        ),
    })
}
