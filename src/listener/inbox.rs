//! Takes notifications: judges, saves, answers and only then hands on. One thread, so that order and file have one owner.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use super::Event;
use super::arrival::Arrival;
use super::auth::Refusal;
use super::lanes::{Full, Lanes};
use super::ledger::Ledger;
use super::seen::{Seen, Verdict};
use crate::api::Notification;
use crate::server::{Body, Request, Responder, Response};

/// So many are made durable at once, at most.
const GROUP: usize = 1024;
/// And not many more bytes than this.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// A request that has been let in, and the way to answer it.
pub type Delivery = (Request, Responder);

/// What takes notifications.
pub struct Inbox {
    /// What was seen, the file's notifications included.
    pub seen: Seen,
    /// The file; without one nothing is saved.
    pub ledger: Option<Ledger>,
    /// Where notifications go on to.
    pub outlets: Vec<Outlet>,
    /// Who is told.
    pub events: SyncSender<Event>,
}

/// Where notifications go on to, with the word for it.
pub struct Outlet {
    /// What happens there: "forwarded".
    pub verb: &'static str,
    /// The threads that do it.
    pub lanes: Lanes,
}

/// What is made durable at once and answered then.
#[derive(Default)]
struct Group {
    lines: Vec<u8>,
    responders: Vec<Responder>,
    arrivals: Vec<Arc<Arrival>>,
    repeated: u64,
}

impl Inbox {
    /// Takes notifications until no more can come, and returns where they went on to.
    pub fn run(mut self, deliveries: &Receiver<Delivery>) -> Vec<Outlet> {
        let mut is_broken = false;
        while let Ok(first) = deliveries.recv() {
            if is_broken {
                unavailable(first.1);
                continue;
            }
            let mut group = Group::default();
            self.take(&mut group, first);
            while group.responders.len() < GROUP && group.lines.len() < GROUP_BYTES {
                let Ok(next) = deliveries.try_recv() else {
                    break;
                };
                self.take(&mut group, next);
            }
            if let Err(error) = self.finish(group) {
                is_broken = true;
                self.events.send(Event::Unsaved(error)).ok();
            }
        }
        self.outlets
    }

    /// Reads and judges one; a body that is no notification is answered here.
    fn take(&mut self, group: &mut Group, (request, responder): Delivery) {
        let notification = match Notification::read(&request.body) {
            Ok(notification) => notification,
            Err(error) => {
                let refusal = Refusal::new(400, error.to_string());
                responder.send(refusal.response());
                let told = Event::Refused(request.peer, refusal);
                self.events.send(told).ok();
                return;
            }
        };
        group.responders.push(responder);
        let verdict = self.seen.judge(&notification);
        if verdict == Verdict::Repeated {
            group.repeated += 1;
            return;
        }
        let arrival = Arrival::new(request, notification, verdict == Verdict::Late);
        if self.ledger.is_some()
            && let Ok(line) = arrival.line()
        {
            group.lines.extend(line.as_bytes());
            group.lines.push(b'\n');
        }
        group.arrivals.push(Arc::new(arrival));
    }

    /// Saves, answers, tells and hands on, in this order.
    fn finish(&mut self, group: Group) -> std::io::Result<()> {
        if let Some(ledger) = &mut self.ledger
            && !group.lines.is_empty()
            && let Err(error) = ledger.append(&group.lines)
        {
            group.responders.into_iter().for_each(unavailable);
            return Err(error);
        }
        for responder in group.responders {
            responder.send(Response {
                status: 200,
                headers: Vec::new(),
                body: Body::Bytes(Vec::new()),
            });
        }
        for _ in 0..group.repeated {
            self.events.send(Event::Repeated).ok();
        }
        for arrival in group.arrivals {
            self.events.send(Event::Arrived(Arc::clone(&arrival))).ok();
            for outlet in &self.outlets {
                if let Err(Full) = outlet.lanes.push(Arc::clone(&arrival)) {
                    let told = format!(
                        "{} was not {}: too many are waiting already",
                        arrival.name(),
                        outlet.verb
                    );
                    self.events.send(Event::Trouble(told)).ok();
                }
            }
        }
        Ok(())
    }
}

/// Asks Bango to send it again.
fn unavailable(responder: Responder) {
    responder.send(Refusal::new(503, "notifications cannot be saved at the moment").response());
}
