//! A work queue with an order per key: several keys at the same time, what has one key one after the other. It knows not what the work is.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What may wait, in bytes.
const CAPACITY: usize = 16 * 1024 * 1024;
/// What one value counts besides its own bytes.
const OVERHEAD: usize = 1024;

/// A few threads and what waits for them.
#[derive(Debug)]
pub struct Queue<T>(Arc<Shared<T>>);

#[derive(Debug)]
struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    /// What waits, by key; a key that is being worked on has an entry, which may be empty.
    waiting: HashMap<String, VecDeque<(T, usize)>>,
    /// The keys that something waits for and no thread works on.
    ready: VecDeque<String>,
    /// How many wait or are being worked on, and their bytes.
    count: usize,
    bytes: usize,
    is_closed: bool,
}

impl<T: Send + 'static> Queue<T> {
    /// Starts the threads.
    pub fn start(threads: usize, work: impl Fn(&T) + Send + Sync + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                waiting: HashMap::new(),
                ready: VecDeque::new(),
                count: 0,
                bytes: 0,
                is_closed: false,
            }),
            changed: Condvar::new(),
        });
        let work = Arc::new(work);
        for _ in 0..threads {
            let (shared, work) = (Arc::clone(&shared), Arc::clone(&work));
            let thread = std::thread::Builder::new().name("queue".to_owned());
            thread.spawn(move || {
                while let Some((key, value, bytes)) = shared.take() {
                    work(&value);
                    shared.done(key, bytes);
                }
            })?;
        }
        Ok(Self(shared))
    }

    /// Takes a value of so many bytes, or returns false if too much is waiting already.
    pub fn push(&self, key: &str, value: T, bytes: usize) -> bool {
        let mut state = self.0.lock();
        if state.bytes > CAPACITY {
            return false;
        }
        let bytes = bytes + OVERHEAD;
        state.bytes += bytes;
        state.count += 1;
        if let Some(others) = state.waiting.get_mut(key) {
            others.push_back((value, bytes));
        } else {
            let first = VecDeque::from([(value, bytes)]);
            state.waiting.insert(key.to_owned(), first);
            state.ready.push_back(key.to_owned());
        }
        self.0.changed.notify_all();
        true
    }

    /// Waits until all is done, but not longer than until `end`; returns how many are not.
    pub fn finish(&self, end: Instant) -> usize {
        let mut state = self.0.lock();
        state.is_closed = true;
        self.0.changed.notify_all();
        let left = end.saturating_duration_since(Instant::now());
        let waited = self
            .0
            .changed
            .wait_timeout_while(state, left, |state| state.count > 0);
        waited.unwrap_or_else(PoisonError::into_inner).0.count
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to do; nothing once all is done and nothing more will come.
    fn take(&self) -> Option<(String, T, usize)> {
        let idle =
            |state: &mut State<T>| state.ready.is_empty() && !(state.is_closed && state.count == 0);
        let waited = self.changed.wait_while(self.lock(), idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let key = state.ready.pop_front()?;
        let (value, bytes) = state.waiting.get_mut(&key)?.pop_front()?;
        Some((key, value, bytes))
    }

    fn done(&self, key: String, bytes: usize) {
        let mut state = self.lock();
        state.count -= 1;
        state.bytes -= bytes;
        if state.waiting.get(&key).is_some_and(VecDeque::is_empty) {
            state.waiting.remove(&key);
        } else {
            state.ready.push_back(key);
        }
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(10)
    }

    #[test]
    fn what_has_one_key_is_done_in_order_and_none_is_left() {
        let (done, noted) = channel();
        let queue = Queue::start(4, move |value: &(usize, u8)| done.send(*value).unwrap()).unwrap();
        for number in 0..100 {
            for key in 0..7 {
                assert!(queue.push(&key.to_string(), (key, number), 1));
            }
        }
        assert_eq!(queue.finish(soon()), 0);
        let done: Vec<_> = noted.try_iter().collect();
        let expected: Vec<u8> = (0..100).collect();
        for key in 0..7 {
            let numbers = done
                .iter()
                .filter(|(other, _)| *other == key)
                .map(|(_, n)| *n);
            assert_eq!(numbers.collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn others_are_not_held_up_by_one_key() {
        let (gate, opened) = channel::<()>();
        let (sender, finished) = channel();
        let opened = Mutex::new(opened);
        let queue = Queue::start(2, move |value: &&str| {
            if *value == "slow" {
                opened.lock().unwrap().recv().ok();
            }
            sender.send(*value).unwrap();
        })
        .unwrap();
        assert!(queue.push("1", "slow", 1) && queue.push("1", "after", 1));
        assert!(queue.push("2", "other", 1));
        assert_eq!(finished.recv().unwrap(), "other");
        assert!(queue.finish(Instant::now()) >= 2, "slow and after");
        drop(gate);
        assert_eq!(finished.recv().unwrap(), "slow");
        assert_eq!(finished.recv().unwrap(), "after");
        assert_eq!(queue.finish(soon()), 0);
    }

    #[test]
    fn what_waits_is_bounded() {
        let (gate, opened) = channel::<()>();
        let opened = Mutex::new(opened);
        let queue = Queue::start(1, move |()| {
            opened.lock().unwrap().recv().ok();
        })
        .unwrap();
        let taken = (0..100).take_while(|_| queue.push("1", (), 1024 * 1024));
        assert_eq!(taken.count(), 16);
        drop(gate);
        assert_eq!(queue.finish(soon()), 0);
    }
}
