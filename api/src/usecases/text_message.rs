//! Tells somebody by text message about the own account, where the inbox may not reach the owner.

use shared::domain::phone::MobileNumber;

use crate::{
    access::sms::SealedSms,
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::outbox_store::{OutboxRow, Task},
};

/// Queues `words` for the number, under the city's signature.
///
/// # Errors
/// `Internal` when the cipher refuses.
pub fn send_words(
    services: &Services,
    transaction: &mut Transaction<'_>,
    number: &MobileNumber,
    words: &str,
) -> Result<(), Failure> {
    let message = SealedSms {
        number: number.to_e164(),
        text: format!("【{}】{words}", services.config.sms.signature),
        is_code: false,
    };
    let payload = message.seal(&services.access.secrets).map_err(Failure::internal)?;
    let id = services.next_id();
    transaction.append(OutboxRow::new(id, Task::Sms, id, payload, services.now()));
    Ok(())
}
