//! The rows between their intent and their answer: ready to be sent, waiting for another attempt, or in a sender's hands.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::row::Row;

/// A row on its way.
#[derive(Debug)]
pub struct Job {
    /// What to send.
    pub row: Row,
    /// Its `X-RequestIdentifier`.
    pub identifier: String,
    /// Its round.
    pub round: u32,
    /// Attempts that went wrong by themselves so far.
    pub attempts: u32,
    /// Whether an attempt, of this run or an earlier one, may have been acted on.
    pub doubt: bool,
    /// Whether it must be looked up before it is sent again.
    pub look_up: bool,
    /// Since when an answer has been missing, if a run before this one sent it.
    pub since: Option<jiff::Timestamp>,
}

/// The queue; all threads of a run share it.
#[derive(Debug)]
pub struct Queue {
    state: Mutex<State>,
    for_senders: Condvar,
    for_feeder: Condvar,
    window: usize,
}

#[derive(Debug, Default)]
struct State {
    ready: VecDeque<Box<Job>>,
    later: BinaryHeap<Later>,
    /// Announced by the feeder and not yet in a sender's hands.
    ahead: usize,
    in_hand: usize,
    is_fed: bool,
    is_stopped: bool,
    idle: usize,
}

#[derive(Debug)]
struct Later {
    at: Instant,
    job: Box<Job>,
}

impl PartialEq for Later {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Later {}

impl PartialOrd for Later {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Later {
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.cmp(&self.at)
    }
}

impl Queue {
    /// A queue whose feeder may be so many rows ahead of the senders.
    #[must_use]
    pub fn new(window: usize) -> Self {
        Self {
            state: Mutex::default(),
            for_senders: Condvar::new(),
            for_feeder: Condvar::new(),
            window,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the feeder may announce another row; `false` if the run stops.
    #[must_use]
    pub fn announce(&self) -> bool {
        let state = self.state();
        // Woken at half the window, the feeder works in strides instead of once for each row.
        let full = |state: &mut State| state.ahead >= self.window && !state.is_stopped;
        let mut state = self
            .for_feeder
            .wait_while(state, full)
            .unwrap_or_else(PoisonError::into_inner);
        state.ahead += 1;
        if state.is_stopped {
            state.ahead -= 1;
        }
        !state.is_stopped
    }

    /// Takes rows whose intents are durable.
    pub fn push(&self, jobs: impl IntoIterator<Item = Box<Job>>) {
        let mut state = self.state();
        let before = state.ready.len();
        state.ready.extend(jobs);
        let wake = state.idle.min(state.ready.len() - before);
        drop(state);
        for _ in 0..wake {
            self.for_senders.notify_one();
        }
    }

    /// Hands out a row; `None` when there is none and none will come. A stopped run's rows are handed out without delay.
    pub fn pop(&self) -> Option<Box<Job>> {
        let mut state = self.state();
        loop {
            let now = Instant::now();
            let due = state.later.peek().map(|later| later.at);
            if due.is_some_and(|at| at <= now || state.is_stopped) {
                state.in_hand += 1;
                return state.later.pop().map(|later| later.job);
            }
            if let Some(job) = state.ready.pop_front() {
                state.ahead -= 1;
                state.in_hand += 1;
                if state.ahead == self.window / 2 {
                    self.for_feeder.notify_one();
                }
                return Some(job);
            }
            if state.is_fed && state.ahead == 0 && state.in_hand == 0 && due.is_none() {
                self.for_senders.notify_all();
                return None;
            }
            state.idle += 1;
            let wait = due.map_or(Duration::from_secs(3600), |at| {
                at.saturating_duration_since(now)
            });
            let waited = self.for_senders.wait_timeout(state, wait);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.idle -= 1;
        }
    }

    /// Takes a row back that will have its turn again.
    pub fn put_off(&self, job: Box<Job>, at: Instant) {
        let mut state = self.state();
        state.in_hand -= 1;
        state.later.push(Later { at, job });
        drop(state);
        self.for_senders.notify_one();
    }

    /// Says that a sender is done with a row.
    pub fn done(&self) {
        let mut state = self.state();
        state.in_hand -= 1;
        let is_over = state.is_fed && state.ahead == 0 && state.in_hand == 0;
        drop(state);
        if is_over {
            self.for_senders.notify_all();
        }
    }

    /// Drops announced rows whose intents could not be made durable.
    pub fn forget(&self, count: usize) {
        self.state().ahead -= count;
        self.for_senders.notify_all();
    }

    /// Says that no more rows will be announced.
    pub fn end(&self) {
        self.state().is_fed = true;
        self.for_senders.notify_all();
    }

    /// Hands out all rows without delay from now on, and lets the feeder end.
    pub fn stop(&self) {
        self.state().is_stopped = true;
        self.for_senders.notify_all();
        self.for_feeder.notify_all();
    }

    /// Whether so few rows are ready that a sender may soon have nothing to do.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.state().ready.len() < self.window / 4
    }
}
