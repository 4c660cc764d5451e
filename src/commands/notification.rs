//! What `listen` and `listen replay` share: where notifications go on to, and how one of them and its hand-overs are shown.

use std::io;
use std::time::Duration;

use url::Url;

use super::entitlement::tone;
use crate::api::BaseUrl;
use crate::api::types::{Status, field};
use crate::context::{self, Argv, Context};
use crate::ending::Ending;
use crate::glossary::NOTIFICATION_REASONS;
use crate::listener::{
    self, DestinationOptions, FORWARD_THREADS, ForwardOptions, Received, Selection,
};
use crate::terminal::{Terminal, Tone};

/// The columns of the longest documented reason and status.
const REASON_WIDTH: usize = 19;
const STATUS_WIDTH: usize = 13;

// Where notifications go on to.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Onward {
    /// Send each notification on to this URL, unchanged; may be repeated
    #[arg(long, visible_alias = "to", value_name = "URL", value_parser = listener::target)]
    forward_to: Vec<Url>,

    /// Send this header with what is sent on; its value is never shown; may be repeated
    // Read by `options`: what clap says about a mistake would hold the value.
    #[arg(long, value_name = "NAME=VALUE", requires = "forward_to")]
    header: Vec<String>,

    /// Run this program for each notification, which it reads from standard input; no shell
    #[arg(long, value_name = "COMMAND", value_parser = Argv::parse)]
    exec: Option<Argv>,

    /// End a program of --exec after this time (60, 90s, 2m)
    #[arg(long, value_name = "TIME", default_value = "60s", requires = "exec", value_parser = context::duration)]
    exec_timeout: Duration,

    /// Show and hand on only what has this status or reason; may be repeated
    #[arg(long, value_name = "STATUS|REASON", visible_alias = "reason", value_parser = word)]
    only: Vec<String>,
}

fn word(text: &str) -> Result<String, &'static str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if text.is_empty() || !text.chars().all(is_word) {
        return Err("it must be a status such as ACTIVE, or a reason such as ACTIVATION_SUCCESS");
    }
    Ok(text.to_owned())
}

impl Onward {
    /// Whether notifications go anywhere.
    pub fn is_nowhere(&self) -> bool {
        self.forward_to.is_empty() && self.exec.is_none()
    }

    /// Where they go, for people.
    pub fn words(&self) -> Vec<String> {
        let forward = self.forward_to.iter().map(listener::shown_target);
        let forward = forward.map(|url| format!("sent on to {url}"));
        let exec = self
            .exec
            .iter()
            .map(|program| format!("given to {}", program.name()));
        forward.chain(exec).collect()
    }

    /// Which ones are meant; a word that Bango does not document is warned about.
    pub fn selection(&self, terminal: &Terminal) -> Selection {
        for word in &self.only {
            let upper = word.to_ascii_uppercase();
            let is_reason = NOTIFICATION_REASONS.iter().any(|(name, _)| *name == upper);
            if !is_reason && Status::parse(&upper).is_none() {
                terminal.warn(&format!(
                    "Bango documents no status and no reason {word}; it is looked for as it stands"
                ));
            }
        }
        Selection::new(self.only.clone())
    }

    /// Makes what the listener needs of the flags.
    pub fn options(
        self,
        cx: &Context,
        with_credentials: bool,
    ) -> Result<DestinationOptions, Ending> {
        let headers = self.header.iter().map(|text| listener::header(text));
        let headers: Vec<_> = headers.collect::<Result<_, _>>().map_err(Ending::usage)?;
        if let Some(program) = self.exec.as_ref().and_then(Argv::missing) {
            let told = format!("the program {program} of --exec is not found now");
            cx.terminal.warn(&told);
        }
        let mut forward: Vec<ForwardOptions> = Vec::new();
        for target in self.forward_to {
            if forward.iter().any(|other| other.target == target) {
                continue;
            }
            let origin = target.origin().ascii_serialization();
            let origin = BaseUrl::parse(&origin).map_err(Ending::usage)?;
            forward.push(ForwardOptions {
                network: cx.network(&origin, FORWARD_THREADS)?,
                target,
                policy: cx.policy(),
                timeout: cx.globals.timeout,
                with_credentials,
                headers: headers.clone(),
            });
        }
        Ok(DestinationOptions {
            forward,
            exec: self.exec.map(|program| (program, self.exec_timeout)),
        })
    }
}

/// Shows a notification as one row; `line` is the same as JSON.
pub fn show(terminal: &Terminal, received: &Received, line: String) -> io::Result<()> {
    if terminal.is_json() {
        return terminal.print_json(line);
    }
    let summary = &received.summary;
    let text = |name| summary.text(name).unwrap_or_default();
    let at = received.received_at();
    let time = if terminal.stdout.is_terminal {
        at.get(11..19).unwrap_or_default()
    } else {
        &at
    };
    let reason = summary.reason().unwrap_or("(no reason)".into());
    let target = Some(received.target.as_str()).filter(|target| *target != "/");
    let late = if received.is_late { "late" } else { "" };
    terminal.show_line(&[
        (time, Tone::Dim, 0),
        (&reason, Tone::Title, REASON_WIDTH),
        (&text(field::STATUS), tone(summary.status()), STATUS_WIDTH),
        (&text(field::ENTITLEMENT_ID), Tone::Plain, 0),
        (&text(field::CUSTOMER_IDENTIFIER), Tone::Plain, 0),
        (&text(field::PRODUCT_KEY), Tone::Plain, 0),
        (target.unwrap_or_default(), Tone::Dim, 0),
        (late, Tone::Warn, 0),
    ])
}

/// Shows that a notification has gone on.
pub fn show_handed_on(terminal: &Terminal, what: &str, to: &str, how: &str) {
    terminal.event(&[
        ("\u{2192}", Tone::Dim),
        (how, Tone::Good),
        (what, Tone::Plain),
        (to, Tone::Dim),
    ]);
}
