//! Sends a code for one case, if the number is the one that was given with it. Nobody learns whether it is.

use std::sync::Arc;

use rand::RngExt;
use shared::contract::problem::ProblemCode;

use super::Named;
use crate::{
    access::{Actor, RequestContext, sms::SealedSms},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{
        account_store,
        attempt_store::AttemptLimit,
        code_store::{self, NewCodeRow},
        outbox_store::{OutboxRow, Task},
    },
    usecases::{
        accounts::request_code::{count_all, longest_wait},
        audit::{self, Act},
    },
};

/// Makes a code in any case, and queues the message where it belongs.
///
/// # Errors
/// `TooManyAttempts` when number, receipt or address asked too often.
pub async fn request_code(services: &Arc<Services>, context: &RequestContext, named: Named) -> Result<(), Failure> {
    let (now, codes) = (services.now(), &services.config.codes);
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000_u32));
    let row = NewCodeRow {
        id: services.next_id(),
        phone_lookup: named.both.clone(),
        code_hash: services.access.secrets.code_hash(&named.both, &code),
        expires_at: now.plus_seconds(codes.seconds).0,
        attempts: 0,
    };
    let (sign, minutes) = (&services.config.sms.signature, codes.seconds / 60);
    let message = SealedSms {
        number: named.number.to_e164(),
        text: format!("【{sign}】您的诉求查询验证码是 {code}，{minutes} 分钟内有效。请勿告诉任何人。"),
        is_code: true,
    };
    let payload = message.seal(&services.access.secrets).map_err(Failure::internal)?;
    let mut buckets = named.buckets(services, context, "code");
    let pause = AttemptLimit {
        most: 1,
        window: codes.pause_seconds,
        pause: 0,
    };
    buckets.push((format!("lookup:minute:{}", named.both), pause));
    let (shared, context) = (Arc::clone(services), context.clone());
    let wait = services
        .database
        .writer
        .write(move |transaction| -> Result<Option<i64>, StoreError> {
            let act =
                Act::done("lookup.code", "phone", None).with(serde_json::json!({ "phone": &named.phone_lookup[..16] }));
            if let Some(seconds) = longest_wait(transaction, &buckets, now.0)? {
                let act = act.refused(ProblemCode::TooManyAttempts.as_str());
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                return Ok(Some(seconds));
            }
            count_all(transaction, &buckets, now.0)?;
            code_store::end_all(transaction, &named.both, now.0)?;
            transaction.append(row.clone());
            let owner = transaction
                .read(|connection| account_store::find_requester(connection, named.case_id, &named.phone_lookup))?;
            if owner.is_some() {
                let id = shared.next_id();
                transaction.append(OutboxRow::new(id, Task::Sms, row.id, payload.clone(), now));
            }
            audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
            Ok(None)
        })
        .await?;
    match wait {
        None => Ok(()),
        Some(seconds) => {
            Err(Failure::new(ProblemCode::TooManyAttempts).with_retry_after(u32::try_from(seconds).unwrap_or(u32::MAX)))
        }
    }
}
