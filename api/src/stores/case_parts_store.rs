//! Everything that hangs on one case, in one statement: timeline, orders, clocks, replies, ratings, photos,
//! supervisions, members.
//! The parts have few columns in common, so each row carries numbers and texts by place; this file alone knows which is which.

use std::{fmt::Write as _, sync::LazyLock};

use diesel::{
    QueryableByName, RunQueryDsl,
    result::QueryResult,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};

use super::{
    clock_store::ClockRow, order_store::WorkOrderRow, photo_store::CasePhotoRow, rating_store::RatingRow,
    reply_store::ReplyRow, supervision_store::SupervisionFactsRow, timeline_store::CaseEventRow,
};
use crate::database::DbConnection;

/// The parts of a case, each oldest first.
#[derive(Debug, Default)]
pub struct CaseParts {
    /// The timeline, at most 500 entries.
    pub events: Vec<CaseEventRow>,
    /// The work orders.
    pub orders: Vec<WorkOrderRow>,
    /// The clocks that run.
    pub clocks: Vec<ClockRow>,
    /// The replies.
    pub replies: Vec<ReplyRow>,
    /// The ratings.
    pub ratings: Vec<RatingRow>,
    /// The photos.
    pub photos: Vec<CasePhotoRow>,
    /// The supervisions.
    pub supervisions: Vec<SupervisionFactsRow>,
    /// How many cases are merged under it.
    pub member_count: i64,
}

/// One part of the statement: its name, from where, which columns are the numbers and which the texts.
struct Part {
    name: &'static str,
    from: &'static str,
    numbers: &'static [&'static str],
    texts: &'static [&'static str],
    most: u32,
}

const NUMBERS: usize = 9;
const TEXTS: usize = 9;

const PARTS: &[Part] = &[
    Part {
        name: "event",
        from: "case_events WHERE case_id = $1",
        numbers: &["order_id", "cycle", "actor_id"],
        texts: &[
            "action",
            "actor_role",
            "actor_unit",
            "state_before",
            "state_after",
            "audience",
            "sentence",
            "detail",
            "public_sentence",
        ],
        most: 500,
    },
    Part {
        name: "order",
        from: "work_orders WHERE case_id = $1",
        numbers: &[
            "version",
            "cycle",
            "handler_id",
            "dispatched_by",
            "signed_at",
            "CASE WHEN deemed_signed THEN 1 ELSE 0 END",
            "contacted_at",
            "finished_at",
            "due_at",
        ],
        texts: &["role", "unit", "stage", "reason", "urgency"],
        most: 200,
    },
    Part {
        name: "clock",
        from: "clocks WHERE case_id = $1 AND stopped_at IS NULL",
        numbers: &[
            "order_id",
            "started_at",
            "due_at",
            "CASE WHEN provisional THEN 1 ELSE 0 END",
            "wake_at",
            "told_until",
            "follows",
        ],
        texts: &["kind", "policy_version", "calendar_version", "time_limit"],
        most: 50,
    },
    Part {
        name: "reply",
        from: "replies WHERE case_id = $1",
        numbers: &[
            "version",
            "order_id",
            "cycle",
            "written_by",
            "reviewed_by",
            "released_at",
            "article_version",
        ],
        texts: &["body", "outcome", "root_cause", "article", "state"],
        most: 100,
    },
    Part {
        name: "rating",
        from: "ratings WHERE case_id = $1",
        numbers: &[
            "cycle",
            "grade",
            "attitude",
            "speed",
            "rated_by",
            "CASE WHEN by_proxy THEN 1 ELSE 0 END",
        ],
        texts: &["resolved", "comment"],
        most: 100,
    },
    Part {
        name: "photo",
        from: "case_photos WHERE case_id = $1",
        numbers: &["version", "uploader_id", "photo_id", "subject_id"],
        texts: &[
            "sha256",
            "purpose",
            "publication",
            "public_display_key",
            "public_thumbnail_key",
        ],
        most: 500,
    },
    Part {
        name: "supervision",
        from: "supervisions WHERE case_id = $1",
        numbers: &["due_at", "closed_at"],
        texts: &["tier", "cause", "owner", "result"],
        most: 100,
    },
    Part {
        name: "member",
        from: "cases WHERE primary_case_id = $1 AND state = 'merged'",
        numbers: &[],
        texts: &[],
        most: 1000,
    },
];

static STATEMENT: LazyLock<String> = LazyLock::new(|| {
    let mut statement = String::new();
    for (place, part) in PARTS.iter().enumerate() {
        let column = |columns: &[&str], at: usize, kind: &str, letter: char| {
            let column = columns.get(at).copied().unwrap_or("NULL");
            format!(", CAST({column} AS {kind}) AS {letter}{at}")
        };
        let mut columns = format!("CAST('{}' AS TEXT) AS part, id", part.name);
        for at in 0..NUMBERS {
            columns.push_str(&column(part.numbers, at, "BIGINT", 'n'));
        }
        for at in 0..TEXTS {
            columns.push_str(&column(part.texts, at, "TEXT", 't'));
        }
        let union = if place == 0 { "" } else { " UNION ALL " };
        // Writing to a string cannot fail.
        let _ = write!(
            statement,
            "{union}SELECT * FROM (SELECT {columns} FROM {} ORDER BY id LIMIT {}) AS part_{place}",
            part.from, part.most
        );
    }
    statement
});

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    n0: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n1: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n2: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n3: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n4: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n5: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n6: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n7: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    n8: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    t0: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t1: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t2: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t3: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t4: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t5: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t6: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t7: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    t8: Option<String>,
}

/// The parts of a case.
///
/// # Errors
/// The database's failure.
pub fn read_parts(connection: &mut DbConnection, case_id: i64) -> QueryResult<CaseParts> {
    let rows: Vec<PartRow> = sql_query(STATEMENT.as_str())
        .bind::<BigInt, _>(case_id)
        .load(connection)?;
    let mut parts = CaseParts::default();
    for row in rows {
        match row.part.as_str() {
            "event" => parts.events.push(event(case_id, row)),
            "order" => parts.orders.push(order(case_id, row)),
            "clock" => parts.clocks.push(clock(case_id, row)),
            "reply" => parts.replies.push(reply(case_id, row)),
            "rating" => parts.ratings.push(rating(case_id, row)),
            "photo" => parts.photos.push(photo(case_id, row)),
            "supervision" => parts.supervisions.push(supervision(row)),
            _ => parts.member_count += 1,
        }
    }
    parts.events.sort_unstable_by_key(|event| event.id);
    parts.orders.sort_unstable_by_key(|order| order.id);
    parts.clocks.sort_unstable_by_key(|clock| clock.id);
    parts.replies.sort_unstable_by_key(|reply| reply.id);
    parts.ratings.sort_unstable_by_key(|rating| rating.id);
    parts.photos.sort_unstable_by_key(|photo| photo.id);
    parts.supervisions.sort_unstable_by_key(|supervision| supervision.id);
    Ok(parts)
}

fn event(case_id: i64, row: PartRow) -> CaseEventRow {
    CaseEventRow {
        id: row.id,
        case_id,
        order_id: row.n0,
        cycle: row.n1.unwrap_or_default(),
        action: row.t0.unwrap_or_default(),
        actor_id: row.n2,
        actor_role: row.t1.unwrap_or_default(),
        actor_unit: row.t2,
        state_before: row.t3,
        state_after: row.t4.unwrap_or_default(),
        audience: row.t5.unwrap_or_default(),
        sentence: row.t6,
        detail: row.t7.unwrap_or_default(),
        public_sentence: row.t8,
    }
}

fn order(case_id: i64, row: PartRow) -> WorkOrderRow {
    WorkOrderRow {
        id: row.id,
        version: row.n0.unwrap_or_default(),
        case_id,
        cycle: row.n1.unwrap_or_default(),
        role: row.t0.unwrap_or_default(),
        unit: row.t1.unwrap_or_default(),
        handler_id: row.n2,
        stage: row.t2.unwrap_or_default(),
        dispatched_by: row.n3,
        reason: row.t3.unwrap_or_default(),
        urgency: row.t4.unwrap_or_default(),
        signed_at: row.n4,
        deemed_signed: row.n5 == Some(1),
        contacted_at: row.n6,
        finished_at: row.n7,
        due_at: row.n8,
    }
}

fn clock(case_id: i64, row: PartRow) -> ClockRow {
    ClockRow {
        id: row.id,
        case_id,
        order_id: row.n0,
        kind: row.t0.unwrap_or_default(),
        started_at: row.n1.unwrap_or_default(),
        due_at: row.n2.unwrap_or_default(),
        time_limit: row.t3,
        follows: row.n6,
        provisional: row.n3 == Some(1),
        policy_version: row.t1.unwrap_or_default(),
        calendar_version: row.t2.unwrap_or_default(),
        stopped_at: None,
        wake_at: row.n4,
        told_until: row.n5.unwrap_or_default(),
    }
}

fn reply(case_id: i64, row: PartRow) -> ReplyRow {
    ReplyRow {
        id: row.id,
        version: row.n0.unwrap_or_default(),
        case_id,
        order_id: row.n1,
        cycle: row.n2.unwrap_or_default(),
        body: row.t0.unwrap_or_default(),
        outcome: row.t1.unwrap_or_default(),
        root_cause: row.t2.unwrap_or_default(),
        article: row.t3,
        article_version: row.n6,
        written_by: row.n3.unwrap_or_default(),
        reviewed_by: row.n4,
        state: row.t4.unwrap_or_default(),
        released_at: row.n5,
    }
}

fn rating(case_id: i64, row: PartRow) -> RatingRow {
    RatingRow {
        id: row.id,
        case_id,
        cycle: row.n0.unwrap_or_default(),
        grade: row.n1.unwrap_or_default(),
        resolved: row.t0.unwrap_or_default(),
        attitude: row.n2,
        speed: row.n3,
        comment: row.t1,
        rated_by: row.n4.unwrap_or_default(),
        by_proxy: row.n5 == Some(1),
    }
}

fn photo(case_id: i64, row: PartRow) -> CasePhotoRow {
    CasePhotoRow {
        id: row.id,
        version: row.n0.unwrap_or_default(),
        case_id,
        uploader_id: row.n1.unwrap_or_default(),
        sha256: row.t0.unwrap_or_default(),
        photo_id: row.n2,
        purpose: row.t1.unwrap_or_default(),
        subject_id: row.n3.unwrap_or_default(),
        publication: row.t2.unwrap_or_default(),
        public_display_key: row.t3,
        public_thumbnail_key: row.t4,
    }
}

fn supervision(row: PartRow) -> SupervisionFactsRow {
    SupervisionFactsRow {
        id: row.id,
        tier: row.t0.unwrap_or_default(),
        cause: row.t1.unwrap_or_default(),
        owner: row.t2.unwrap_or_default(),
        due_at: row.n0.unwrap_or_default(),
        result: row.t3,
        closed_at: row.n1,
    }
}
