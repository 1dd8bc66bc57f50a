//! Everything about oneself as a file.

use std::io::ErrorKind;

use actix_web::{HttpResponse, get, http::header, post, web};
use futures_util::stream;
use shared::{
    contract::{own_account::ExportView, problem::ProblemCode},
    domain::id::ExportId,
};
use tokio::{fs::File, io::AsyncReadExt};

use crate::{
    access::{
        RequestContext,
        extractor::{Resident, ResidentUnsettled},
    },
    errors::Failure,
    exports,
    routes::answer::{Answer, Given, ok},
    usecases::me::request_export as usecase,
    views,
};

/// Bytes read from the file at a time.
const PART: usize = 64 * 1024;

/// Asks for everything about oneself as a ZIP file; a new one takes the place of the last
#[utoipa::path(tag = "me", operation_id = "request_export", security(("bearer" = [])),
    responses((status = 202, description = "On the list", body = ExportView)))]
#[post("/api/v1/me/exports")]
pub(crate) async fn request_export(services: Given, resident: ResidentUnsettled, context: RequestContext) -> Answer {
    usecase::request_export(&services, &context, resident.0.clone()).await?;
    Ok(HttpResponse::Accepted().json(views::me::export(&services, &resident.0, None).await?))
}

/// How far the export is
#[utoipa::path(tag = "me", operation_id = "show_export", security(("bearer" = [])),
    params(("id" = ExportId, Path, description = "The export")),
    responses((status = 200, description = "Where it stands", body = ExportView)))]
#[get("/api/v1/me/exports/{id}")]
pub(crate) async fn show_export(services: Given, resident: Resident, id: web::Path<ExportId>) -> Answer {
    ok(views::me::export(&services, &resident.0, Some(id.0)).await?)
}

/// The finished file; within ten minutes of a proof (`POST /api/v1/me/proofs`) in this session
#[utoipa::path(tag = "me", operation_id = "download_export", security(("bearer" = [])),
    params(("id" = ExportId, Path, description = "The export")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/zip")))]
#[get("/api/v1/me/exports/{id}/file")]
pub(crate) async fn download_export(
    services: Given,
    resident: Resident,
    context: RequestContext,
    id: web::Path<ExportId>,
) -> Answer {
    usecase::fetch_export(&services, &context, resident.0, id.0).await?;
    let file = File::open(exports::file_of(&services, id.0))
        .await
        .map_err(|error| match error.kind() {
            // A backup does not hold exports: after a restore the row may be there without its file.
            ErrorKind::NotFound => ProblemCode::NotFound.into(),
            _ => Failure::internal(error),
        })?;
    let bytes = file.metadata().await.map_err(Failure::internal)?.len();
    let parts = stream::try_unfold(file, async |mut file: File| {
        let mut part = Vec::with_capacity(PART);
        let read = (&mut file).take(PART as u64).read_to_end(&mut part).await?;
        Ok::<_, std::io::Error>((read > 0).then(|| (web::Bytes::from(part), file)))
    });
    let name = format!("attachment; filename=\"shoufa-{}.zip\"", id.0);
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .no_chunking(bytes)
        .streaming(parts))
}
