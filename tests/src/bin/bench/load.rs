//! A light HTTP client: keep-alive connections and ready-made bytes, so that the load costs little beside what it loads.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One connection that asks again and again.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects to `address`.
    pub(crate) async fn connect(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request and answers status and body.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status = text
            .split_whitespace()
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or_default();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap_or(0);
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        Ok((status, self.buffer[head..head + length].to_vec()))
    }

    async fn more(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// A reading request as bytes.
pub(crate) fn reading(path: &str, token: Option<&str>) -> Vec<u8> {
    let bearer = token
        .map(|token| format!("authorization: Bearer {token}\r\n"))
        .unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{bearer}\r\n").into_bytes()
}

/// What a load came to.
pub(crate) struct Measured {
    /// Requests answered as wanted.
    pub(crate) done: u64,
    /// Requests answered otherwise, or not at all.
    pub(crate) refused: u64,
    /// How long it took.
    pub(crate) elapsed: Duration,
    /// Each wanted answer's time in milliseconds.
    pub(crate) milliseconds: Vec<f64>,
}

impl Measured {
    /// Wanted answers a second.
    pub(crate) fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let done = self.done as f64;
        done / self.elapsed.as_secs_f64()
    }
}

/// Runs one client for each token for `length`; `make` builds the next request of a client from its token and a number.
pub(crate) async fn run(
    address: &str,
    tokens: &[String],
    length: Duration,
    wanted: u16,
    make: impl Fn(&str, u64) -> Vec<u8> + Send + Sync + 'static,
) -> std::io::Result<Measured> {
    let (measured, ()) = run_until(address, tokens, None, tokio::time::sleep(length), wanted, make).await?;
    Ok(measured)
}

/// As [`run`], until `end` is there. With `every` each client asks so often and no oftener, and the time of an answer counts
/// from when its request was due: a client that waits for a slow answer does not hide what others would have waited.
pub(crate) async fn run_until<T>(
    address: &str,
    tokens: &[String],
    every: Option<Duration>,
    end: impl Future<Output = T>,
    wanted: u16,
    make: impl Fn(&str, u64) -> Vec<u8> + Send + Sync + 'static,
) -> std::io::Result<(Measured, T)> {
    let make = Arc::new(make);
    let over = Arc::new(AtomicBool::new(false));
    let number = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut clients = Vec::new();
    for (place, token) in (0..).zip(tokens) {
        let mut client = Client::connect(address).await?;
        let (token, make, over, number) = (token.clone(), Arc::clone(&make), Arc::clone(&over), Arc::clone(&number));
        // One after the other, and not all at the same moment.
        let share = every.map(|every| every * place / u32::try_from(tokens.len()).unwrap_or(1));
        clients.push(tokio::spawn(async move {
            let (mut times, mut refused) = (Vec::new(), 0);
            let mut next = Instant::now() + share.unwrap_or_default();
            while !over.load(Ordering::Relaxed) {
                let asked = if every.is_some() {
                    tokio::time::sleep_until(next.into()).await;
                    next
                } else {
                    Instant::now()
                };
                next = asked + every.unwrap_or_default();
                let bytes = make(&token, number.fetch_add(1, Ordering::Relaxed));
                match client.ask(&bytes).await {
                    Ok((status, _)) if status == wanted => times.push(asked.elapsed().as_secs_f64() * 1000.0),
                    Ok(_) => refused += 1,
                    Err(_) => {
                        refused += 1;
                        break;
                    }
                }
            }
            (times, refused)
        }));
    }
    let ended = end.await;
    over.store(true, Ordering::Relaxed);
    let mut measured = Measured {
        done: 0,
        refused: 0,
        elapsed: Duration::ZERO,
        milliseconds: Vec::new(),
    };
    for client in clients {
        if let Ok((times, refused)) = client.await {
            measured.done += times.len() as u64;
            measured.refused += refused;
            measured.milliseconds.extend(times);
        }
    }
    measured.elapsed = started.elapsed();
    Ok((measured, ended))
}
