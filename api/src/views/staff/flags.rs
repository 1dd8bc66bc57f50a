//! An integrity sign with its evidence, as the first tier reads it; nobody else knows of it.

use shared::{
    contract::{
        integrity::{EvidenceView, FlagView},
        problem::ProblemCode,
    },
    domain::{
        case::Action,
        id::FlagId,
        integrity::{FlagDecision, Sign},
        role::Role,
        time::Timestamp,
    },
};

use crate::{
    access::{Actor, StaffActor, viewpoint::actor_facts},
    city::City,
    database::{DbConnection, StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::{
        case_store::CaseRow,
        desk_store,
        flag_store::{self, Evidence, FlagRow},
        order_store::{self, WorkOrderRow},
        parse_json, parse_word,
        timeline_store::{self, CaseEventRow},
    },
};

/// One flag.
///
/// # Errors
/// `NotFound` for who may not know of it; `Busy`, or the database's failure.
pub async fn show(services: &Services, viewer: &StaffActor, id: i64) -> Result<FlagView, Failure> {
    let city = services.city();
    let read = services
        .database
        .readers
        .read(move |connection| read(connection, id))
        .await?;
    let roles = actor_facts(&city, &Actor::Staff(viewer.clone()), &read.case, None).roles;
    if !roles.contains(&Role::HotlineSupervisor) {
        return Err(ProblemCode::NotFound.into());
    }
    let Read { flag, case, .. } = &read;
    let sign: Sign = parse_word("flags.sign", &flag.sign)?;
    let decision = flag.decision.as_deref().map(|word| parse_word("flags.decision", word));
    Ok(FlagView {
        id: FlagId(flag.id),
        sign,
        sign_name: sign.name_zh().to_owned(),
        receipt_no: services.receipts.write(case.id),
        title: case.title.clone(),
        state: case.facts()?.state,
        cycle: u32::try_from(flag.cycle).unwrap_or_default(),
        unit_name: flag.unit.as_deref().map(|code| city.unit_name(code).to_owned()),
        raised_at: made_at(flag.id),
        evidence: read.evidence(services, &city)?,
        decision: decision.transpose()?.map(|decision: FlagDecision| decision),
        reason: flag.reason.clone(),
        decided_at: flag.decided_at.map(Timestamp),
        decided_by: read.name(flag.decided_by),
    })
}

struct Read {
    flag: FlagRow,
    case: CaseRow,
    events: Vec<CaseEventRow>,
    orders: Vec<WorkOrderRow>,
    names: Vec<(i64, String)>,
}

/// At most four statements: the flag with its case, entries, orders, the names of staff.
fn read(connection: &mut DbConnection, id: i64) -> Result<Read, StoreError> {
    let (flag, case) = flag_store::get_with_case(connection, id)?;
    let evidence: Vec<Evidence> = parse_json("flags.evidence", &flag.evidence)?;
    let (mut entries, mut orders) = (Vec::new(), Vec::new());
    for one in evidence {
        match one {
            Evidence::Event(id) => entries.push(id),
            Evidence::Order(id) => orders.push(id),
        }
    }
    let events = timeline_store::list_by_ids(connection, &entries)?;
    let orders = order_store::list_by_ids(connection, &orders)?;
    let acted = events.iter().filter_map(|event| event.actor_id).chain(flag.decided_by);
    let acted: Vec<i64> = acted.collect();
    let names = desk_store::list_names(connection, &acted)?;
    Ok(Read {
        flag,
        case,
        events,
        orders,
        names,
    })
}

impl Read {
    fn name(&self, account: Option<i64>) -> Option<String> {
        let (_, name) = self.names.iter().find(|(id, _)| Some(*id) == account)?;
        Some(name.clone())
    }

    fn evidence(&self, services: &Services, city: &City) -> Result<Vec<EvidenceView>, StoreError> {
        let entry = |event: &CaseEventRow| {
            let action: Action = parse_word("case_events.action", &event.action)?;
            Ok(EvidenceView {
                receipt_no: services.receipts.write(event.case_id),
                at: made_at(event.id),
                what: action.name_zh().to_owned(),
                unit_name: event.actor_unit.as_deref().map(|code| city.unit_name(code).to_owned()),
                by: self.name(event.actor_id),
                detail: serde_json::from_str(&event.detail).unwrap_or_default(),
            })
        };
        let order = |order: &WorkOrderRow| EvidenceView {
            receipt_no: services.receipts.write(order.case_id),
            at: order.signed_at.map_or(made_at(order.id), Timestamp),
            what: Action::DeemSigned.name_zh().to_owned(),
            unit_name: Some(city.unit_name(&order.unit).to_owned()),
            by: None,
            detail: serde_json::Value::Null,
        };
        let mut shown: Vec<EvidenceView> = self.events.iter().map(entry).collect::<Result<_, StoreError>>()?;
        shown.extend(self.orders.iter().map(order));
        Ok(shown)
    }
}
