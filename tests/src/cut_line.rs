//! A line to a server that can be cut and mended: for what happens when the database is gone for a while.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Forwards connections of this machine to another address, until it is cut.
#[derive(Clone)]
pub struct CutLine {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl CutLine {
    /// A line to `target`.
    ///
    /// # Errors
    /// When no port is free.
    pub fn to(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let line = Self {
            address: listener.local_addr()?,
            cut: Arc::default(),
            open: Arc::default(),
        };
        let forwarding = line.clone();
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                if !forwarding.cut.load(Ordering::SeqCst)
                    && let Ok(end) = TcpStream::connect(target)
                {
                    forwarding.join(caller, end);
                }
            }
        });
        Ok(line)
    }

    /// Where callers connect.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Breaks every connection and takes no new one.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for end in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _gone = end.shutdown(Shutdown::Both);
        }
    }

    /// Takes connections again.
    pub fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }

    fn join(&self, caller: TcpStream, target: TcpStream) {
        let ends = [caller, target];
        for (from, to) in [(0, 1), (1, 0)] {
            let (Ok(mut from), Ok(mut to)) = (ends[from].try_clone(), ends[to].try_clone()) else {
                return;
            };
            thread::spawn(move || {
                let mut piece = [0; 16 * 1024];
                while let Ok(length @ 1..) = from.read(&mut piece) {
                    if to.write_all(piece.get(..length).unwrap_or_default()).is_err() {
                        break;
                    }
                }
                let _gone = to.shutdown(Shutdown::Both);
            });
        }
        self.open.lock().unwrap_or_else(PoisonError::into_inner).extend(ends);
    }
}
