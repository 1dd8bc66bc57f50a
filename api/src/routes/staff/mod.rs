//! What staff do and see.

pub mod audit;
pub mod cases;
pub mod events;
pub mod flags;
pub mod knowledge;
pub mod moderation;
pub mod orders;
pub mod queues;
pub mod reply_templates;
pub mod rights_requests;
pub mod search;
pub mod supervisions;
pub mod units;

use actix_web::{HttpResponse, http::header};
use shared::{
    contract::staff_case::CaseStepView,
    domain::{id::OrderId, time::Timestamp},
};

use crate::{services::Services, usecases::cases::perform::StepOutcome};

/// What an act led to, with the case's new version as `ETag`.
pub(super) fn stepped(services: &Services, outcome: &StepOutcome) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, format!("\"{}\"", outcome.version)))
        .json(CaseStepView {
            receipt_no: services.receipts.write(outcome.case_id),
            version: outcome.version,
            state: outcome.state,
            state_name: outcome.state.name_zh().to_owned(),
            cycle: outcome.cycle,
            due: outcome.due_at.map(Timestamp),
            order_id: outcome.order_id.map(OrderId),
        })
}
