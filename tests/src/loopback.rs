//! A small web server on a free port of this machine, on its own thread, gone when its handle is dropped. What it serves
//! is decided by the fakes.

use std::{io, net::SocketAddr, sync::mpsc, thread};

use actix_web::{App, HttpServer, dev::ServerHandle, rt::System, web::ServiceConfig};

/// A running server.
pub(crate) struct Loopback {
    address: SocketAddr,
    handle: ServerHandle,
}

impl Loopback {
    /// Serves what `configure` registers.
    pub(crate) fn start(configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) -> io::Result<Self> {
        let (ready, started) = mpsc::channel();
        thread::spawn(move || {
            System::new().block_on(async move {
                let bound = HttpServer::new(move || App::new().configure(configure.clone()))
                    .workers(1)
                    .disable_signals()
                    .bind(("127.0.0.1", 0));
                match bound {
                    Ok(server) => {
                        let address = server.addrs().first().copied();
                        let server = server.run();
                        let told = address
                            .ok_or_else(|| io::Error::other("no address"))
                            .map(|address| Self {
                                address,
                                handle: server.handle(),
                            });
                        if ready.send(told).is_ok() {
                            // Ends when the handle is dropped; there is nobody left to tell how.
                            let _ = server.await;
                        }
                    }
                    Err(error) => {
                        let _ = ready.send(Err(error));
                    }
                }
            });
        });
        started.recv().map_err(io::Error::other)?
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        // The order to stop is given at once; the future would only wait for it.
        drop(self.handle.stop(false));
    }
}
