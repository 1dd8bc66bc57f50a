//! Templates of replies as staff see them, and the draft that one makes for a case. A template that is retired or past its last
//! day is for the eyes of editors only.

use chrono::NaiveDate;
use shared::{
    contract::{
        paging::{PageQuery, PageView},
        problem::ProblemCode,
        reply_template::{ReplyDraftView, ReplyTemplateView, ReplyTemplatesQuery},
    },
    domain::{
        id::ReplyTemplateId,
        reply_template::{Placeholder, fill},
        role::Role,
        time::Timestamp,
    },
};

use super::case;
use crate::{
    access::{Actor, StaffActor},
    city::City,
    database::{DbConnection, StoreError},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        order_store, parse_word,
        reply_template_store::{self, ReplyTemplateRow},
    },
};

/// Templates looked through for one page.
const LOOKED_AT: i64 = 300;

/// A page of the templates in use, oldest first; editors also see those past their last day.
///
/// # Errors
/// `Invalid` for a cursor that is none; `Busy`.
pub async fn list(
    services: &Services,
    viewer: &StaffActor,
    query: &ReplyTemplatesQuery,
) -> Result<PageView<ReplyTemplateView>, Failure> {
    let after: i64 = match &query.after {
        Some(text) => text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))?,
        None => 0,
    };
    let page = PageQuery {
        after: None,
        limit: query.limit,
    };
    let rows = services
        .database
        .readers
        .read(move |connection| {
            reply_template_store::list_templates(connection, after, LOOKED_AT).map_err(StoreError::from)
        })
        .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|read| read == LOOKED_AT);
    let end = rows.last().map(|row| row.id).filter(|_| full);
    let (today, edits) = (services.now().city_date(), viewer.has(Role::KnowledgeEditor));
    let mut items = Vec::new();
    for row in rows {
        let view = view(&row, today)?;
        let of_outcome = query.outcome.is_none_or(|outcome| outcome == view.outcome);
        if of_outcome && fits(&view, query.category.as_deref()) && (edits || view.in_use) {
            items.push(view);
        }
    }
    let wanted = page.wanted() as usize;
    let next = if items.len() > wanted {
        items.truncate(wanted);
        items.last().map(|last| last.id.0)
    } else {
        end
    };
    Ok(PageView {
        items,
        next: next.map(|id| id.to_string()),
    })
}

/// One template.
///
/// # Errors
/// `NotFound`; `Busy`.
pub async fn show(services: &Services, id: i64) -> Result<ReplyTemplateView, Failure> {
    let today = services.now().city_date();
    services
        .database
        .readers
        .read(move |connection| {
            let row = reply_template_store::get_template(connection, id).map_err(StoreError::from)?;
            Ok::<_, Failure>(view(&row, today)?)
        })
        .await
}

/// The draft that the template makes for a case that the viewer may open. Three statements.
///
/// # Errors
/// `NotFound` for a case beyond reach, or a template that is not in use or is for another category; `Busy`.
pub async fn draft(
    services: &Services,
    viewer: &StaffActor,
    case_id: i64,
    template: i64,
) -> Result<ReplyDraftView, Failure> {
    let (city, actor) = (services.city(), Actor::Staff(viewer.clone()));
    let (receipts, now) = (services.receipts.clone(), services.now());
    services
        .database
        .readers
        .read(move |connection| {
            let row = open_case(connection, &city, &actor, case_id)?;
            let template = reply_template_store::get_template(connection, template).map_err(StoreError::from)?;
            let template = view(&template, now.city_date())?;
            if !template.in_use || !fits(&template, row.category.as_deref().or(Some(""))) {
                return Err(ProblemCode::NotFound.into());
            }
            let value = |place| value(&city, &row, &receipts.write(row.id), now, place);
            let filled = fill(&template.text, value)
                .map_err(|error| StoreError::Database(format!("reply_templates.body: {error}")))?;
            Ok(ReplyDraftView {
                text: filled.text,
                outcome: template.outcome,
                open_places: filled.open,
            })
        })
        .await
}

fn open_case(connection: &mut DbConnection, city: &City, actor: &Actor, case_id: i64) -> Result<CaseRow, Failure> {
    let row = case_store::get_case(connection, case_id).map_err(StoreError::from)?;
    let orders = order_store::list_orders(connection, case_id).map_err(StoreError::from)?;
    case::viewpoint(city, actor, &row, &orders).ok_or(ProblemCode::NotFound)?;
    Ok(row)
}

/// What the case has to say in a place.
fn value(city: &City, row: &CaseRow, receipt: &str, now: Timestamp, place: Placeholder) -> Option<String> {
    let day = |day: NaiveDate| day.format("%Y年%-m月%-d日").to_string();
    match place {
        Placeholder::ReceiptNo => Some(receipt.to_owned()),
        Placeholder::Title => Some(row.title.clone()),
        Placeholder::Category => city.categories.full_name(row.category.as_deref()?),
        Placeholder::Place => city.regions.full_name(row.region.as_deref()?).map(str::to_owned),
        Placeholder::Unit => Some(city.unit_name(row.lead_unit.as_deref()?).to_owned()),
        // The first instant that is too late may be the midnight after the last day.
        Placeholder::Due => row.due_at.map(|due| day(Timestamp(due - 1).city_date())),
        Placeholder::Today => Some(day(now.city_date())),
    }
}

/// Whether a template is for this category: for any, for its own or for its group.
fn fits(template: &ReplyTemplateView, category: Option<&str>) -> bool {
    let (Some(of), Some(category)) = (&template.category, category) else {
        return true;
    };
    category == of
        || category
            .strip_prefix(of.as_str())
            .is_some_and(|rest| rest.starts_with('.'))
}

fn view(row: &ReplyTemplateRow, today: NaiveDate) -> Result<ReplyTemplateView, StoreError> {
    let valid_to: Option<NaiveDate> = match &row.valid_to {
        Some(day) => Some(parse_word("reply_templates.valid_to", day)?),
        None => None,
    };
    Ok(ReplyTemplateView {
        id: ReplyTemplateId(row.id),
        version: row.version,
        title: row.title.clone(),
        category: row.category.clone(),
        outcome: parse_word("reply_templates.outcome", &row.outcome)?,
        text: row.body.clone(),
        in_use: row.retired_at.is_none() && valid_to.is_none_or(|last| today <= last),
        valid_to,
        changed_at: Timestamp(row.changed_at),
    })
}
