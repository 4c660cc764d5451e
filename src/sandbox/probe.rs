//! Finds out who already listens on an address. It sends one request and changes nothing.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::page::SERVER;

/// Who listens on an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Neighbour {
    /// Nobody.
    Nobody,
    /// A sandbox, of any version.
    Sandbox,
    /// Something else, or something that does not answer.
    Stranger,
}

const PATIENCE: Duration = Duration::from_secs(2);

/// Asks whoever listens on `address` for `/icon.svg`, and knows a sandbox by the `Server` header of its answer.
#[must_use]
pub fn probe(address: SocketAddr) -> Neighbour {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, PATIENCE) else {
        return Neighbour::Nobody;
    };
    match ask(&mut stream, address) {
        Ok(head) if is_sandbox(&head) => Neighbour::Sandbox,
        _ => Neighbour::Stranger,
    }
}

fn ask(stream: &mut TcpStream, address: SocketAddr) -> std::io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "HEAD /icon.svg HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while head.len() < 8 * 1024 && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => break,
            count => head.extend_from_slice(&piece[..count]),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn is_sandbox(head: &str) -> bool {
    let name = SERVER.split('/').next().unwrap_or(SERVER);
    head.lines().any(|line| {
        line.split_once(':').is_some_and(|(header, value)| {
            header.eq_ignore_ascii_case("server") && value.trim().starts_with(name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_is_known_by_its_server_header() {
        assert!(is_sandbox(&format!(
            "HTTP/1.1 200 OK\r\nServer: {SERVER}\r\n\r\n"
        )));
        assert!(is_sandbox(
            "HTTP/1.1 421 x\r\nserver: bango-ent-sandbox/9\r\n"
        ));
        assert!(!is_sandbox(
            "HTTP/1.1 200 OK\r\nServer: nginx\r\nX: bango-ent-sandbox/1\r\n"
        ));
    }
}
