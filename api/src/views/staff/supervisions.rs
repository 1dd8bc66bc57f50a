//! What supervisors see: the list of each tier with its due colours, and one supervision with everything that was done. The
//! closed file of the fifth tier is shown to the task force alone.

use shared::{
    contract::{
        paging::{PageQuery, PageView},
        problem::ProblemCode,
        staff_queue::DueState,
        supervision::{
            PostponementView, SupervisionActionView, SupervisionEntryView, SupervisionView, SupervisionsQuery,
        },
    },
    domain::{
        id::SupervisionId,
        role::Role,
        supervision::{Cause, Tier, Tool},
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
        desk_store, parse_json, parse_word,
        supervision_store::{self, SupervisionActionRow, SupervisionRow},
    },
};

/// Rows read for each entry wanted: some lie outside the reach.
const SCAN_FACTOR: u32 = 5;

/// One page of a tier's open supervisions within the caller's reach, oldest first.
///
/// # Errors
/// `Forbidden` for who does not hold the tier; `Invalid` for a cursor that is none; `Busy`, or the database's failure.
pub async fn list(
    services: &Services,
    viewer: &StaffActor,
    query: &SupervisionsQuery,
) -> Result<PageView<SupervisionEntryView>, Failure> {
    let city = services.city();
    let (tier, owner) = (query.tier, city.ladder.rule(query.tier).owner);
    if !viewer.grants.iter().any(|grant| grant.role == owner) {
        return Err(ProblemCode::Forbidden.into());
    }
    let after: i64 = match &query.after {
        Some(text) => text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))?,
        None => 0,
    };
    let page = PageQuery {
        after: None,
        limit: query.limit,
    };
    let wanted = page.wanted();
    let scanned = i64::from(wanted * SCAN_FACTOR);
    let rows = services
        .database
        .readers
        .read(move |connection| {
            supervision_store::list_open(connection, tier, after, scanned).map_err(StoreError::from)
        })
        .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|read| read == scanned);
    let end = rows.last().map(|(row, _)| row.id);
    let actor = Actor::Staff(viewer.clone());
    let holds = |case: &CaseRow| actor_facts(&city, &actor, case, None).roles.contains(&owner);
    let mut within: Vec<_> = rows.into_iter().filter(|(_, case)| holds(case)).collect();
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let next = if within.len() > wanted {
        within.truncate(wanted);
        within.last().map(|(row, _)| row.id)
    } else {
        end.filter(|_| full)
    };
    let show = |(row, case): &(SupervisionRow, CaseRow)| entry(services, &city, row, case);
    Ok(PageView {
        items: within.iter().map(show).collect::<Result<_, _>>()?,
        next: next.map(|id| id.to_string()),
    })
}

/// One supervision.
///
/// # Errors
/// `NotFound` for who may not know of it; `Busy`, or the database's failure.
pub async fn show(services: &Services, viewer: &StaffActor, id: i64) -> Result<SupervisionView, Failure> {
    let city = services.city();
    let Read {
        row,
        case,
        actions,
        names,
    } = services
        .database
        .readers
        .read(move |connection| read(connection, id).map_err(StoreError::from))
        .await?;
    let roles = actor_facts(&city, &Actor::Staff(viewer.clone()), &case, None).roles;
    let tier: Tier = parse_word("supervisions.tier", &row.tier)?;
    if !tier.is_open_to(&roles) {
        return Err(ProblemCode::NotFound.into());
    }
    let (owner, rule): (Role, _) = (parse_word("supervisions.owner", &row.owner)?, city.ladder.rule(tier));
    let action = |action: &SupervisionActionRow| {
        let tool: Tool = parse_word("supervision_actions.tool", &action.tool)?;
        let by = names.iter().find(|(id, _)| *id == action.actor_id);
        Ok::<_, StoreError>(SupervisionActionView {
            tool,
            tool_name: tool.name_zh().to_owned(),
            note: action.note.clone(),
            evidence: parse_json("supervision_actions.evidence", &action.evidence)?,
            at: made_at(action.id),
            by: by.map(|(_, name)| name.clone()),
        })
    };
    Ok(SupervisionView {
        entry: entry(services, &city, &row, &case)?,
        owner_name: owner.name_zh().to_owned(),
        policy_version: row.policy_version.clone(),
        reason: row.reason.clone(),
        leader: row.leader.clone(),
        answered_at: row.answered_at.map(Timestamp),
        postponement: row.postpone_days.map(|days| PostponementView {
            working_days: u16::try_from(days).unwrap_or_default(),
            reason: row.postpone_reason.clone().unwrap_or_default(),
            for_you: row.postpone_by != Some(viewer.id),
        }),
        result: row
            .result
            .as_deref()
            .map(|word| parse_word("supervisions.result", word))
            .transpose()?,
        result_text: row.result_words.clone(),
        closed_at: row.closed_at.map(Timestamp),
        actions: actions.iter().map(action).collect::<Result<_, _>>()?,
        tools: rule.tools.clone(),
        results: rule.results.clone(),
    })
}

struct Read {
    row: SupervisionRow,
    case: CaseRow,
    actions: Vec<SupervisionActionRow>,
    names: Vec<(i64, String)>,
}

/// Three statements: the supervision with its case, what was done, the names of those who did it.
fn read(connection: &mut DbConnection, id: i64) -> diesel::QueryResult<Read> {
    let (row, case) = supervision_store::get_with_case(connection, id)?;
    let actions = supervision_store::list_actions(connection, id)?;
    let mut actors: Vec<i64> = actions.iter().map(|action| action.actor_id).collect();
    actors.sort_unstable();
    actors.dedup();
    let names = desk_store::list_names(connection, &actors)?;
    Ok(Read {
        row,
        case,
        actions,
        names,
    })
}

fn entry(
    services: &Services,
    city: &City,
    row: &SupervisionRow,
    case: &CaseRow,
) -> Result<SupervisionEntryView, StoreError> {
    let facts = case.facts()?;
    let tier: Tier = parse_word("supervisions.tier", &row.tier)?;
    let why: Cause = parse_word("supervisions.cause", &row.cause)?;
    let (opened, due, now) = (made_at(row.id), Timestamp(row.due_at), services.now());
    let limit = city.ladder.rule(tier).result;
    let soon = city
        .policy
        .due_soon_at(&city.calendar, facts.urgency, limit, opened, due);
    Ok(SupervisionEntryView {
        id: SupervisionId(row.id),
        number: format!("督{}", services.receipts.write(row.id)),
        receipt_no: services.receipts.write(case.id),
        title: case.title.clone(),
        kind: facts.kind,
        state: facts.state,
        urgency: facts.urgency,
        tier,
        tier_name: tier.name_zh().to_owned(),
        cause: why,
        cause_name: why.name_zh().to_owned(),
        unit_name: case.lead_unit.as_deref().map(|code| city.unit_name(code).to_owned()),
        opened_at: opened,
        answer_due: row.answer_due_at.filter(|_| row.answered_at.is_none()).map(Timestamp),
        due,
        due_state: match now {
            now if now >= due => DueState::Late,
            now if now >= soon => DueState::Soon,
            _ => DueState::Ok,
        },
        postponement_waits: row.postpone_by.is_some(),
    })
}
