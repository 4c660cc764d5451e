//! `listen replay`: hands saved notifications on again, and changes nothing in their file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde_json::json;

use super::notification::{self, Onward};
use crate::api::value;
use crate::context::{self, Context};
use crate::ending::{Code, Ending};
use crate::listener::{self, Event, FileContents, ReplayOptions};
use crate::report::Report;
use crate::terminal::{self, Shown, Terminal};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
    FILE is what listen --save has written; it is not changed, and listen may go on writing it.\n\
    With --dry-run the notifications are shown, and none is handed on.\n\
    The body is the saved JSON in compact form; X-Bango-Ent-Target and X-Bango-Ent-Late are as they were.\n\
    Exit code 40 says that some were not taken; they are told on standard error.\n\n\
    Examples:\n  bango-ent listen replay notifications.jsonl --since 2h --dry-run\n  \
    bango-ent listen replay notifications.jsonl --to http://127.0.0.1:3000/bango\n  \
    bango-ent listen replay notifications.jsonl --to localhost:3000 --reason SUSPENSION_SUCCESS")]
pub struct Args {
    /// The file of saved notifications
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    onward: Onward,

    /// Take only those of this entitlement; may be repeated
    #[arg(long, value_name = "ID", value_parser = value::id)]
    id: Vec<String>,

    /// Take only those received since then: a date, a time, or how long ago (90s, 2h)
    #[arg(long, value_name = "WHEN", value_parser = since)]
    since: Option<Timestamp>,
}

fn since(text: &str) -> Result<Timestamp, String> {
    if let Some(moment) = value::moment(text) {
        return Ok(moment);
    }
    let ago = context::duration(text).ok();
    let now = Timestamp::now();
    ago.and_then(|ago| now.checked_sub(ago).ok()).ok_or_else(|| {
        "it must be a date or time such as 2027-01-31 or 2027-01-31T12:00:00Z, or a time ago such as 2h"
            .to_owned()
    })
}

/// Shows the selected notifications, or hands them on.
pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    let terminal = &cx.terminal;
    if args.onward.is_nowhere() && !cx.is_dry_run() {
        let why = "say where the notifications go: --to URL, or --exec COMMAND";
        return Err(Ending::usage(why).next("--dry-run shows them and hands none on"));
    }
    let (name, only) = (args.file, args.onward.selection(terminal));
    let options = ReplayOptions {
        only,
        ids: args.id,
        since: args.since,
        destinations: args.onward.options(cx, false)?,
    };
    if cx.is_dry_run() {
        return dry_run(cx, &name, &options);
    }
    let running = listener::replay(&name, options)?;
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let (flag, stop) = (Arc::clone(&is_interrupted), running.stopper());
    terminal::on_interrupt(move || {
        flag.store(true, Ordering::Release);
        stop();
    });
    let (mut handed_on, mut failed) = (0_u64, 0_u64);
    for event in &running.events {
        match event {
            Event::HandedOn { what, to, how } => {
                handed_on += 1;
                notification::show_handed_on(terminal, &what, &to, &how);
            }
            Event::Note(text) => terminal.remark(&text),
            Event::Failed(text) => {
                failed += 1;
                terminal.error(&text);
            }
            Event::Unfinished(count) => failed += count as u64,
            Event::Found(found) => check(terminal, &name, &found)?,
            Event::Unsaved(error) => return Err(unreadable(&name, error)),
            Event::Closed => break,
            _ => {}
        }
    }
    let file = name.display().to_string();
    let document = json!({"file": file, "handedOn": handed_on, "failed": failed});
    if handed_on + failed == 0 && !is_interrupted.load(Ordering::Acquire) {
        terminal.warn("nothing in the file fits --id, --since and --only; --dry-run without them shows what there is");
    }
    let told = format!("handed on: {handed_on}; not taken: {failed}");
    let ending = match () {
        () if is_interrupted.load(Ordering::Acquire) => Ending::interrupted(),
        () if failed > 0 => Ending::new(Code::BatchIncomplete, "some notifications were not taken")
            .next("the same command hands all of them on again; --id and --since choose"),
        () => {
            let blocks = Vec::new();
            return Ok(Report::new(Shown { document, blocks }).remark(told));
        }
    };
    let details = Some(json!({"replay": document}));
    Ok(Report::from(Ending { details, ..ending }).remark(told))
}

/// Shows what would be handed on.
fn dry_run(cx: &Context, file: &Path, options: &ReplayOptions) -> Result<Report, Ending> {
    cx.terminal.use_json_lines();
    let (mut count, mut shown) = (0_u64, Ok(()));
    let found = listener::selected(file, options, |received| {
        let line = received.line(&String::from_utf8_lossy(&received.body));
        shown = notification::show(&cx.terminal, &received, line);
        count += 1;
        shown.is_ok()
    });
    let found = found.map_err(|error| unreadable(file, error))?;
    match shown {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Report::default()),
        shown => shown.map_err(Ending::machine)?,
    }
    check(&cx.terminal, file, &found)?;
    let told = format!("dry run: {count} would be handed on");
    Ok(Report::default().remark(told))
}

fn unreadable(file: &Path, error: io::Error) -> Ending {
    let what = format!("{} cannot be read", file.display());
    Ending::failed(what, error)
}

/// Refuses a file of something else.
fn check(terminal: &Terminal, file: &Path, found: &FileContents) -> Result<(), Ending> {
    if found.strange == 0 {
        return Ok(());
    }
    if found.notifications == 0 {
        let why = format!("{} holds something else than notifications", file.display());
        return Err(Ending::new(Code::Bug, why).next("name the file of listen --save"));
    }
    terminal.warn(&format!(
        "lines that are no notifications: {}",
        found.strange
    ));
    Ok(())
}
