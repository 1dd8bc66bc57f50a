//! Pushes a notice to its recipient's devices. The push says that there is news and which case; the case's own words stay
//! in the house.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DeliveryFailure, PushMessage, SecretText, outbox::Outbox};
use crate::{
    access::{phone_number::open_number, secrets::SecretError, sms::SealedSms},
    database::StoreError,
    services::Services,
    stores::{
        device_store::DeviceRow,
        outbox_store::{self, Afterwards, OutboxRow, Task},
        recipient_store::{self, PushTarget},
        to_json,
    },
};

/// The one push service that devices can register with so far.
const FCM: &str = "fcm";

/// Who has it already: a retry leaves them in peace.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Progress {
    /// Devices.
    sent: Vec<i64>,
    /// The text message is queued.
    texted: bool,
}

/// Sends to every device that has not had it and says what becomes of the row. What would disturb somebody's quiet waits.
pub(super) async fn push(outbox: &Outbox, row: &OutboxRow) -> Afterwards {
    let services = &outbox.services;
    let target = match read_target(services, row.subject_id).await {
        Ok(Some(target)) => target,
        Ok(None) => return Afterwards::Done,
        Err(error) => return not_read(outbox, row, &error),
    };
    let nobody = target.devices.is_empty() && target.text_to.is_none();
    if let Some(until) = target.quiet.and_then(|quiet| quiet.end_of_quiet(services.now()))
        && !nobody
    {
        return Afterwards::Again {
            at: until,
            counted: false,
            failure: row.last_failure.clone(),
            payload: row.payload.clone(),
        };
    }
    let mut progress: Progress = serde_json::from_str(&row.payload).unwrap_or_default();
    if let Some(number) = target.text_to.as_deref().filter(|_| !progress.texted) {
        progress.texted = true;
        if let Err(error) = text_message(services, row, &target, number, &progress).await {
            return not_read(outbox, row, &error);
        }
    }
    let Some(gateway) = services.gateways.fcm.clone() else {
        return Afterwards::Done;
    };
    let mut failed: Option<DeliveryFailure> = None;
    for device in target.devices.iter().filter(|device| device.provider == FCM) {
        if progress.sent.contains(&device.id) {
            continue;
        }
        if let Some(until) = outbox.held_until(Task::Push) {
            return Afterwards::Again {
                at: until,
                counted: false,
                failure: row.last_failure.clone(),
                payload: to_json(&progress),
            };
        }
        match gateway.send(&message(&outbox.services, &target, device)).await {
            Ok(_) => {
                outbox.release(Task::Push);
                progress.sent.push(device.id);
            }
            Err(DeliveryFailure::RecipientGone { .. }) => forget(&outbox.services, device).await,
            Err(failure) => {
                let worse = failed.as_ref().is_none_or(|known| weight(&failure) > weight(known));
                if worse {
                    failed = Some(failure);
                }
            }
        }
    }
    match failed {
        None => Afterwards::Done,
        Some(failure) => outbox.after_failure(Task::Push, row, &failure, &to_json(&progress)),
    }
}

fn not_read(outbox: &Outbox, row: &OutboxRow, error: &StoreError) -> Afterwards {
    tracing::error!(%error, "a notice could not be read or written");
    let failure = DeliveryFailure::Retry {
        after: None,
        code: "DATABASE".into(),
    };
    outbox.after_failure(Task::Push, row, &failure, &row.payload)
}

/// Queues a text message that says that there is news and where, and nothing of the matter: phones lie about. The row
/// remembers it in the same write.
async fn text_message(
    services: &Services,
    row: &OutboxRow,
    target: &PushTarget,
    number: &[u8],
    progress: &Progress,
) -> Result<(), StoreError> {
    let sealed = |error: SecretError| StoreError::Database(error.to_string());
    let number = open_number(&services.access.secrets, number)
        .map_err(|failure| StoreError::Database(failure.cause.unwrap_or_default()))?;
    let about = match target.notice.case_id {
        Some(id) => format!("诉求 {} 有新进展", services.receipts.write(id)),
        None => "您有一条新通知".to_owned(),
    };
    let message = SealedSms {
        number: number.to_e164(),
        text: format!("【{}】{about}，请打开应用查看。", services.config.sms.signature),
        is_code: false,
    };
    let payload = message.seal(&services.access.secrets).map_err(sealed)?;
    let text = OutboxRow::new(services.next_id(), Task::Sms, target.notice.id, payload, services.now());
    let (row, progress) = (row.clone(), to_json(progress));
    services
        .database
        .writer
        .write(move |transaction| {
            outbox_store::set_payload(transaction, &row, &progress)?;
            transaction.append(text.clone());
            Ok(())
        })
        .await
}

/// Which failure decides when devices fail differently: as long as one may still be reached, the row is not given up.
const fn weight(failure: &DeliveryFailure) -> u8 {
    match failure {
        DeliveryFailure::RecipientGone { .. } => 0,
        DeliveryFailure::Permanent { .. } => 1,
        DeliveryFailure::Retry { .. } => 2,
        DeliveryFailure::Misconfigured { .. } => 3,
    }
}

async fn read_target(services: &Services, notice_id: i64) -> Result<Option<PushTarget>, StoreError> {
    services
        .database
        .readers
        .read(move |connection| recipient_store::find_push_target(connection, notice_id))
        .await
}

fn message(services: &Services, target: &PushTarget, device: &DeviceRow) -> PushMessage {
    let notice = &target.notice;
    let receipt = notice.case_id.map(|id| services.receipts.write(id));
    let mut data = BTreeMap::from([
        ("notice_id".to_owned(), notice.id.to_string()),
        ("topic".to_owned(), notice.topic.clone()),
    ]);
    data.extend(receipt.clone().map(|number| ("receipt_no".to_owned(), number)));
    PushMessage {
        token: SecretText::new(device.token.clone()),
        title: if target.to_staff {
            "工单提醒"
        } else {
            "诉求进展"
        }
        .to_owned(),
        body: notice.body.clone(),
        data,
        collapse_key: receipt.or_else(|| Some(notice.id.to_string())),
        link: None,
    }
}

async fn forget(services: &Services, device: &DeviceRow) {
    let device = device.clone();
    let forgotten = services
        .database
        .writer
        .write(move |transaction| recipient_store::delete_gone_device(transaction, &device))
        .await;
    if let Err(error) = forgotten {
        tracing::error!(%error, "a device that is gone could not be forgotten");
    }
}
