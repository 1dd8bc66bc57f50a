//! `shoufa serve`: listens until it is told to stop, then finishes what is under way.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use sd_notify::NotifyState;

use super::{CommandError, say};
use crate::{
    background, clock::SystemClock, config::Config, demo, routes::pages, server, services::Services,
    telemetry::listener,
};

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address to listen on; wins over the environment.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Shows a demonstration city, with sign-in codes on the terminal; on a loopback address only.
    #[arg(long)]
    demo: bool,
}

pub(super) async fn run(mut config: Config, arguments: ServeArguments) -> Result<(), CommandError> {
    config.demo |= arguments.demo;
    if let Some(listen) = arguments.listen {
        config.server.listen = listen;
    }
    config.check().map_err(CommandError::of)?;
    let listener = bind(config.server.listen)?;
    let metrics = match config.metrics.listen {
        Some(address) => Some(bind(address)?),
        None => None,
    };
    let services = start(config).await?;
    for app in pages::missing(&services) {
        tracing::warn!(app, "the pages were not built: a placeholder is shown in their place");
    }
    let background = background::start(&services);
    let holding = tokio::spawn(hold_process_number(Arc::clone(&services)));
    let dismissing = tokio::spawn(dismiss_desks(Arc::clone(&services)));
    let running = server::start(&services, listener).map_err(CommandError::of)?;
    let figures = match metrics {
        Some(listener) => Some(listener::start(&services, listener).map_err(CommandError::of)?),
        None => None,
    };
    let stop_figures = figures.map(|figures| {
        tokio::spawn(figures.server);
        figures.handle
    });
    say(&format!("Shoufa answers on http://{}\n", running.address))?;
    tell_supervisor(NotifyState::Ready);
    running.server.await.map_err(CommandError::of)?;
    tell_supervisor(NotifyState::Stopping);
    background.stop().await;
    if let Some(figures) = stop_figures {
        figures.stop(false).await;
    }
    holding.abort();
    dismissing.abort();
    server::drain(&services).await.map_err(CommandError::of)?;
    services
        .database
        .release_process(services.now())
        .await
        .map_err(CommandError::of)
}

fn bind(address: SocketAddr) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).map_err(|error| CommandError::of(format!("{address}: {error}")))
}

/// Under systemd (`Type=notify`) the unit counts as started when we answer; elsewhere nobody listens.
fn tell_supervisor(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the supervisor could not be told");
    }
}

/// Ids are unique as long as this process holds its number: renewed well before the lease ends.
async fn hold_process_number(services: Arc<Services>) {
    loop {
        tokio::time::sleep(Duration::from_mins(2)).await;
        if let Err(error) = services.database.renew_process(services.now()).await {
            tracing::error!(%error, "the process number could not be renewed");
        }
    }
}

/// At the signal on which the server stops, the desks that listen are told to go: it would wait for them.
async fn dismiss_desks(services: Arc<Services>) {
    if told_to_stop().await.is_ok() {
        services.live_desks.close();
    }
}

#[cfg(unix)]
async fn told_to_stop() -> std::io::Result<()> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminated.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// With `--demo` the demonstration city is there before anybody is answered; without it, its database is refused.
async fn start(config: Config) -> Result<Arc<Services>, CommandError> {
    if !config.demo {
        let services = Services::start(config, Arc::new(SystemClock))
            .await
            .map_err(CommandError::of)?;
        if demo::is_demonstration(&services).await.map_err(CommandError::of)? {
            return Err(CommandError::of(
                "the database holds a demonstration, whose passwords everybody knows: serve it with --demo, or name another SHOUFA_DATA",
            ));
        }
        return Ok(Arc::new(services));
    }
    demo::open(config, &mut std::io::stdout())
        .await
        .map_err(CommandError::of)
}
