//! `listen`: receives Bango's notifications and shows them, until it is interrupted or an entitlement has come where it should.
//! It decides how that ends, and receives nothing itself.

use std::fmt::Write as _;
use std::io;
use std::iter;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use clap::Subcommand;

use super::listen_secret::{secret, warn_of_strangers};
use super::notification::{self, Onward};
use super::{listen_replay, sandbox};
use crate::api::value::{ip_address, number};
use crate::context::{self, Context};
use crate::ending::{Code, Ending};
use crate::listener::{
    self, AuthScheme, Event, FileContents, Goal, GoalProgress, Goals, Leftover, ListenOptions,
    Received, Refusal, RunningListener, Selection,
};
use crate::report::Report;
use crate::terminal::{self, Terminal};

const SECRET_FILE_HELP: &str =
    "Read the secret of --auth from this file instead of BANGO_LISTEN_SECRET";
/// So many refusals are told one by one within a second.
const REFUSALS_TOLD: u64 = 5;

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
    With --json each notification is one line of JSON; --save keeps the same lines.\n\
    BANGO_LISTEN_SECRET holds the secret of --auth, for basic user:password.\n\
    A repetition is answered and not shown; a notification that is older than one shown before is marked late.\n\
    Exit codes: 0 when an --until is reached, or at Ctrl-C without one; 8 when the time of --for-at-most is over before, \
    9 when no --until can be reached any more.\n\
    --retries and --timeout hold for each notification that is forwarded. With --save, what was not taken there \
    is tried again at the next start. docs/listen.md has the rest.\n\n\
    Examples:\n  bango-ent listen --with-sandbox\n  \
    bango-ent listen --auth basic --save notifications.jsonl\n  \
    bango-ent listen --forward-to http://127.0.0.1:3000/bango\n  \
    bango-ent listen --until 9d6b3a3e-0000-4000-8000-000000000001=ACTIVE --for-at-most 10m"
)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,

    /// Listen on this port; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = listener::PORT, value_parser = number::<u16>)]
    port: u16,

    /// Listen on this IP address; others than loopback let your network in
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = ip_address)]
    host: IpAddr,

    /// Refuse notifications that do not prove themselves in this way
    #[arg(long, value_name = "KIND")]
    auth: Option<AuthScheme>,

    #[arg(long, value_name = "FILE", requires = "auth", help = SECRET_FILE_HELP)]
    secret_file: Option<PathBuf>,

    /// Append each notification to this file, durably and before Bango is answered
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

    #[command(flatten)]
    onward: Onward,

    /// Send the Authorization and X-Api-Key headers on as well
    #[arg(long, requires = "forward_to")]
    forward_auth: bool,

    /// Run a sandbox as well, which sends its notifications here
    #[arg(long, conflicts_with = "auth")]
    with_sandbox: bool,

    /// End when this entitlement has this status; may be repeated, and one is enough
    #[arg(long, value_name = "ID=STATUS", value_parser = Goal::parse)]
    until: Vec<Goal>,

    /// End after this time (60, 90s, 2m)
    #[arg(long, value_name = "TIME", value_parser = context::duration)]
    for_at_most: Option<Duration>,
}

// What can be done besides listening.
#[derive(Debug, Subcommand)]
enum Action {
    /// Hand saved notifications on again
    Replay(Box<listen_replay::Args>),
}

/// Listens, or hands on again what was saved.
pub fn run(cx: &Context, mut args: Args) -> Result<Report, Ending> {
    match args.action.take() {
        Some(Action::Replay(args)) => listen_replay::run(cx, *args),
        None => listen(cx, args),
    }
}

fn listen(cx: &Context, args: Args) -> Result<Report, Ending> {
    let terminal = &cx.terminal;
    terminal.use_json_lines();
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let end = args.for_at_most.map(|time| Instant::now() + time);
    let (goals, save) = (Goals::new(args.until.clone()), args.save.clone());
    let only = args.onward.selection(terminal);
    let (is_open, deeds) = (args.auth.is_none(), deeds(&args, &only));
    let with_sandbox = args.with_sandbox;
    let running = listener::start(options(cx, args, only.clone())?)?;
    let (flag, wake) = (Arc::clone(&is_interrupted), running.waker());
    terminal::on_interrupt(move || {
        flag.store(true, Ordering::Release);
        wake();
    });
    terminal::on_second_interrupt(running.program_stopper());
    let url = format!("http://{}", running.address());
    let sandbox = with_sandbox
        .then(|| sandbox::beside(cx, &url))
        .transpose()?;
    warn_of_strangers(terminal, running.address().ip(), is_open);
    if let Some(path) = &save {
        tell_found(terminal, &running, path);
    }
    terminal.remark(&format!("listening on {url}"));
    terminal.remark(&format!("{deeds}; Ctrl-C ends it"));
    match &sandbox {
        Some(sandbox) => {
            let origin = sandbox.origin();
            terminal.remark(&format!(
                "the sandbox sends its notifications here; its dashboard is at {origin}; in another terminal: \
                 bango-ent --sandbox create --user listener-1 --merchant BANGO --product BangoMusic"
            ));
        }
        None if terminal.stderr.is_terminal => terminal.remark(
            "give this URL to the sandbox as --notification-url; Bango needs one that it can reach",
        ),
        None => {}
    }
    let watch = Watch {
        terminal,
        goals,
        only,
        save,
        counts: Counts::default(),
    };
    watch.run(running, end, &is_interrupted)
}

/// What is done with what comes, for people.
fn deeds(args: &Args, only: &Selection) -> String {
    let which = if only.is_everything() {
        "each notification".to_owned()
    } else {
        format!("what is {}", only.words().join(" or "))
    };
    let save = args.save.as_ref();
    let save = save.map(|file| format!("saved in {}", file.display()));
    let deeds = iter::once("shown".to_owned()).chain(save);
    let mut deeds: Vec<_> = deeds.chain(args.onward.words()).collect();
    let last = deeds.pop().unwrap_or_default();
    if deeds.is_empty() {
        return format!("{which} is {last}");
    }
    format!("{which} is {} and {last}", deeds.join(", "))
}

fn options(cx: &Context, args: Args, only: Selection) -> Result<ListenOptions, Ending> {
    let auth = match args.auth {
        None => None,
        Some(scheme) => {
            let secret = secret(&cx.terminal, scheme, args.secret_file.as_deref())?;
            Some((scheme, secret))
        }
    };
    Ok(ListenOptions {
        address: SocketAddr::new(args.host, args.port),
        auth,
        save: args.save,
        destinations: args.onward.options(cx, args.forward_auth)?,
        only,
    })
}

/// Says what was found in the file, and what an earlier run had not handed on.
fn tell_found(terminal: &Terminal, running: &RunningListener, path: &Path) {
    let name = path.display();
    let FileContents {
        notifications,
        strange,
        torn,
    } = running.found;
    let Leftover {
        again,
        too_many,
        other_destinations,
    } = &running.left;
    let warn_if = |is_so: bool, text: &str| is_so.then(|| terminal.warn(text));
    let remark_if = |is_so: bool, text: &str| is_so.then(|| terminal.remark(text));
    let text = format!("lines in {name} that are no notifications: {strange}");
    warn_if(strange > 0, &text);
    let text = format!("{name} ended in a torn line; {torn} bytes were cut off");
    warn_if(torn > 0, &text);
    let text = format!("notifications in {name}, which are not shown again: {notifications}");
    remark_if(notifications > 0, &text);
    let text = format!("handed on now, because an earlier run could not: {again}");
    remark_if(*again > 0, &text);
    let text = format!("too many wait to be handed on; for the next start: {too_many}");
    warn_if(*too_many > 0, &text);
    for other in other_destinations {
        let other = listener::shown_name(other);
        terminal.warn(&format!(
            "some notifications wait in {name}.waiting for {other}, which this run does not hand on to"
        ));
    }
}

/// What is shown, and what is waited for.
struct Watch<'a> {
    terminal: &'a Terminal,
    goals: Goals,
    only: Selection,
    save: Option<PathBuf>,
    counts: Counts,
}

/// Why listening stops.
enum StopReason {
    Interrupted,
    TimeOver,
    Reached,
    /// Nothing reads standard output any more.
    ReaderLeft,
    Failed(Box<Ending>),
}

impl StopReason {
    /// Whether nothing can be shown or received any more.
    fn is_broken(&self) -> bool {
        match self {
            Self::Failed(ending) => ending.code == Code::Bug,
            stop => matches!(stop, Self::ReaderLeft),
        }
    }
}

impl Watch<'_> {
    /// Shows what comes until the end.
    fn run(
        mut self,
        running: RunningListener,
        end: Option<Instant>,
        is_interrupted: &AtomicBool,
    ) -> Result<Report, Ending> {
        let stop = loop {
            if is_interrupted.load(Ordering::Acquire) {
                break StopReason::Interrupted;
            }
            let told = next(&running.events, end).map(|event| self.tell(event));
            if let Some(stop) = told.unwrap_or_else(Some) {
                break stop;
            }
        };
        let events = running.stop().map_err(Ending::machine)?;
        let stop = self.close(&events, stop);
        self.terminal.remark(&self.counts.words());
        self.ending(stop)
    }

    /// Tells what was under way. What is reached meanwhile is reached.
    fn close(&mut self, events: &Receiver<Event>, mut stop: StopReason) -> StopReason {
        while let Ok(event) = events.recv() {
            match event {
                Event::Closed => break,
                Event::Received(..) if stop.is_broken() => {}
                Event::Lost => {}
                event => match (self.tell(event), &stop) {
                    (Some(StopReason::Reached), StopReason::Interrupted | StopReason::TimeOver) => {
                        stop = StopReason::Reached;
                    }
                    (Some(later), _) if later.is_broken() => stop = later,
                    _ => {}
                },
            }
        }
        stop
    }

    fn ending(&self, stop: StopReason) -> Result<Report, Ending> {
        let (code, message) = match stop {
            StopReason::Failed(ending) => return Err(*ending),
            StopReason::Reached => return Ok(Report::default()),
            _ if self.goals.is_empty() => return Ok(Report::default()),
            StopReason::Interrupted => (Code::Interrupted, "interrupted"),
            StopReason::TimeOver => (Code::NotActive, "the time is over"),
            StopReason::ReaderLeft => (Code::Bug, "standard output was closed"),
        };
        let message = format!("{message} before an --until was reached");
        Err(Ending::new(code, message))
    }

    /// Tells one event; returns why to stop if it is a reason.
    fn tell(&mut self, event: Event) -> Option<StopReason> {
        match event {
            Event::Received(received, line, place) => {
                let stop = self.receive(&received, line);
                drop(place);
                return stop;
            }
            Event::Repeated => self.counts.repeated += 1,
            Event::Refused(peer, refusal) => self.tell_refusal(peer.ip(), &refusal),
            Event::Note(text) => self.terminal.remark(&text),
            Event::Failed(text) => self.terminal.error(&text),
            Event::Unsaved(error) => {
                let name = self.save.as_deref().unwrap_or("".as_ref()).display();
                return Some(broken(format!(
                    "{name} can no longer be written: {error}; what was not saved was answered with 503, so that Bango sends it again"
                )));
            }
            Event::Lost => {
                let told = "the listening socket failed; start listen again";
                return Some(broken(told));
            }
            Event::HandedOn { what, to, how } => {
                notification::show_handed_on(self.terminal, &what, &to, &how);
            }
            Event::Unfinished(count) => {
                let what = match count {
                    1 => "1 notification was".to_owned(),
                    _ => format!("{count} notifications were"),
                };
                let told = format!("{what} not forwarded or handled before the end");
                self.terminal.error(&told);
            }
            Event::Kept(count, path) => self.terminal.warn(&format!(
                "hand-overs that wait in {} for the next start: {count}",
                path.display()
            )),
            Event::Woken | Event::Closed | Event::Found(_) => {}
        }
        None
    }

    fn receive(&mut self, received: &Received, line: String) -> Option<StopReason> {
        self.counts.received += 1;
        self.counts.late += u64::from(received.is_late);
        let is_meant = self.only.takes(&received.summary);
        self.counts.left_out += u64::from(!is_meant);
        let shown = if is_meant {
            notification::show(self.terminal, received, line)
        } else {
            Ok(())
        };
        match shown {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return Some(StopReason::ReaderLeft);
            }
            Err(error) => {
                let name = received.name();
                return Some(broken(format!(
                    "{name} was answered with 200 and could not be written to standard output: {error}"
                )));
            }
        }
        match self.goals.look(received) {
            GoalProgress::Waiting => None,
            GoalProgress::Reached => Some(StopReason::Reached),
            GoalProgress::Lost(why) => {
                let why = format!("no --until can be reached any more: {why}");
                Some(failed(Code::WaitFailed, why))
            }
        }
    }

    /// Tells of a refused request; who guesses secrets must not fill the log.
    fn tell_refusal(&mut self, peer: IpAddr, refusal: &Refusal) {
        let counts = &mut self.counts;
        counts.refused += 1;
        let second = counts.second.get_or_insert_with(Instant::now);
        if second.elapsed() >= Duration::from_secs(1) {
            let untold = counts.refused_in_second.saturating_sub(REFUSALS_TOLD);
            if untold > 0 {
                let told = format!("further requests that were refused: {untold}");
                self.terminal.remark(&told);
            }
            (*second, counts.refused_in_second) = (Instant::now(), 0);
        }
        counts.refused_in_second += 1;
        if counts.refused_in_second <= REFUSALS_TOLD {
            let (status, why) = (refusal.status, &refusal.why);
            let told = format!("a request from {peer} was answered with {status}: {why}");
            self.terminal.remark(&told);
        }
    }
}

fn broken(why: impl Into<String>) -> StopReason {
    failed(Code::Bug, why)
}

fn failed(code: Code, why: impl Into<String>) -> StopReason {
    StopReason::Failed(Box::new(Ending::new(code, why)))
}

/// Waits for an event, but not beyond the end.
fn next(events: &Receiver<Event>, end: Option<Instant>) -> Result<Event, StopReason> {
    let left = end.map_or(Duration::MAX, |end| {
        end.saturating_duration_since(Instant::now())
    });
    if left.is_zero() {
        // A constant stream must not outrun the clock.
        return Err(StopReason::TimeOver);
    }
    events.recv_timeout(left).map_err(|error| match error {
        RecvTimeoutError::Timeout => StopReason::TimeOver,
        RecvTimeoutError::Disconnected => broken("the listener was lost"),
    })
}

/// How many of what there were.
#[derive(Default)]
struct Counts {
    received: u64,
    late: u64,
    repeated: u64,
    left_out: u64,
    refused: u64,
    /// Since when refusals are counted, for a second, and how many there were.
    second: Option<Instant>,
    refused_in_second: u64,
}

impl Counts {
    /// For the end.
    fn words(&self) -> String {
        let mut words = format!("notifications received: {}", self.received);
        for (count, what) in [
            (self.late, "late"),
            (self.repeated, "repetitions, not shown"),
            (self.left_out, "not shown because of --only"),
            (self.refused, "refused"),
        ] {
            if count > 0 {
                let _ = write!(words, "; {what}: {count}");
            }
        }
        words
    }
}
