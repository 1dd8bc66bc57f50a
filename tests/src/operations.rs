//! The table of operations: one line each, saying who may call it. Tests hold the server and its document against it.

use shared::domain::role::Role;

/// Who may call an operation, as far as sign-in and role go. What scope and ownership close is tested where the things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Anybody.
    ToAll,
    /// Residents and staff.
    ToSignedIn,
    /// Residents.
    ToResidents,
    /// All staff as far as this table goes; which role and scope may act on which case is proven on real cases.
    ToStaff,
    /// Staff with one of these roles.
    To(&'static [Role]),
    /// All staff but those who only have one of these roles.
    ToStaffBut(&'static [Role]),
}

/// Staff who have nothing to do with single cases.
const AWAY_FROM_CASES: &[Role] = &[
    Role::SystemAdmin,
    Role::SecurityAdmin,
    Role::AuditAdmin,
    Role::KnowledgeEditor,
    Role::Analyst,
    Role::Deputy,
];

/// Method, path as documented, who may.
pub type Row = (&'static str, &'static str, Open);

/// Every operation, sorted by path. The document and this table name the same ones, or a test fails.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    ("POST",   "/api/v1/accounts",                                               Open::ToAll),
    ("POST",   "/api/v1/accounts/codes",                                         Open::ToAll),
    ("POST",  "/api/v1/cases",                                       Open::ToResidents),
    ("POST",  "/api/v1/cases/preview",                               Open::ToAll),
    ("GET",   "/api/v1/cases/{receipt_no}",                          Open::ToSignedIn),
    ("POST",  "/api/v1/cases/{receipt_no}/additions",                Open::ToResidents),
    ("POST",  "/api/v1/cases/{receipt_no}/appeal",                   Open::ToResidents),
    ("DELETE","/api/v1/cases/{receipt_no}/follow",                   Open::ToResidents),
    ("PUT",   "/api/v1/cases/{receipt_no}/follow",                   Open::ToResidents),
    ("POST",  "/api/v1/cases/{receipt_no}/information",              Open::ToResidents),
    ("POST",  "/api/v1/cases/{receipt_no}/me-too",                   Open::ToResidents),
    ("POST",  "/api/v1/cases/{receipt_no}/rating",                   Open::ToResidents),
    ("POST",  "/api/v1/cases/{receipt_no}/reopening",                Open::ToResidents),
    ("POST",  "/api/v1/cases/{receipt_no}/urge",                     Open::ToResidents),
    ("POST",  "/api/v1/cases/{receipt_no}/withdrawal",               Open::ToResidents),
    ("GET",    "/api/v1/categories",                                             Open::ToAll),
    ("GET",    "/api/v1/emergency-numbers",                                      Open::ToAll),
    ("GET",    "/api/v1/knowledge",                                              Open::ToAll),
    ("GET",    "/api/v1/knowledge/{id}",                                         Open::ToAll),
    ("GET",    "/api/v1/me",                                                     Open::ToResidents),
    ("PATCH",  "/api/v1/me",                                                     Open::ToResidents),
    ("GET",   "/api/v1/me/cases",                                    Open::ToResidents),
    ("GET",    "/api/v1/me/consents",                                            Open::ToResidents),
    ("PUT",    "/api/v1/me/consents/{purpose}",                                  Open::ToResidents),
    ("PUT",    "/api/v1/me/devices",                                             Open::ToSignedIn),
    ("DELETE", "/api/v1/me/devices/{id}",                                        Open::ToSignedIn),
    ("GET",   "/api/v1/me/follows",                                  Open::ToResidents),
    ("GET",   "/api/v1/me/inbox",                                    Open::ToSignedIn),
    ("POST",  "/api/v1/me/inbox/read",                               Open::ToSignedIn),
    ("PUT",    "/api/v1/me/password",                                            Open::ToResidents),
    ("GET",    "/api/v1/openapi.json",                                           Open::ToAll),
    ("GET",    "/api/v1/outlines",                                               Open::ToAll),
    ("POST",   "/api/v1/photos",                                                 Open::ToSignedIn),
    ("DELETE", "/api/v1/photos/{id}",                                            Open::ToSignedIn),
    ("GET",    "/api/v1/photos/{id}/display",                                    Open::ToSignedIn),
    ("GET",    "/api/v1/photos/{id}/original",                                   Open::To(&[Role::Moderator, Role::Reviewer, Role::HotlineSupervisor, Role::DisciplineOfficer])),
    ("GET",    "/api/v1/photos/{id}/thumbnail",                                  Open::ToSignedIn),
    ("GET",    "/api/v1/public/cases",                                           Open::ToAll),
    ("GET",    "/api/v1/public/cases/{receipt_no}",                              Open::ToAll),
    ("GET",    "/api/v1/public/counts",                                          Open::ToAll),
    ("GET",    "/api/v1/public/map",                                             Open::ToAll),
    ("GET",    "/api/v1/public/photos/{id}/{rendition}",                         Open::ToAll),
    ("GET",    "/api/v1/regions",                                                Open::ToAll),
    ("GET",    "/api/v1/regions/near",                                           Open::ToAll),
    ("GET",    "/api/v1/regions/search",                                         Open::ToAll),
    ("GET",    "/api/v1/regions/{code}",                                         Open::ToAll),
    ("DELETE", "/api/v1/sessions",                                               Open::ToSignedIn),
    ("POST",   "/api/v1/sessions",                                               Open::ToAll),
    ("DELETE", "/api/v1/sessions/current",                                       Open::ToSignedIn),
    ("POST",   "/api/v1/sessions/refresh",                                       Open::ToAll),
    ("GET",    "/api/v1/staff/accounts",                                         Open::To(&[Role::SecurityAdmin])),
    ("POST",   "/api/v1/staff/accounts",                                         Open::To(&[Role::SecurityAdmin])),
    ("GET",    "/api/v1/staff/accounts/{id}",                                    Open::To(&[Role::SecurityAdmin])),
    ("POST",   "/api/v1/staff/accounts/{id}/block",                              Open::To(&[Role::SecurityAdmin])),
    ("POST",   "/api/v1/staff/accounts/{id}/grants",                             Open::To(&[Role::SecurityAdmin])),
    ("DELETE", "/api/v1/staff/accounts/{id}/grants/{grant}",                     Open::To(&[Role::SecurityAdmin])),
    ("GET",    "/api/v1/staff/cases/{receipt_no}",                               Open::To(&[Role::Clerk, Role::Dispatcher, Role::Reviewer, Role::FollowUpClerk, Role::UnitLiaison, Role::UnitHandler, Role::UnitLeader, Role::HotlineSupervisor, Role::GovernmentInspector, Role::DisciplineOfficer])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/accept",                        Open::To(&[Role::Clerk])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/answer",                        Open::To(&[Role::Clerk])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/ask-information",               Open::To(&[Role::Clerk])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/close-explained",               Open::To(&[Role::Reviewer])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/close-explained-approval",      Open::To(&[Role::HotlineSupervisor])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/close-explained-refusal",       Open::To(&[Role::HotlineSupervisor])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/demand-judgement",              Open::To(&[Role::Reviewer])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/designate",                     Open::To(&[Role::HotlineSupervisor, Role::GovernmentInspector])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/dispatch",                      Open::To(&[Role::Dispatcher])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/refuse",                        Open::To(&[Role::Clerk])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/reply-release",                 Open::To(&[Role::Reviewer])),
    ("POST",   "/api/v1/staff/cases/{receipt_no}/send-back",                     Open::To(&[Role::Reviewer])),
    ("GET",    "/api/v1/staff/me",                                               Open::ToStaff),
    ("POST",   "/api/v1/staff/me/password",                                      Open::ToStaff),
    ("GET",    "/api/v1/staff/moderation",                                       Open::To(&[Role::Moderator])),
    ("GET",    "/api/v1/staff/moderation/{receipt_no}",                          Open::To(&[Role::Moderator])),
    ("POST",   "/api/v1/staff/moderation/{receipt_no}",                          Open::To(&[Role::Moderator])),
    ("POST",   "/api/v1/staff/orders/{id}/assign",                               Open::To(&[Role::UnitLiaison])),
    ("POST",   "/api/v1/staff/orders/{id}/contact",                              Open::To(&[Role::UnitHandler])),
    ("POST",   "/api/v1/staff/orders/{id}/progress",                             Open::To(&[Role::UnitHandler])),
    ("POST",   "/api/v1/staff/orders/{id}/reply",                                Open::To(&[Role::UnitHandler])),
    ("POST",   "/api/v1/staff/orders/{id}/reply-refusal",                        Open::To(&[Role::UnitLeader])),
    ("POST",   "/api/v1/staff/orders/{id}/reply-signature",                      Open::To(&[Role::UnitLeader])),
    ("POST",   "/api/v1/staff/orders/{id}/return",                               Open::To(&[Role::UnitLeader])),
    ("POST",   "/api/v1/staff/orders/{id}/return-approval",                      Open::To(&[Role::Dispatcher])),
    ("POST",   "/api/v1/staff/orders/{id}/return-refusal",                       Open::To(&[Role::Dispatcher])),
    ("POST",   "/api/v1/staff/orders/{id}/sign-for",                             Open::To(&[Role::UnitLiaison])),
    ("GET",    "/api/v1/staff/queues",                                           Open::ToStaff),
    ("GET",    "/api/v1/staff/queues/{queue}",                                   Open::To(&[Role::Clerk, Role::Dispatcher, Role::Reviewer, Role::FollowUpClerk, Role::UnitLiaison, Role::UnitHandler, Role::UnitLeader, Role::HotlineSupervisor])),
    ("GET",    "/api/v1/staff/search",                                           Open::ToStaffBut(AWAY_FROM_CASES)),
    ("POST",   "/api/v1/staff/sessions",                                         Open::ToAll),
    ("GET",    "/api/v1/units",                                                  Open::ToAll),
    ("GET",    "/api/v1/units/{code}",                                           Open::ToAll),
    ("GET",    "/healthz",                                                       Open::ToAll),
    ("GET",    "/readyz",                                                        Open::ToAll),
];
