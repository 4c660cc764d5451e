//! The secret of `listen --auth`, and warnings of whom is let in without one. It receives nothing.

use std::net::IpAddr;
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use crate::ending::Ending;
use crate::listener::AuthScheme;
use crate::profile;
use crate::terminal::Terminal;

const SECRET: &str = "BANGO_LISTEN_SECRET";
/// One that is shorter can be guessed.
const SHORT_SECRET: usize = 16;

/// Fetches the secret; from a file one newline at the end is not part of it.
pub fn secret(
    terminal: &Terminal,
    scheme: AuthScheme,
    file: Option<&Path>,
) -> Result<SecretString, Ending> {
    let failed = |message: String| {
        Ending::configuration(message)
            .next("it is what Bango sends; for --auth basic, user:password")
    };
    let origin = file.map_or_else(|| SECRET.to_owned(), |path| path.display().to_string());
    let secret: SecretString = match file {
        Some(path) => profile::read_secret_file(path)
            .map_err(|why| failed(format!("the secret file {origin} {why}")))?,
        None => std::env::var(SECRET)
            .map_err(|_| {
                failed(format!(
                    "{SECRET} is not set, and no --secret-file is given"
                ))
            })?
            .into(),
    };
    let text = secret.expose_secret();
    let is_basic = scheme == AuthScheme::Basic;
    let wrong = if text.is_empty() {
        "is empty"
    } else if text.chars().any(char::is_control) || text.trim() != text {
        "holds a control character, a second line, or a space at an end"
    } else if is_basic && !text.contains(':') {
        "holds no colon; for --auth basic it is user:password"
    } else {
        let password = text.split_once(':').filter(|_| is_basic);
        if password.map_or(text, |(_, password)| password).len() < SHORT_SECRET {
            terminal.warn(&format!(
                "the secret in {origin} has fewer than {SHORT_SECRET} characters and can be guessed"
            ));
        }
        return Ok(secret);
    };
    Err(failed(format!("the secret in {origin} {wrong}")))
}

/// Warns where others than Bango can send something, or read it.
pub fn warn_of_strangers(terminal: &Terminal, ip: IpAddr, is_open: bool) {
    if !ip.is_loopback() {
        terminal.warn(if is_open {
            "everyone on your network can send notifications here, because there is no --auth"
        } else {
            "notifications and their secret cross your network in the clear; put a proxy with HTTPS before this"
        });
    }
    if is_open && std::env::var_os(SECRET).is_some() {
        terminal.warn(&format!(
            "{SECRET} is set, but without --auth nothing is checked"
        ));
    }
}
