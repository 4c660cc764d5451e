//! One watch of `listen`: shows what comes until something ends it. It decides how it ends, and receives nothing itself.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

use anyhow::{Context as _, anyhow};

use crate::api::types::{Status, field};
use crate::failure::Failure;
use crate::listener::{Arrival, Event, Goals, Progress, Running};
use crate::terminal::{Terminal, Tone};

/// The columns of the longest documented reason and status.
const REASON_WIDTH: usize = 19;
const STATUS_WIDTH: usize = 13;

/// What is shown, and what is waited for.
pub struct Watch<'a> {
    terminal: &'a Terminal,
    goals: Goals,
    save: Option<PathBuf>,
    tally: Tally,
}

/// Why a watch ends.
enum Ending {
    Interrupted,
    TimeOver,
    Reached,
    Lost(String),
    Broken(anyhow::Error),
}

#[derive(Default)]
struct Tally {
    arrived: u64,
    late: u64,
    repeated: u64,
    refused: u64,
}

impl<'a> Watch<'a> {
    /// A watch that nothing has come to yet.
    pub fn new(terminal: &'a Terminal, goals: Goals, save: Option<PathBuf>) -> Self {
        Self {
            terminal,
            goals,
            save,
            tally: Tally::default(),
        }
    }

    /// Shows what comes until the end.
    ///
    /// # Errors
    ///
    /// If something broke, or what was waited for has not come.
    pub fn run(
        mut self,
        running: Running,
        end: Option<Instant>,
        interrupted: &AtomicBool,
    ) -> anyhow::Result<()> {
        let ending = loop {
            if interrupted.load(Ordering::Acquire) {
                break Ending::Interrupted;
            }
            match next(&running.receiver, end) {
                Err(ending) => break ending,
                Ok(event) => {
                    if let Some(ending) = self.tell(event) {
                        break ending;
                    }
                }
            }
        };
        let ending = self.close(running, ending)?;
        self.terminal.remark(&self.tally.words());
        self.result(ending)
    }

    /// Stops the listener and tells what was under way. What is reached meanwhile is reached.
    fn close(&mut self, running: Running, mut ending: Ending) -> anyhow::Result<Ending> {
        let receiver = running.stop()?;
        let mut is_mute = matches!(ending, Ending::Broken(_));
        while let Ok(event) = receiver.recv() {
            match event {
                Event::Closed(0) => break,
                Event::Closed(unfinished) => {
                    let told = format!("not forwarded or run at the end: {unfinished}");
                    self.terminal.error(&told);
                    break;
                }
                Event::Arrived(_) if is_mute => {}
                event => match (self.tell(event), &ending) {
                    (Some(Ending::Broken(error)), _) => {
                        is_mute = true;
                        ending = Ending::Broken(error);
                    }
                    (Some(Ending::Reached), Ending::Interrupted | Ending::TimeOver) => {
                        ending = Ending::Reached;
                    }
                    _ => {}
                },
            }
        }
        Ok(ending)
    }

    fn result(&self, ending: Ending) -> anyhow::Result<()> {
        let failure = match ending {
            Ending::Reached => return Ok(()),
            Ending::Interrupted | Ending::TimeOver if self.goals.is_empty() => return Ok(()),
            Ending::Broken(error) => return Err(error),
            Ending::Interrupted => {
                Failure::Stopped("interrupted before an --until was reached".to_owned())
            }
            Ending::TimeOver => {
                Failure::TimeOver("the time is over and no --until was reached".to_owned())
            }
            Ending::Lost(why) => {
                Failure::Lost(format!("no --until can be reached any more: {why}"))
            }
        };
        Err(failure.into())
    }

    /// Tells one event; returns an ending if it is one.
    fn tell(&mut self, event: Event) -> Option<Ending> {
        match event {
            Event::Arrived(arrival) => {
                self.tally.arrived += 1;
                self.tally.late += u64::from(arrival.late);
                if let Err(error) = self.show(&arrival) {
                    return Some(Ending::Broken(error));
                }
                return match self.goals.look(&arrival) {
                    Progress::Waiting => None,
                    Progress::Reached => Some(Ending::Reached),
                    Progress::Lost(why) => Some(Ending::Lost(why)),
                };
            }
            Event::Repeated => self.tally.repeated += 1,
            Event::Refused(peer, refusal) => {
                self.tally.refused += 1;
                let (status, why) = (refusal.status, &refusal.why);
                let told = format!(
                    "a request from {} was answered with {status}: {why}",
                    peer.ip()
                );
                self.terminal.remark(&told);
            }
            Event::Note(text) => self.terminal.remark(&text),
            Event::Trouble(text) => self.terminal.error(&text),
            Event::Unsaved(error) => {
                let name = self.save.as_deref().unwrap_or("".as_ref()).display();
                return Some(Ending::Broken(anyhow!(
                    "{name} can no longer be written: {error}; what was not saved was answered with 503, so that Bango sends it again"
                )));
            }
            Event::Deaf => {
                let told = anyhow!("the address can no longer be listened on; start listen again");
                return Some(Ending::Broken(told));
            }
            Event::Woken | Event::Closed(_) => {}
        }
        None
    }

    fn show(&self, arrival: &Arrival) -> anyhow::Result<()> {
        let shown = if self.terminal.is_json() {
            self.terminal.print_json(arrival.line()?)
        } else {
            self.show_words(arrival)
        };
        shown.with_context(|| {
            let name = arrival.name();
            format!("{name} was answered with 200 and could not be written to standard output")
        })
    }

    fn show_words(&self, arrival: &Arrival) -> std::io::Result<()> {
        let notification = &arrival.notification;
        let text = |name| notification.text(name).unwrap_or_default();
        let received = arrival.received_at();
        let time = if self.terminal.stdout.is_terminal {
            received.get(11..19).unwrap_or_default()
        } else {
            &received
        };
        let reason = notification.reason().unwrap_or("(no reason)".into());
        let target = if arrival.target == "/" {
            ""
        } else {
            &arrival.target
        };
        self.terminal.show_line(&[
            (time, Tone::Dim, 0),
            (&reason, Tone::Title, REASON_WIDTH),
            (
                &text(field::STATUS),
                tone(notification.status()),
                STATUS_WIDTH,
            ),
            (&text(field::ENTITLEMENT_ID), Tone::Plain, 0),
            (&text(field::CUSTOMER_IDENTIFIER), Tone::Plain, 0),
            (&text(field::PRODUCT_KEY), Tone::Plain, 0),
            (target, Tone::Dim, 0),
            (if arrival.late { "late" } else { "" }, Tone::Warn, 0),
        ])
    }
}

/// Waits for an event, but not beyond the end.
fn next(events: &Receiver<Event>, end: Option<Instant>) -> Result<Event, Ending> {
    let received = match end {
        None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        // A constant stream must not outrun the clock.
        Some(end) if end <= Instant::now() => Err(RecvTimeoutError::Timeout),
        Some(end) => events.recv_timeout(end.saturating_duration_since(Instant::now())),
    };
    received.map_err(|error| match error {
        RecvTimeoutError::Timeout => Ending::TimeOver,
        RecvTimeoutError::Disconnected => Ending::Broken(anyhow!("the listener was lost")),
    })
}

fn tone(status: Option<Status>) -> Tone {
    match status {
        Some(Status::Active) => Tone::Good,
        Some(Status::Revoked | Status::Cancelled | Status::Failed) => Tone::Bad,
        Some(_) => Tone::Warn,
        None => Tone::Plain,
    }
}

impl Tally {
    /// For the end: how many of what there were.
    fn words(&self) -> String {
        let mut words = format!("notifications received: {}", self.arrived);
        for (count, what) in [
            (self.late, "late"),
            (self.repeated, "repetitions, not shown"),
            (self.refused, "refused"),
        ] {
            if count > 0 {
                let _ = write!(words, "; {what}: {count}");
            }
        }
        words
    }
}
