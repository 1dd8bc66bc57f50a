//! Using a tool.

use actix_web::{post, web};
use shared::{contract::supervision::UseToolRequest, domain::id::SupervisionId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::supervisions::use_tool::{self as usecase, ToolUse},
};

/// Writes down that a tool of the tier was used, with a note and links to what shows it
#[utoipa::path(tag = "supervision", operation_id = "use_tool", security(("bearer" = [])),
    params(("id" = SupervisionId, Path, description = "The supervision")),
    responses((status = 204, description = "Written down")))]
#[post("/api/v1/staff/supervisions/{id}/actions")]
pub(crate) async fn use_tool(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<SupervisionId>,
    request: web::Json<UseToolRequest>,
) -> Answer {
    let UseToolRequest {
        tool,
        note,
        evidence,
        leader,
    } = request.into_inner();
    let given = ToolUse {
        tool,
        note,
        evidence,
        leader,
    };
    usecase::use_tool(&services, &Actor::Staff(staff.0), &context, id.0, given).await?;
    done()
}
