//! What use cases and views are given to work with: the database, the clock, and whatever is set up once at start.

use std::sync::Arc;

use shared::domain::time::Timestamp;

use crate::{
    city::{City, CurrentCity},
    clock::Clock,
    database::Database,
};

/// Set up once at start, shared by all requests and background work.
pub struct Services {
    /// Reading and changing.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The city's data in their current version.
    pub city: CurrentCity,
}

impl Services {
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The city's data as they are now.
    #[must_use]
    pub fn city(&self) -> Arc<City> {
        self.city.snapshot()
    }

    /// An id for a new row.
    #[must_use]
    pub fn next_id(&self) -> i64 {
        self.database.ids.next(self.now())
    }
}
