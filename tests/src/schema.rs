//! A PostgreSQL schema of one's own for a test, a bench or a demonstration: made empty, dropped at the end.

#![allow(
    clippy::expect_used,
    reason = "without PostgreSQL the run must stop and say so: it is never skipped"
)]

use diesel::{Connection as _, PgConnection, RunQueryDsl as _};

/// The variable that names the server; `./dev test` and `./dev bench` set it.
pub const VARIABLE: &str = "SHOUFA_TEST_DATABASE_URL";

/// An empty schema, dropped with everything in it when this is.
pub struct Schema {
    server: String,
    name: String,
    url: String,
}

impl Schema {
    /// Makes the schema.
    ///
    /// # Panics
    /// When no PostgreSQL is named or it cannot be used.
    #[must_use]
    pub fn make() -> Self {
        let server = std::env::var(VARIABLE).expect("SHOUFA_TEST_DATABASE_URL names no PostgreSQL: run ./dev test");
        Self::make_on(&server)
    }

    /// Makes the schema on the server that this URL names.
    ///
    /// # Panics
    /// When it cannot be used.
    #[must_use]
    pub fn make_on(server: &str) -> Self {
        let name = format!("t{}", uuid::Uuid::new_v4().simple());
        run(server, &format!("CREATE SCHEMA {name}"));
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-csearch_path%3D{name}");
        Self {
            server: server.to_owned(),
            name,
            url,
        }
    }

    /// The database's URL with this schema as the only one.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Loses everything in it.
    ///
    /// # Panics
    /// When the server cannot be used.
    pub fn empty(&self) {
        run(&self.server, &format!("DROP SCHEMA {} CASCADE", self.name));
        run(&self.server, &format!("CREATE SCHEMA {}", self.name));
    }

    /// Drops what a restored backup put aside.
    ///
    /// # Panics
    /// When the server cannot be used.
    pub fn drop_put_aside(&self) {
        let drop_all = format!(
            "DO $$ DECLARE one text; BEGIN FOR one IN SELECT nspname FROM pg_namespace WHERE starts_with(nspname::text, '{}_') \
             LOOP EXECUTE 'DROP SCHEMA ' || one || ' CASCADE'; END LOOP; END $$",
            self.name
        );
        run(&self.server, &drop_all);
    }

    /// The schema's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        run(&self.server, &format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a schema must be made before the program can connect to it"
)]
fn run(server: &str, statement: &str) {
    let mut connection = PgConnection::establish(server).expect("PostgreSQL answers");
    diesel::sql_query(statement)
        .execute(&mut connection)
        .expect("the schema is made or dropped");
}
