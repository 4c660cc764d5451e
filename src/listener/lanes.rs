//! Work on notifications beside their receipt: some at the same time, those of one entitlement one after the other. It knows not what the work is.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::arrival::Arrival;

/// What may wait, in bytes; the bodies count, and something for each notification.
const CAPACITY: usize = 64 * 1024 * 1024;
const OVERHEAD: usize = 1024;

/// A few threads and what waits for them.
#[derive(Debug)]
pub struct Lanes(Arc<Shared>);

/// Too much is waiting already.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// What waits, by entitlement; one that is being worked on has an entry, which may be empty.
    waiting: HashMap<String, VecDeque<Arc<Arrival>>>,
    /// The entitlements that something waits for and nobody works on.
    ready: VecDeque<String>,
    /// How many wait or are being worked on.
    count: usize,
    bytes: usize,
    closed: bool,
}

impl Lanes {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// If a thread cannot be started.
    pub fn start<W>(threads: usize, work: W) -> io::Result<Self>
    where
        W: Fn(&Arrival) + Send + Sync + 'static,
    {
        let (shared, work) = (Arc::<Shared>::default(), Arc::new(work));
        for _ in 0..threads {
            let (shared, work) = (Arc::clone(&shared), Arc::clone(&work));
            std::thread::Builder::new()
                .name("lane".to_owned())
                .spawn(move || {
                    while let Some((key, arrival)) = shared.take() {
                        work(&arrival);
                        shared.done(key, &arrival);
                    }
                })?;
        }
        Ok(Self(shared))
    }

    /// Hands over one notification.
    ///
    /// # Errors
    ///
    /// If too much is waiting; it is not taken then.
    pub fn push(&self, arrival: Arc<Arrival>) -> Result<(), Full> {
        let key = arrival.notification.entitlement_id();
        let key = key.unwrap_or_default().into_owned();
        let mut state = self.0.lock();
        if state.bytes > CAPACITY {
            return Err(Full);
        }
        state.bytes += weight(&arrival);
        state.count += 1;
        if let Some(others) = state.waiting.get_mut(&key) {
            others.push_back(arrival);
        } else {
            state.waiting.insert(key.clone(), VecDeque::from([arrival]));
            state.ready.push_back(key);
        }
        self.0.changed.notify_all();
        Ok(())
    }

    /// Waits until all is done, but not longer than until `end`; returns how many are not.
    #[must_use]
    pub fn finish(&self, end: Instant) -> usize {
        let mut state = self.0.lock();
        state.closed = true;
        self.0.changed.notify_all();
        while state.count > 0 {
            let left = end.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                break;
            }
            let waited = self.0.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.count
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to do; nothing once all is done and nothing more will come.
    fn take(&self) -> Option<(String, Arc<Arrival>)> {
        let mut state = self.lock();
        loop {
            if let Some(key) = state.ready.pop_front()
                && let Some(arrival) = state.waiting.get_mut(&key).and_then(VecDeque::pop_front)
            {
                return Some((key, arrival));
            }
            if state.closed && state.count == 0 {
                return None;
            }
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, key: String, arrival: &Arrival) {
        let mut state = self.lock();
        state.count -= 1;
        state.bytes -= weight(arrival);
        if state.waiting.get(&key).is_some_and(VecDeque::is_empty) {
            state.waiting.remove(&key);
        } else {
            state.ready.push_back(key);
        }
        self.changed.notify_all();
    }
}

fn weight(arrival: &Arrival) -> usize {
    arrival.body.len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Notification;
    use crate::server::Request;

    fn arrival(entitlement: usize, body: Vec<u8>) -> Arc<Arrival> {
        let request = Request {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: None,
            headers: Vec::new(),
            body,
            peer: ([127, 0, 0, 1], 1).into(),
        };
        let text = format!("{{\"entitlementId\":\"e{entitlement}\"}}");
        let notification = Notification::read(text.as_bytes()).unwrap();
        Arc::new(Arrival::new(request, notification, false))
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(10)
    }

    #[test]
    fn those_of_one_entitlement_are_done_in_order_and_none_is_left() {
        let done = Arc::new(Mutex::new(HashMap::<String, Vec<u8>>::new()));
        let noted = Arc::clone(&done);
        let lanes = Lanes::start(4, move |arrival| {
            let id = arrival.notification.entitlement_id().unwrap().into_owned();
            noted
                .lock()
                .unwrap()
                .entry(id)
                .or_default()
                .push(arrival.body[0]);
        })
        .unwrap();
        for number in 0..100 {
            for entitlement in 0..7 {
                lanes.push(arrival(entitlement, vec![number])).unwrap();
            }
        }
        assert_eq!(lanes.finish(soon()), 0);
        let done = done.lock().unwrap();
        assert_eq!(done.len(), 7);
        let expected: Vec<u8> = (0..100).collect();
        assert!(done.values().all(|numbers| *numbers == expected));
    }

    #[test]
    fn others_are_not_held_up_by_one_entitlement() {
        let (gate, opened) = std::sync::mpsc::channel::<()>();
        let (sender, finished) = std::sync::mpsc::channel();
        let opened = Mutex::new(opened);
        let lanes = Lanes::start(2, move |arrival| {
            if arrival.body == b"slow" {
                opened.lock().unwrap().recv().ok();
            }
            sender.send(arrival.body.clone()).unwrap();
        })
        .unwrap();
        lanes.push(arrival(1, b"slow".to_vec())).unwrap();
        lanes.push(arrival(1, b"after".to_vec())).unwrap();
        lanes.push(arrival(2, b"other".to_vec())).unwrap();
        assert_eq!(finished.recv().unwrap(), b"other");
        assert!(lanes.finish(Instant::now()) >= 2, "slow and after");
        drop(gate);
        assert_eq!(finished.recv().unwrap(), b"slow");
        assert_eq!(finished.recv().unwrap(), b"after");
        assert_eq!(lanes.finish(soon()), 0);
    }

    #[test]
    fn what_waits_is_bounded() {
        let (gate, opened) = std::sync::mpsc::channel::<()>();
        let opened = Mutex::new(opened);
        let lanes = Lanes::start(1, move |_| {
            opened.lock().unwrap().recv().ok();
        })
        .unwrap();
        let big = vec![0; 1024 * 1024];
        let taken = (0..100).take_while(|_| lanes.push(arrival(1, big.clone())).is_ok());
        assert_eq!(taken.count(), 64);
        drop(gate);
        assert_eq!(lanes.finish(soon()), 0);
    }
}
