//! Row 1 for a caller: a clerk writes down what somebody says on the telephone. The case is the caller's own: an account with the
//! number has it at once, else whoever registers with the number finds it there.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;
use shared::domain::{
    case::{ActorFacts, Visibility, decide_submission},
    consent::{ConsentChannel, ConsentPurpose},
    id::AccountId,
    phone::MobileNumber,
    role::{Reach, Role},
};

use super::submit::{NewCase, Report, Sender, SubmittedCase};
use crate::{
    access::{Actor, RequestContext, StaffActor, phone_number::seal_number},
    city::City,
    errors::Failure,
    services::Services,
    stores::account_store::{self, NewPersonRow},
    usecases::{
        accounts::register::give_consents,
        idempotency, text_message,
        words::{REASON_LIMIT, optional_text},
    },
};

/// The channel of a case that came by telephone.
pub const HOTLINE: &str = "hotline";

/// What a clerk writes down during a call.
pub struct Call {
    /// The caller's number.
    pub phone: MobileNumber,
    /// The report, in the caller's words.
    pub report: NewCase,
    /// What the clerk makes of it.
    pub summary: Option<String>,
    /// The caller was told what each visibility means.
    pub visibility_explained: bool,
    /// What the caller agreed to by voice.
    pub consents: Vec<ConsentPurpose>,
}

/// Takes a caller's report; the caller gets the receipt number by text message.
///
/// # Errors
/// As `submit_case`; `Invalid` when the caller was not told what the visibility means, or did not agree to publication;
/// `Forbidden` for anybody but a clerk whose reach the matter is in.
pub async fn submit_for_caller(
    services: &Arc<Services>,
    clerk: StaffActor,
    context: &RequestContext,
    call: Call,
) -> Result<SubmittedCase, Failure> {
    let city = services.city();
    let Call { phone, report: new, .. } = call;
    let report = Report::of(&city, &new)?;
    let role = role_of(&city, &clerk, &report)?;
    let summary = optional_text("summary", call.summary.as_deref(), REASON_LIMIT)?;
    let consents = agreed(&report, call.visibility_explained, call.consents)?;
    let lookup = services.access.secrets.phone_lookup(&phone.to_e164());
    let cipher = seal_number(&services.access.secrets, &phone)?;
    let asked = (lookup.clone(), new.clone(), summary.clone(), consents.clone());
    let detail = json!({ "summary": summary, "visibility_explained": true, "consents": consents });
    let (held, context_, clerk_id) = (Arc::clone(services), context.clone(), clerk.id);
    let who = Actor::Staff(clerk);
    idempotency::once(
        services,
        clerk_id,
        context,
        "case.submit_for_caller",
        &asked,
        move |transaction| {
            let known = transaction.read(|connection| account_store::find_by_phone(connection, &lookup))?;
            report.check_open_to(known.as_ref().is_some_and(account_store::PersonRow::is_blocked))?;
            let requester = known.map_or_else(
                || {
                    let id = held.next_id();
                    transaction.append(NewPersonRow::unverified(id, cipher.clone(), lookup.clone()));
                    id
                },
                |person| person.id,
            );
            give_consents(&held, transaction, requester, &consents, ConsentChannel::Hotline)?;
            let sender = Sender {
                actor: &who,
                context: &context_,
                role,
                requester,
                agreed: ConsentChannel::Hotline,
                detail: detail.clone(),
            };
            let submitted = report.write_down(&held, &city, transaction, &sender, &new);
            let receipt = held.receipts.write(submitted.id);
            let words = format!("您来电反映的事项已经登记，受理编号{receipt}。凭编号和本机号码可以查询办理进度。");
            text_message::send_words(&held, transaction, &phone, &words)?;
            Ok(submitted)
        },
    )
    .await
}

/// The role in which the actor takes the call: a clerk within whose reach the matter lies.
fn role_of(city: &City, clerk: &StaffActor, report: &Report) -> Result<Role, Failure> {
    let region_path = report.region.as_deref().map(|code| city.region_path(code));
    let reach = Reach {
        unit_path: &[],
        region_path: &region_path.unwrap_or_default(),
        kind: Some(report.kind),
    };
    let covering = clerk.grants.iter().filter(|grant| grant.covers(&reach));
    let facts = ActorFacts {
        id: Some(AccountId(clerk.id)),
        roles: covering.map(|grant| grant.role).collect::<BTreeSet<_>>(),
        speaks_for_requester: true,
        ..ActorFacts::visitor()
    };
    Ok(decide_submission(&facts)?)
}

/// What the caller agreed to for all cases. Publication is agreed to for this case alone, and only when it is to be public.
fn agreed(report: &Report, explained: bool, mut consents: Vec<ConsentPurpose>) -> Result<Vec<ConsentPurpose>, Failure> {
    if !explained {
        let told = "请先向来电人说明公开、不公开和保密分别是什么意思";
        return Err(Failure::invalid("visibility_explained", told));
    }
    consents.sort_unstable();
    consents.dedup();
    let published = report.visibility == Visibility::Public;
    if published && !consents.contains(&ConsentPurpose::Publication) {
        return Err(Failure::invalid("consents", "公开要有来电人的口头同意"));
    }
    consents.retain(|purpose| *purpose != ConsentPurpose::Publication);
    Ok(consents)
}
