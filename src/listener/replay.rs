//! Hands saved notifications on again. It changes nothing in their file, and may be run as often as one likes.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::destination::{Destination, DestinationOptions, Telling};
use super::event::Event;
use super::received::{FileContents, Received};
use super::selection::Selection;
use crate::ending::Ending;
use crate::files::log;

/// How often a full queue is looked at again.
const PAUSE: Duration = Duration::from_millis(10);

/// Which saved notifications, and where they go.
pub struct ReplayOptions {
    /// Statuses and reasons; nothing is all.
    pub only: Selection,
    /// Entitlements; none is all.
    pub ids: Vec<String>,
    /// Those that were received at this time or later.
    pub since: Option<Timestamp>,
    /// Where they go on to.
    pub destinations: DestinationOptions,
}

/// Saved notifications on their way.
pub struct Replay {
    /// What happens, down to [`Event::Closed`].
    pub events: Receiver<Event>,
    is_stopped: Arc<AtomicBool>,
}

impl Replay {
    /// Returns what ends it: programs that run are ended, and nothing more is handed on.
    pub fn stopper(&self) -> impl Fn() + Send + 'static {
        let is_stopped = Arc::clone(&self.is_stopped);
        move || is_stopped.store(true, Ordering::Release)
    }
}

impl ReplayOptions {
    fn takes(&self, received: &Received) -> bool {
        let id = received.summary.entitlement_id().unwrap_or_default();
        self.only.takes(&received.summary)
            && (self.ids.is_empty() || self.ids.iter().any(|wanted| *wanted == id))
            && self.since.is_none_or(|since| received.at >= since)
    }
}

/// Reads the selected notifications of a file, oldest first, until `each` refuses.
pub fn selected(
    file: &Path,
    options: &ReplayOptions,
    mut each: impl FnMut(Received) -> bool,
) -> io::Result<FileContents> {
    let mut found = FileContents::default();
    let mut lines = log::read(file)?;
    let mut goes_on = true;
    let mut take = |line: &[u8]| {
        found.count(line, &mut |saved| {
            let selected = Received::saved(saved).filter(|received| options.takes(received));
            goes_on = selected.is_none_or(&mut each);
        });
        goes_on
    };
    for line in lines.by_ref() {
        if !take(&line?.1) {
            return Ok(found);
        }
    }
    // The last line may lack its end, or be a torn one.
    if Received::read_line(lines.rest()).is_some() {
        take(lines.rest());
    }
    Ok(found)
}

/// Hands the selected notifications on in threads of its own; a full queue is waited for.
pub fn replay(file: &Path, mut options: ReplayOptions) -> Result<Replay, Ending> {
    let (sender, events) = sync_channel(super::EVENTS);
    let is_stopped = Arc::new(AtomicBool::new(false));
    let telling = Telling {
        events: sender.clone(),
        taken: Arc::new(|_, _| {}),
    };
    let destinations = std::mem::take(&mut options.destinations);
    let destinations = destinations.start(&is_stopped, &telling)?;
    let (file, stopped) = (file.to_owned(), Arc::clone(&is_stopped));
    let thread = thread::Builder::new().name("replay".to_owned());
    let started = thread.spawn(move || {
        let stops = || stopped.load(Ordering::Acquire);
        let read = selected(&file, &options, |received| {
            push(&destinations, &Arc::new(received), &stops)
        });
        let told = read.map_or_else(Event::Unsaved, Event::Found);
        sender.send(told).ok();
        let unfinished = finish(&destinations, &stops);
        if unfinished > 0 {
            sender.send(Event::Unfinished(unfinished)).ok();
        }
        sender.send(Event::Closed).ok();
    });
    started.map_err(Ending::machine)?;
    Ok(Replay { events, is_stopped })
}

/// Hands one to every destination, as soon as there is room.
fn push(destinations: &[Destination], received: &Arc<Received>, stops: &impl Fn() -> bool) -> bool {
    for destination in destinations {
        while !destination.push(received, None) {
            if stops() {
                return false;
            }
            thread::sleep(PAUSE);
        }
    }
    !stops()
}

/// Waits until all is handed on; after a stop for what is under way, for a short time.
fn finish(destinations: &[Destination], stops: &impl Fn() -> bool) -> usize {
    loop {
        let end = Instant::now() + super::KILL_TIME;
        let left: usize = destinations.iter().map(|to| to.finish(end)).sum();
        if left == 0 || stops() {
            return left;
        }
    }
}
