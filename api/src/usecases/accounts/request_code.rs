//! Sends a sign-in code. The answer and the work are the same for every number, known or not.

use std::sync::Arc;

use rand::RngExt;
use shared::{contract::problem::ProblemCode, domain::phone::MobileNumber};

use crate::{
    access::{Actor, RequestContext, secrets::SecretError, sms::SealedSms},
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        attempt_store::{self, AttemptLimit, AttemptVerdict},
        code_store::{self, NewCodeRow},
        outbox_store::{OutboxRow, Task},
    },
    usecases::audit::{self, Act},
};

/// What the code is for; it changes the message only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeUse {
    /// Registering or signing in.
    SignIn,
    /// Setting a password.
    SetPassword,
    /// Changing the number.
    ChangeNumber,
    /// Proving to be the owner.
    ProveOwner,
    /// Closing the account.
    CloseAccount,
}

/// Makes a code and queues the message.
///
/// # Errors
/// `TooManyAttempts` when the number, the address or the account asked too often.
pub async fn request_code(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: Actor,
    phone: &MobileNumber,
    code_use: CodeUse,
) -> Result<(), Failure> {
    let now = services.now();
    let lookup = services.access.secrets.phone_lookup(&phone.to_e164());
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000_u32));
    let row = NewCodeRow {
        id: services.next_id(),
        phone_lookup: lookup.clone(),
        code_hash: services.access.secrets.code_hash(&lookup, &code),
        expires_at: now.plus_seconds(services.config.codes.seconds).0,
        attempts: 0,
    };
    let message = SealedSms {
        number: phone.to_e164(),
        text: words(services, code_use, &code),
        is_code: true,
    };
    let payload = message
        .seal(&services.access.secrets)
        .map_err(|error: SecretError| Failure::internal(error))?;
    let buckets = buckets(services, context, &actor, &lookup);
    let (shared, context) = (Arc::clone(services), context.clone());
    let wait = services
        .database
        .writer
        .write(move |transaction| -> Result<Option<i64>, StoreError> {
            let act = Act::done("code.request", "phone", None).with(serde_json::json!({ "phone": &lookup[..16] }));
            if let Some(seconds) = longest_wait(transaction, &buckets, now.0)? {
                let act = act.refused(ProblemCode::TooManyAttempts.as_str());
                audit::record_act(&shared, transaction, &actor, &context, &act);
                return Ok(Some(seconds));
            }
            count_all(transaction, &buckets, now.0)?;
            code_store::end_all(transaction, &lookup, now.0)?;
            transaction.append(row.clone());
            transaction.append(OutboxRow::new(
                shared.next_id(),
                Task::Sms,
                row.id,
                payload.clone(),
                now,
            ));
            audit::record_act(&shared, transaction, &actor, &context, &act);
            Ok(None)
        })
        .await?;
    match wait {
        None => Ok(()),
        Some(seconds) => {
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            Err(Failure::new(ProblemCode::TooManyAttempts).with_retry_after(seconds))
        }
    }
}

fn words(services: &Services, code_use: CodeUse, code: &str) -> String {
    let (sign, minutes) = (&services.config.sms.signature, services.config.codes.seconds / 60);
    let purpose = match code_use {
        CodeUse::SignIn => "登录验证码",
        CodeUse::SetPassword => "设置密码的验证码",
        CodeUse::ChangeNumber => "更换手机号的验证码",
        CodeUse::ProveOwner => "确认本人的验证码",
        CodeUse::CloseAccount => "注销账户的验证码",
    };
    format!("【{sign}】您的{purpose}是 {code}，{minutes} 分钟内有效。请勿告诉任何人。")
}

fn buckets(services: &Services, context: &RequestContext, actor: &Actor, lookup: &str) -> Vec<(String, AttemptLimit)> {
    let limits = &services.config.codes;
    let limit = |most, window| AttemptLimit { most, window, pause: 0 };
    let mut buckets = vec![
        (format!("code:minute:{lookup}"), limit(1, limits.pause_seconds)),
        (format!("code:hour:{lookup}"), limit(limits.number_hourly, 3600)),
        (format!("code:day:{lookup}"), limit(limits.number_daily, 24 * 3600)),
    ];
    if let Some(network) = context.network() {
        buckets.push((format!("code:address:{network}"), limit(limits.address_hourly, 3600)));
    }
    if let Some(account) = actor.id() {
        buckets.push((
            format!("code:account:{account}"),
            limit(limits.account_daily, 24 * 3600),
        ));
    }
    buckets
}

/// Counts a request in every bucket.
pub(in crate::usecases) fn count_all(
    transaction: &mut Transaction<'_>,
    buckets: &[(String, AttemptLimit)],
    now: i64,
) -> Result<(), StoreError> {
    buckets
        .iter()
        .try_for_each(|(bucket, limit)| attempt_store::count(transaction, bucket, *limit, now))
}

/// Seconds until every bucket has room; none when all have.
pub(in crate::usecases) fn longest_wait(
    transaction: &mut Transaction<'_>,
    buckets: &[(String, AttemptLimit)],
    now: i64,
) -> Result<Option<i64>, StoreError> {
    let mut longest = None;
    for (bucket, limit) in buckets {
        if let AttemptVerdict::Wait(seconds) = attempt_store::ask(transaction, bucket, *limit, now)? {
            longest = longest.max(Some(seconds));
        }
    }
    Ok(longest)
}
