//! `sandbox requests` and `sandbox notifications`: what a running sandbox was asked and what it has posted, to look at and to assert on.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use serde_json::Value;

use super::control::{Target, find};
use crate::commands::fields;
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::sandbox::with_query;
use crate::terminal::{Block, Cell, Shown, Tone, counted};

/// How often `--follow` looks.
const PAUSE: Duration = Duration::from_millis(300);
/// How many notifications `--follow` looks at again, since they change while they are tried.
const WATCHED: usize = 200;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Of this user (customerIdentifier)
    #[arg(long, visible_alias = "user", value_name = "ID", value_parser = fields::id)]
    customer: Option<String>,

    /// Of this entitlement
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    id: Option<String>,

    /// From this time on: a date or time of the sandbox's clock, or how long ago (90s, 2m, 1h)
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// The newest N
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    limit: usize,

    /// Go on with what comes, a line each, until Ctrl-C
    #[arg(long, conflicts_with = "clear")]
    follow: bool,

    /// Forget them, so that the next test begins with none
    #[arg(long, conflicts_with_all = ["customer", "id", "since"])]
    clear: bool,

    // No comment for people here: it would replace the command's own sentence.
    #[command(flatten)]
    target: Target,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Requests,
    Notifications,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Notifications => "notifications",
        }
    }
}

/// Lists, follows or clears.
pub fn run(cx: &Context, kind: Kind, args: &Args) -> Result<Report, Ending> {
    let path = format!("/_sandbox/{}", kind.name());
    let sandbox = find(cx, &args.target)?;
    if args.clear {
        if cx.is_dry_run() {
            return Ok(Report::dry_run("forgotten", []));
        }
        let done = sandbox.delete(&path)?;
        let count = done["cleared"].as_u64().unwrap_or(0);
        let noun = kind.name().trim_end_matches('s');
        return Ok(Report::told(
            done,
            format!("{} forgotten", counted(count, noun)),
        ));
    }
    let list = |after: u64, limit: usize| {
        Ok(sandbox.get(&with_query(
            &path,
            &[
                ("customer", args.customer.clone().unwrap_or_default()),
                ("id", args.id.clone().unwrap_or_default()),
                ("since", args.since.clone().unwrap_or_default()),
                ("after", after.to_string()),
                ("limit", limit.to_string()),
            ],
        ))?)
    };
    if args.follow {
        return follow(cx, kind, args.limit, &list);
    }
    let document = list(0, args.limit)?;
    let blocks = blocks(kind, rows(kind, &document));
    let is_empty = blocks.is_empty();
    let report = Report::new(Shown { document, blocks });
    Ok(if is_empty {
        report.remark(format!("there are no {} that fit", kind.name()))
    } else {
        report
    })
}

/// Shows what there is and then what comes; a notification again after each try.
fn follow(
    cx: &Context,
    kind: Kind,
    first: usize,
    list: &dyn Fn(u64, usize) -> Result<Value, Ending>,
) -> Result<Report, Ending> {
    cx.terminal.use_json_lines();
    let (mut newest, mut limit) = (0, first);
    let mut tries = HashMap::new();
    loop {
        for row in rows(kind, &list(newest, limit)?) {
            let number = row["number"].as_u64().unwrap_or(0);
            if kind == Kind::Requests {
                newest = newest.max(number);
            } else if tries.insert(number, row["tries"].clone()) == Some(row["tries"].clone()) {
                continue;
            }
            match show_row(cx, kind, row) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    return Ok(Report::default());
                }
                shown => shown.map_err(Ending::machine)?,
            }
        }
        limit = if kind == Kind::Requests {
            usize::MAX
        } else {
            WATCHED
        };
        std::thread::sleep(PAUSE);
    }
}

fn show_row(cx: &Context, kind: Kind, row: &Value) -> io::Result<()> {
    if cx.terminal.is_json() {
        return cx.terminal.print_document(row);
    }
    let words = words(kind, row);
    let words: Vec<_> = words
        .iter()
        .map(|(text, tone)| (text.as_str(), *tone, 0))
        .collect();
    cx.terminal.show_line(&words)
}

fn rows(kind: Kind, document: &Value) -> &[Value] {
    document[kind.name()].as_array().map_or(&[], Vec::as_slice)
}

/// The list as a person sees it.
fn blocks(kind: Kind, rows: &[Value]) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let cells = |row| {
        let words = words(kind, row).into_iter();
        words.map(|(text, tone)| Cell::toned(text, tone)).collect()
    };
    let heading = match kind {
        Kind::Requests => vec![
            "#", "Time", "Request", "Path", "User", "Answer", "Status", "Why",
        ],
        Kind::Notifications => vec![
            "#",
            "Time",
            "Reason",
            "User",
            "Entitlement",
            "State",
            "Last try",
        ],
    };
    let spare: &[&str] = match kind {
        Kind::Requests => &["Status", "Path", "Time"],
        Kind::Notifications => &["Time", "Entitlement"],
    };
    vec![Block::Table {
        heading,
        rows: rows.iter().map(cells).collect(),
        spare,
    }]
}

/// What a person sees of a request or a notification.
fn words(kind: Kind, row: &Value) -> Vec<(String, Tone)> {
    let text = |pointer: &str| match row.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let plain = |pointer| (text(pointer), Tone::Plain);
    let (number, time) = ((text("/number"), Tone::Dim), (text("/time"), Tone::Dim));
    if kind == Kind::Notifications {
        let tone = match text("/state").as_str() {
            "delivered" => Tone::Good,
            "waiting" => Tone::Warn,
            _ => Tone::Bad,
        };
        let last = row["attempts"]
            .as_array()
            .and_then(|attempts| attempts.last());
        let last = last.map_or_else(String::new, |attempt| {
            match attempt["httpStatus"].as_u64() {
                Some(status) => format!("HTTP {status}"),
                None => attempt["problem"].as_str().unwrap_or_default().to_owned(),
            }
        });
        return vec![
            number,
            time,
            (text("/notificationReason"), Tone::Title),
            plain("/customerIdentifier"),
            plain("/entitlementId"),
            (text("/state"), tone),
            (last, Tone::Plain),
        ];
    }
    let is_good = row
        .pointer("/answer/httpStatus")
        .and_then(Value::as_u64)
        .is_some_and(|status| status < 400);
    let answer = match (text("/answer/responseCode"), text("/answer/httpStatus")) {
        (code, status) if status.is_empty() => format!("{code} (not sent)"),
        (code, status) if code.is_empty() => status,
        (code, _) => code,
    };
    let why = if is_good {
        String::new()
    } else {
        text("/answer/responseMessage")
    };
    let operation = match text("/operation") {
        name if name.is_empty() => text("/request/method"),
        name => name,
    };
    vec![
        number,
        time,
        (operation, Tone::Title),
        plain("/request/path"),
        plain("/customerIdentifier"),
        (answer, if is_good { Tone::Good } else { Tone::Bad }),
        plain("/answer/status"),
        (why, Tone::Plain),
    ]
}
