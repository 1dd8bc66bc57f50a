//! Sends a text message. Number and text are sealed in the row and opened only here.

use super::{DeliveryFailure, SecretText, SmsMessage, SmsPurpose, outbox::Outbox};
use crate::{
    access::sms::SealedSms,
    database::ids::made_at,
    stores::outbox_store::{Afterwards, OutboxRow, Task},
};

/// Sends the text and says what becomes of the row.
pub(super) async fn send(outbox: &Outbox, row: &OutboxRow) -> Afterwards {
    let services = &outbox.services;
    let Ok(sealed) = SealedSms::open(&row.payload, &services.access.secrets) else {
        return Afterwards::Dead {
            failure: "SEALED".to_owned(),
        };
    };
    let age = services.now().micros_since(made_at(row.id));
    if sealed.is_code && age > services.config.codes.seconds.saturating_mul(1_000_000) {
        // Nobody waits for a code that no longer works, and it belongs on no pile.
        tracing::warn!(
            row = row.id,
            attempts = row.attempts,
            "a sign-in code was not sent in time"
        );
        return Afterwards::Done;
    }
    let Some(gateway) = services.gateways.sms.clone() else {
        return keep(outbox, row, 1);
    };
    if outbox.held_until(Task::Sms).is_some() {
        return keep(outbox, row, 60);
    }
    let message = SmsMessage {
        id: row.id.to_string(),
        number: SecretText::new(sealed.number.clone()),
        text: SecretText::new(sealed.text.clone()),
        purpose: if sealed.is_code {
            SmsPurpose::SignInCode
        } else {
            SmsPurpose::Notice
        },
    };
    match gateway.send(&message).await {
        Ok(_) => {
            outbox.release(Task::Sms);
            Afterwards::Done
        }
        Err(DeliveryFailure::RecipientGone { .. }) => Afterwards::Done,
        Err(failure) => outbox.after_failure(Task::Sms, row, &failure, &row.payload),
    }
}

fn keep(outbox: &Outbox, row: &OutboxRow, seconds: i64) -> Afterwards {
    Afterwards::Again {
        at: outbox.services.now().plus_seconds(seconds),
        counted: false,
        failure: row.last_failure.clone(),
        payload: row.payload.clone(),
    }
}
