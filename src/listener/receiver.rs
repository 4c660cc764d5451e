//! Receives: the server's thread refuses on a request's head; one thread judges, saves and answers, and only then passes on.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender, SyncSender};
use std::time::Duration;

use super::auth::{Auth, Refusal};
use super::dedup::{Dedup, DedupVerdict};
use super::destination::Destination;
use super::event::Event;
use super::forward::shown_name;
use super::reading::Reading;
use super::received::Received;
use super::selection::Selection;
use super::waiting::Waiting;
use crate::ending::in_words;
use crate::files::log::Log;
use crate::server::{Body, BodyPermit, Handler, Request, Responder, Response};

/// So many are made durable at once, at most, and not many more bytes than this.
const GROUP: usize = 1024;
const GROUP_BYTES: usize = 4 * 1024 * 1024;
/// A stranger must not keep a connection for long.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// What the receiver has to do.
pub enum Work {
    /// A request that has been let in, and the way to answer it.
    Request(Request, Responder),
    /// Note that a destination has taken a notification.
    Taken(u64, usize),
    /// No request will come any more.
    NoMore,
    /// Nothing at all will come any more; so many hand-overs have not ended.
    End(usize),
}

/// What the server's thread does: it refuses on the head, or passes the whole request on.
pub struct RequestHandler {
    pub auth: Auth,
    pub work: Sender<Work>,
    pub events: SyncSender<Event>,
}

impl Drop for RequestHandler {
    fn drop(&mut self) {
        self.work.send(Work::NoMore).ok();
    }
}

impl Handler for RequestHandler {
    fn head_timeout(&self) -> Duration {
        HEAD_TIMEOUT
    }

    fn refuse(&self, head: &Request) -> Option<Response> {
        let refusal = self.auth.check(head).err()?;
        let response = refusal.response();
        // If the command has time to hear it: strangers must not be able to hold up the server.
        let told = Event::Refused(head.peer, refusal);
        self.events.try_send(told).ok();
        Some(response)
    }

    fn handle(&self, request: Request, responder: Responder) {
        // A responder that is dropped here answers 500, so that Bango sends again.
        self.work.send(Work::Request(request, responder)).ok();
    }
}

/// Judges, saves and answers, and only then passes on. One thread, so that order and file have one owner.
pub struct Receiver {
    pub dedup: Dedup,
    pub log: Option<Log>,
    pub waiting: Option<Waiting>,
    pub destinations: Vec<Destination>,
    pub only: Selection,
    pub events: SyncSender<Event>,
}

/// What is made durable by one write, and answered then.
#[derive(Default)]
struct WriteGroup {
    bytes: usize,
    lines: Vec<u8>,
    /// The lines of the file of what waits.
    owed: Vec<u8>,
    taken: Vec<(Responder, Option<NewNotification>)>,
}

/// A notification that is no repetition, its line, and its number in the file of what waits.
struct NewNotification {
    received: Received,
    line: String,
    number: Option<u64>,
}

impl Receiver {
    /// Receives until no more can come, hands the destinations back, and notes what they take until the end.
    pub fn run(mut self, work: &mpsc::Receiver<Work>, hand_back: &Sender<Vec<Destination>>) {
        let mut is_broken = false;
        while let Ok(first) = work.recv() {
            let mut group = WriteGroup::default();
            let first_number = self.waiting.as_ref().map_or(0, Waiting::next);
            let mut next = Some(first);
            while let Some(work_item) = next.take() {
                match work_item {
                    Work::Request(_, responder) if is_broken => unavailable(responder),
                    Work::Request(request, responder) => {
                        self.take(&mut group, request, responder);
                    }
                    Work::Taken(number, place) => {
                        if let Some(waiting) = &mut self.waiting {
                            waiting.taken(number, place);
                        }
                    }
                    Work::NoMore => {
                        is_broken |= !self.finish(group, first_number);
                        hand_back.send(std::mem::take(&mut self.destinations)).ok();
                        self.tell(Event::Lost);
                        group = WriteGroup::default();
                    }
                    Work::End(unfinished) => return self.end(unfinished),
                }
                if group.taken.len() < GROUP && group.bytes < GROUP_BYTES {
                    next = work.try_recv().ok();
                }
            }
            is_broken |= !self.finish(group, first_number);
        }
    }

    /// Tells what was not handed on, and whether it is kept.
    fn end(&mut self, unfinished: usize) {
        let Some(waiting) = &mut self.waiting else {
            if unfinished > 0 {
                self.tell(Event::Unfinished(unfinished));
            }
            return;
        };
        let tidied = waiting.tidy();
        let (count, path) = (waiting.count(), waiting.path().to_owned());
        if let Err(error) = tidied {
            let (name, error) = (path.display(), in_words(&error));
            self.tell(Event::Failed(format!(
                "{name} cannot be written: {error}; what was handed on may be handed on again at the next start"
            )));
        }
        if count > 0 {
            self.tell(Event::Kept(count, path));
        }
    }

    /// Reads and judges one; a body that is no notification is answered here.
    fn take(&mut self, group: &mut WriteGroup, request: Request, responder: Responder) {
        group.bytes += request.body.len();
        let reading = match Reading::new(&request.body) {
            Ok(reading) => reading,
            Err(error) => {
                let refusal = Refusal::new(400, error.to_string());
                responder.send(refusal.response());
                self.tell(Event::Refused(request.peer, refusal));
                return;
            }
        };
        let mut received = Received::new(request, reading.summary.clone());
        let verdict = self.dedup.judge(received.at, &received.target, &reading);
        if verdict == DedupVerdict::Repeated {
            group.taken.push((responder, None));
            return;
        }
        if verdict == DedupVerdict::FromTheFuture {
            let name = received.name();
            self.tell(Event::Note(format!(
                "{name}: dateLastUpdated is in the future; it is not used for ordering"
            )));
        }
        received.is_late = verdict == DedupVerdict::Late;
        let line = received.line(&reading.json);
        if self.log.is_some() {
            group.lines.extend(line.as_bytes());
            group.lines.push(b'\n');
        }
        let goes_on = !self.destinations.is_empty() && self.only.takes(&received.summary);
        let places = self.destinations.len();
        let waiting = self.waiting.as_mut().filter(|_| goes_on);
        let number = waiting.map(|it| it.add(&received, places, &mut group.owed));
        if !goes_on {
            received.body = Vec::new();
        }
        let new = NewNotification {
            received,
            line,
            number,
        };
        group.taken.push((responder, Some(new)));
    }

    /// Saves, answers, tells and passes on, in this order; false if it cannot be saved.
    fn finish(&mut self, group: WriteGroup, first: u64) -> bool {
        if let Err(error) = self.save(&group, first) {
            let responders = group.taken.into_iter().map(|(responder, _)| responder);
            responders.for_each(unavailable);
            self.tell(Event::Unsaved(error));
            return false;
        }
        let answered = group.taken.into_iter().map(|(responder, new)| {
            let place = responder.send(Response {
                status: 200,
                headers: Vec::new(),
                body: Body::Bytes(Vec::new()),
            });
            (place, new)
        });
        // All of them are answered before any is passed on.
        for (place, new) in answered.collect::<Vec<_>>() {
            match new {
                None => self.tell(Event::Repeated),
                Some(new) => self.pass_on(new, place),
            }
        }
        true
    }

    /// What waits is written first: what is saved counts as received, and would not be handed on after a crash in between.
    fn save(&mut self, group: &WriteGroup, first: u64) -> io::Result<()> {
        if let Some(waiting) = &mut self.waiting {
            waiting.write(&group.owed, first)?;
        }
        match &mut self.log {
            Some(log) if !group.lines.is_empty() => log.append(&group.lines),
            _ => Ok(()),
        }
    }

    fn pass_on(&self, new: NewNotification, place: BodyPermit) {
        let received = Arc::new(new.received);
        self.tell(Event::Received(Arc::clone(&received), new.line, place));
        if !self.only.takes(&received.summary) {
            return;
        }
        for destination in &self.destinations {
            if !destination.push(&received, new.number) {
                let (name, to) = (received.name(), shown_name(destination.name()));
                let kept = new.number.map_or("", |_| "; it waits for the next start");
                let told =
                    format!("{name} was not handed on to {to}: too many are waiting already{kept}");
                self.tell(Event::Failed(told));
            }
        }
    }

    fn tell(&self, event: Event) {
        self.events.send(event).ok();
    }
}

/// Asks Bango to send it again.
fn unavailable(responder: Responder) {
    responder.send(Refusal::new(503, "notifications cannot be saved at the moment").response());
}
