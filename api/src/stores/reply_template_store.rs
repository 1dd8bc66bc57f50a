//! Templates of replies as rows. When one is used is decided elsewhere.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction, append::append_row, prepared::ExecutePrepared, schema::reply_templates,
};

/// A template.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = reply_templates, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ReplyTemplateRow {
    /// Time-ordered id: when it was written first.
    pub id: i64,
    /// One more at every change.
    pub version: i64,
    /// What it is for.
    pub title: String,
    /// Code of the category or group; none for any.
    pub category: Option<String>,
    /// `Outcome`.
    pub outcome: String,
    /// The words with their places.
    pub body: String,
    /// The last day on which it is used, as `2026-11-23`.
    pub valid_to: Option<String>,
    /// When it was retired.
    pub retired_at: Option<i64>,
    /// Who changed it last.
    pub changed_by: i64,
    /// When.
    pub changed_at: i64,
}
append_row!(ReplyTemplateRow, reply_templates::table, order = 30);

/// The template with this id.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_template(connection: &mut DbConnection, id: i64) -> QueryResult<ReplyTemplateRow> {
    reply_templates::table
        .find(id)
        .select(ReplyTemplateRow::as_select())
        .first(connection)
}

/// Templates that are not retired, oldest first, after the id `after`.
///
/// # Errors
/// The database's failure.
pub fn list_templates(connection: &mut DbConnection, after: i64, limit: i64) -> QueryResult<Vec<ReplyTemplateRow>> {
    reply_templates::table
        .filter(reply_templates::retired_at.is_null().and(reply_templates::id.gt(after)))
        .order(reply_templates::id.asc())
        .limit(limit)
        .select(ReplyTemplateRow::as_select())
        .load(connection)
}

/// Writes a template that still has the version that was read and is not retired.
///
/// # Errors
/// `Stale`, or the database's failure.
pub fn move_template(transaction: &mut Transaction<'_>, row: &ReplyTemplateRow) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(
            reply_templates::table
                .filter(
                    reply_templates::id
                        .eq(row.id)
                        .and(reply_templates::version.eq(row.version)),
                )
                .filter(reply_templates::retired_at.is_null()),
        )
        .set((
            reply_templates::version.eq(row.version + 1),
            reply_templates::title.eq(&row.title),
            reply_templates::category.eq(&row.category),
            reply_templates::outcome.eq(&row.outcome),
            reply_templates::body.eq(&row.body),
            reply_templates::valid_to.eq(&row.valid_to),
            reply_templates::retired_at.eq(row.retired_at),
            reply_templates::changed_by.eq(row.changed_by),
            reply_templates::changed_at.eq(row.changed_at),
        ))
        .execute_prepared(connection)
    })
}
