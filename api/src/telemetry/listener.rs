//! Serves `/metrics` at an address of its own, so that figures never share a door with the public.

use std::{net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::{Server, ServerHandle},
    web,
};

use super::scrape::Scrape;
use crate::services::Services;

/// `OpenMetrics` text, which Prometheus prefers to its own older form.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A listener that answers as long as `server` is awaited.
pub struct MetricsListener {
    /// Tells it to stop.
    pub handle: ServerHandle,
    /// Ends when it has stopped.
    pub server: Server,
}

/// Starts to answer `GET /metrics`.
///
/// # Errors
/// When the socket cannot be used.
pub fn start(services: &Arc<Services>, listener: TcpListener) -> std::io::Result<MetricsListener> {
    let scrape = web::Data::new(Scrape::new(Arc::clone(services)));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(scrape.clone())
            .route("/metrics", web::get().to(show_metrics))
    })
    .workers(1)
    // The server that people use hears the signals; this one ends with it.
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)?
    .run();
    Ok(MetricsListener {
        handle: server.handle(),
        server,
    })
}

async fn show_metrics(scrape: web::Data<Scrape>) -> HttpResponse {
    match scrape.text().await {
        Ok(text) => HttpResponse::Ok().content_type(TEXT).body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
