//! An administrator looks at a document before it is imported on the server: what differs, and what that would do to open cases.

use shared::contract::{
    city_data::{CityDataPreviewView, LONGEST_DOCUMENT, PreviewCityDataRequest, PreviewedKind},
    problem::ProblemCode,
};

use super::{DataFile, ImportError, effects, plan_import};
use crate::{access::StaffActor, city::CityKind, errors::Failure, services::Services};

/// Faults that are told at most.
const MOST_FAULTS: usize = 10;

/// Checks the document with the rest of the city as an import would, and counts. Stores nothing.
///
/// # Errors
/// `Forbidden` for everybody but a system administrator; `Invalid` for a document that would not be taken.
pub async fn preview(
    services: &Services,
    viewer: &StaffActor,
    request: PreviewCityDataRequest,
) -> Result<CityDataPreviewView, Failure> {
    if !viewer.runs_the_system() {
        return Err(ProblemCode::Forbidden.into());
    }
    if request.content.is_empty() || request.content.chars().count() > LONGEST_DOCUMENT {
        return Err(Failure::invalid(
            "content",
            format!("内容不能为空，最多 {LONGEST_DOCUMENT} 字"),
        ));
    }
    let kind = match request.kind {
        PreviewedKind::Deadlines => CityKind::Deadlines,
        PreviewedKind::Ladder => CityKind::Ladder,
        PreviewedKind::Catalogue => CityKind::Catalogue,
    };
    let file = DataFile {
        name: kind.file().to_owned(),
        kind: Some(kind),
        text: request.content,
    };
    let database = &services.database;
    let plan = plan_import(database, vec![file]).await.map_err(refused)?;
    let effects = effects(database, services.now(), &plan).await.map_err(refused)?;
    let change = plan.changes.first();
    let difference = change.map(|change| change.difference).unwrap_or_default();
    let in_force = || {
        plan.unchanged
            .first()
            .map(|same| same.version.clone())
            .unwrap_or_default()
    };
    Ok(CityDataPreviewView {
        before: change.map_or_else(in_force, |change| change.before.clone()),
        after: change.map_or_else(in_force, |change| change.after.clone()),
        added: difference.added,
        removed: difference.removed,
        changed: difference.changed,
        effects,
    })
}

fn refused(error: ImportError) -> Failure {
    match error {
        ImportError::Store(error) => error.into(),
        ImportError::Unsound(mut faults) => {
            faults.truncate(MOST_FAULTS);
            Failure::invalid("content", format!("内容有问题：{}", faults.join("；")))
        }
        error => Failure::invalid("content", error.to_string()),
    }
}
