//! A source of map tiles on loopback: a picture for every tile, or what a test wants of it.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, ServiceConfig},
};

use crate::loopback::Loopback;

/// The beginning of a picture, which is all that anybody looks at.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n-tile";

#[derive(Default)]
struct Memory {
    asked: Vec<String>,
    fails: bool,
    page: bool,
}

#[derive(Default)]
struct State(Mutex<Memory>);

impl State {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running fake; it ends when dropped.
pub struct FakeTiles {
    server: Loopback,
    state: Arc<State>,
}

impl FakeTiles {
    /// Starts on a free port.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start() -> io::Result<Self> {
        let state = Arc::new(State::default());
        let shared = Data::from(Arc::clone(&state));
        let server = Loopback::start(move |app: &mut ServiceConfig| {
            app.app_data(shared.clone()).default_service(web::to(answer));
        })?;
        Ok(Self { server, state })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base(&self) -> String {
        self.server.base()
    }

    /// Paths asked for, with their queries, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.state.memory().asked.clone()
    }

    /// From now on it answers that it cannot.
    pub fn fail(&self) {
        self.state.memory().fails = true;
    }

    /// From now on it answers with a page instead of a picture.
    pub fn answer_with_a_page(&self) {
        self.state.memory().page = true;
    }
}

async fn answer(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let mut memory = state.memory();
    memory.asked.push(request.uri().to_string());
    if memory.fails {
        HttpResponse::InternalServerError().finish()
    } else if memory.page {
        HttpResponse::Ok().content_type("image/png").body("<html>请登录</html>")
    } else {
        HttpResponse::Ok().content_type("image/png").body(PICTURE)
    }
}
