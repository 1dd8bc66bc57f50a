//! Somebody without an account looks one case up: a code to the phone that was given with it, then a short look.
//!
//! An unknown receipt number and a number that does not belong to it get the same answer, from the same reads and writes.

pub mod look_up;
pub mod request_code;

use shared::domain::phone::MobileNumber;

use crate::{access::RequestContext, services::Services, stores::attempt_store::AttemptLimit};

/// The longest receipt number that is looked at.
const LONGEST_RECEIPT: usize = 40;

/// The case and the number that somebody names.
#[derive(Clone)]
pub struct Named {
    /// The case with this receipt number; 0, which is none's, when the number is malformed.
    case_id: i64,
    /// The keyed hash of the number.
    phone_lookup: String,
    /// The keyed hash of number and case together: codes for a look are apart from those for signing in.
    both: String,
    number: MobileNumber,
}

impl Named {
    /// From what was typed.
    #[must_use]
    pub fn new(services: &Services, receipt_no: &str, number: &MobileNumber) -> Self {
        let typed = receipt_no.trim();
        let short = typed.chars().count() <= LONGEST_RECEIPT;
        let case_id = short.then(|| services.receipts.read(typed).ok()).flatten().unwrap_or(0);
        let e164 = number.to_e164();
        Self {
            case_id,
            phone_lookup: services.access.secrets.phone_lookup(&e164),
            both: services.access.secrets.phone_lookup(&format!("{e164}/{case_id}")),
            number: number.clone(),
        }
    }

    /// What asking and trying is counted by: the number, the receipt, the address. `act` keeps the two apart.
    fn buckets(&self, services: &Services, context: &RequestContext, act: &str) -> Vec<(String, AttemptLimit)> {
        let limits = &services.config.codes;
        let hourly = |most| AttemptLimit {
            most,
            window: 3600,
            pause: 0,
        };
        let mut buckets = vec![
            (format!("lookup:{act}:{}", self.both), hourly(limits.number_hourly)),
            (
                format!("lookup:{act}:{}", self.phone_lookup),
                hourly(2 * limits.number_hourly),
            ),
        ];
        if self.case_id != 0 {
            buckets.push((
                format!("lookup:{act}:case:{}", self.case_id),
                hourly(4 * limits.number_hourly),
            ));
        }
        if let Some(network) = context.network() {
            buckets.push((format!("lookup:{act}:address:{network}"), hourly(limits.address_hourly)));
        }
        buckets
    }
}
