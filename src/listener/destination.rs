//! Where notifications go on to: another receiver or a program, each with its queue. It tells how each hand-over went.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use super::event::{Event, HandOverEnd};
use super::exec;
use super::forward::{self, ForwardOptions, Forwarder};
use super::queue::Queue;
use super::received::Received;
use crate::ending::Ending;
use crate::program::Argv;

/// What to hand notifications on to.
#[derive(Default)]
pub struct DestinationOptions {
    /// Where to forward them to.
    pub forward: Vec<ForwardOptions>,
    /// What to run for each, and for how long at most.
    pub exec: Option<(Argv, Duration)>,
}

/// A notification on its way to one destination.
#[derive(Debug)]
pub struct HandOver {
    pub received: Arc<Received>,
    /// Its number in the file of what waits, if there is one.
    pub number: Option<u64>,
}

/// One place that notifications go on to.
#[derive(Debug)]
pub struct Destination {
    name: String,
    queue: Queue<HandOver>,
}

/// What hand-overs tell, and to whom.
#[derive(Clone)]
pub struct Telling {
    pub events: SyncSender<Event>,
    /// Called with the number of a hand-over that was taken, and the place of its destination.
    pub taken: Arc<dyn Fn(u64, usize) + Send + Sync>,
}

impl DestinationOptions {
    /// What tells the destinations apart, also after a restart.
    pub fn names(&self) -> Vec<String> {
        let forward = self.forward.iter().map(|to| to.target.to_string());
        let exec = self.exec.iter().map(|(program, _)| program.words());
        forward.chain(exec).collect()
    }

    /// Starts the threads of each, in the order of the names.
    pub fn start(
        self,
        programs_stopped: &Arc<AtomicBool>,
        telling: &Telling,
    ) -> Result<Vec<Destination>, Ending> {
        let mut all = Vec::new();
        for options in self.forward {
            let (name, shown) = (options.target.to_string(), forward::shown(&options.target));
            let forwarder = Forwarder::new(options, telling.events.clone())?;
            let work = move |received: &Received| forwarder.forward(received);
            let queue = start(forward::THREADS, all.len(), shown, telling, work)?;
            all.push(Destination { name, queue });
        }
        if let Some((program, timeout)) = self.exec {
            let (name, shown) = (program.words(), program.name().to_owned());
            let is_stopped = Arc::clone(programs_stopped);
            let work =
                move |received: &Received| exec::run(&program, timeout, &is_stopped, received);
            let queue = start(exec::THREADS, all.len(), shown, telling, work)?;
            all.push(Destination { name, queue });
        }
        Ok(all)
    }
}

fn start(
    threads: usize,
    place: usize,
    shown: String,
    telling: &Telling,
    work: impl Fn(&Received) -> HandOverEnd + Send + Sync + 'static,
) -> Result<Queue<HandOver>, Ending> {
    let telling = telling.clone();
    let started = Queue::start(threads, move |HandOver { received, number }: &HandOver| {
        let clock = Instant::now();
        let event = match work(received) {
            HandOverEnd::Stopped => return,
            HandOverEnd::Failed(mut why) => {
                if number.is_some() {
                    why += "; it is kept, and tried again at the next start";
                }
                Event::Failed(why)
            }
            HandOverEnd::Taken(how) => {
                if let Some(number) = number {
                    (telling.taken)(*number, place);
                }
                let how = format!("{how} in {} ms", clock.elapsed().as_millis());
                Event::HandedOn {
                    what: received.name(),
                    to: shown.clone(),
                    how,
                }
            }
        };
        telling.events.send(event).ok();
    });
    started.map_err(Ending::machine)
}

impl Destination {
    /// What tells it apart from others.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands a notification over when its turn has come; false if too much is waiting already.
    pub fn push(&self, received: &Arc<Received>, number: Option<u64>) -> bool {
        let key = received.summary.entitlement_id().unwrap_or_default();
        let received = Arc::clone(received);
        let bytes = received.body.len();
        self.queue.push(&key, HandOver { received, number }, bytes)
    }

    /// Waits until all is done, but not longer than until `end`; returns how many are not.
    pub fn finish(&self, end: Instant) -> usize {
        self.queue.finish(end)
    }
}
