//! A small HTTP server: one handler, stopped on drop. The only folder that names the HTTP server library; it knows nothing of Bango.

mod connection;
mod message;

pub use message::{BODY_LIMIT, Body, BodyPermit, Handler, Request, Responder, Response};

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::watch;

/// A running server. Dropping it refuses new connections, lets answers under way finish for up to two seconds and ends.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on `address` (port 0 picks a free one) and hands every request to `handler`.
    pub fn start(address: SocketAddr, handler: impl Handler) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let (stop, stopped) = watch::channel(());
        let handler: Arc<dyn Handler> = Arc::new(handler);
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let thread = std::thread::Builder::new()
            .name("http".to_owned())
            .spawn(move || runtime.block_on(connection::accept(listener, handler, stopped)))?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns the address that is really bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_peer_gets_its_connections_back_after_its_handlers_have_panicked() {
        let handle = |request: Request, responder: Responder| {
            if request.path == "/panic" {
                // Without the hook, and so without a word on standard error.
                std::panic::resume_unwind(Box::new(()));
            }
            responder.send(Response::new(200, "text/plain", ""));
        };
        let server = Server::start(([127, 0, 0, 1], 0).into(), handle).unwrap();
        let ask = |path: &str| {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).ok();
            answer
        };
        for _ in 0..connection::LOOPBACK_LIMIT {
            assert_eq!(ask("/panic"), "");
        }
        assert!(ask("/").starts_with("HTTP/1.1 200 "));
    }
}
