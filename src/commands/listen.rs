//! `listen`: receives Bango's notifications until it is interrupted, or until an entitlement has come where it should.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::watch::Watch;
use crate::api::BaseUrl;
use crate::context::{self, Context};
use crate::ending::Ending;
use crate::listener::{
    self, AuthScheme, FORWARD_THREADS, Forward, Found, Goal, Goals, Program, Running, Target,
};
use crate::terminal::{self, Terminal};

const SECRET: &str = "BANGO_LISTEN_SECRET";
const SECRET_FILE_HELP: &str =
    "Read the secret of --auth from this file instead of BANGO_LISTEN_SECRET";
/// No secret is longer than this, in bytes.
const LONGEST_SECRET: usize = 4096;

/// The flags of `listen`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
    With --json each notification is one line of JSON; --save keeps the same lines.\n\
    BANGO_LISTEN_SECRET holds the secret of --auth, for basic user:password.\n\
    A repetition is answered and not shown; a notification that is older than one shown before is marked late.\n\
    Exit codes: 0 at Ctrl-C or when an --until is reached, 8 when the time of --for-at-most is over before, \
    9 when no --until can be reached any more.\n\
    --retries and --timeout hold for each notification that is forwarded. docs/listen.md has the rest.\n\n\
    Examples:\n  bango-ent listen\n  \
    bango-ent listen --auth basic --save notifications.jsonl\n  \
    bango-ent listen --forward-to http://127.0.0.1:3000/bango\n  \
    bango-ent listen --until 9d6b3a3e-0000-4000-8000-000000000001=ACTIVE --for-at-most 10m")]
pub struct Args {
    /// Listen on this port; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = listener::PORT)]
    port: u16,

    /// Listen on this IP address; others than loopback let your network in
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,

    /// Refuse notifications that do not prove themselves in this way
    #[arg(long, value_name = "KIND")]
    auth: Option<AuthScheme>,

    #[arg(long, value_name = "FILE", requires = "auth", help = SECRET_FILE_HELP)]
    secret_file: Option<PathBuf>,

    /// Append each notification to this file, durably and before Bango is answered
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

    /// Send each notification on to this URL, unchanged
    #[arg(long, value_name = "URL", value_parser = Target::parse)]
    forward_to: Option<Target>,

    /// Send the Authorization and X-Api-Key headers on as well
    #[arg(long, requires = "forward_to")]
    forward_auth: bool,

    /// Run this program for each notification, which it reads from standard input; no shell
    #[arg(long, value_name = "COMMAND", value_parser = command_line)]
    exec: Option<CommandLine>,

    /// End when this entitlement has this status; may be repeated, and one is enough
    #[arg(long, value_name = "ID=STATUS", value_parser = Goal::parse)]
    until: Vec<Goal>,

    /// End after this time (60, 90s, 2m)
    #[arg(long, value_name = "TIME", value_parser = context::duration)]
    for_at_most: Option<Duration>,
}

/// A program and its arguments.
#[derive(Debug, Clone)]
struct CommandLine(Vec<String>);

fn command_line(text: &str) -> Result<CommandLine, &'static str> {
    let words = shlex::split(text).ok_or("a quote is not closed")?;
    if words.is_empty() {
        return Err("it names no program");
    }
    Ok(CommandLine(words))
}

/// Listens.
///
/// # Errors
///
/// If it cannot listen, save or print, or ends without what `--until` waits for.
pub fn run(cx: &Context, args: Args) -> anyhow::Result<()> {
    let terminal = &cx.terminal;
    terminal.use_json_lines();
    let interrupted = Arc::new(AtomicBool::new(false));
    let goals = Goals::new(args.until.clone());
    let end = args.for_at_most.map(|time| Instant::now() + time);
    let save = args.save.clone();
    let is_open = args.auth.is_none();
    let running = listener::start(options(cx, args)?).map_err(explain)?;
    let (flag, wake) = (Arc::clone(&interrupted), running.waker());
    terminal::on_interrupt(move || {
        flag.store(true, Ordering::Release);
        wake();
    });
    greet(terminal, &running, is_open, save.as_deref());
    Watch::new(terminal, goals, save).run(running, end, &interrupted)
}

fn options(cx: &Context, args: Args) -> anyhow::Result<listener::Options> {
    let auth = match args.auth {
        None => None,
        Some(kind) => Some((kind, secret(kind, args.secret_file.as_deref())?)),
    };
    let forward = match args.forward_to {
        None => None,
        Some(target) => {
            let origin = BaseUrl::parse(&target.origin()).map_err(Ending::usage)?;
            Some(Forward {
                network: cx.network(&origin, FORWARD_THREADS)?,
                target,
                policy: cx.policy(),
                timeout: cx.timeout(),
                with_credentials: args.forward_auth,
            })
        }
    };
    Ok(listener::Options {
        address: SocketAddr::new(args.host, args.port),
        auth,
        save: args.save,
        forward,
        program: args.exec.map(|CommandLine(argv)| Program {
            argv,
            hidden: vec![SECRET],
        }),
    })
}

/// Fetches the secret; from a file one newline at the end is not part of it.
fn secret(kind: AuthScheme, file: Option<&Path>) -> Result<SecretString, Ending> {
    let failed = |message: String| {
        Ending::configuration(message)
            .next("it is what Bango sends; for --auth basic, user:password")
    };
    let origin = file.map_or_else(|| SECRET.to_owned(), |path| path.display().to_string());
    let text = match file {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|e| failed(format!("the secret file {origin} cannot be read: {e}")))?,
        None => std::env::var(SECRET).map_err(|_| {
            failed(format!(
                "{SECRET} is not set, and no --secret-file is given"
            ))
        })?,
    };
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let wrong = if text.is_empty() {
        "is empty"
    } else if text.len() > LONGEST_SECRET {
        "is too long to be a secret"
    } else if text.chars().any(char::is_control) || text.trim() != text {
        "holds a control character, a second line, or a space at an end"
    } else if matches!(kind, AuthScheme::Basic) && !text.contains(':') {
        "holds no colon; for --auth basic it is user:password"
    } else {
        return Ok(text.into());
    };
    Err(failed(format!("the secret in {origin} {wrong}")))
}

/// Says where notifications are taken, and what the user should know about that.
fn greet(terminal: &Terminal, running: &Running, is_open: bool, save: Option<&Path>) {
    let address = running.address();
    if !address.ip().is_loopback() {
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
    if let Some(path) = save {
        let name = path.display();
        let Found {
            notifications,
            strange,
            torn,
        } = running.found;
        if strange > 0 {
            terminal.warn(&format!(
                "lines in {name} that are no notifications: {strange}"
            ));
        }
        if torn > 0 {
            terminal.warn(&format!(
                "{name} ended in a torn line; {torn} bytes were cut off"
            ));
        }
        if notifications > 0 {
            terminal.remark(&format!(
                "notifications in {name}, which are not shown again: {notifications}"
            ));
        }
    }
    terminal.remark(&format!("listening on http://{address}"));
}

/// Says what to do about a port that is taken.
fn explain(error: anyhow::Error) -> anyhow::Error {
    let is_taken = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::AddrInUse;
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    if causes.any(is_taken) {
        return error
            .context("something else listens there already; choose another port with --port");
    }
    error
}
