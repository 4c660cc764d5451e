//! Stopping a client's calls from another thread, such as a signal handler's.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Whether a client was told to stop.
#[derive(Default)]
pub struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Whether it was.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps, but not longer than until the stop. Tells whether it was stopped.
    #[must_use]
    pub fn sleep(&self, time: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let slept = self
            .changed
            .wait_timeout_while(stopped, time, |stopped| !*stopped);
        *slept.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Stops the calls of an agent.
pub struct Canceller {
    agent: ureq::Agent,
    stop: Arc<Stop>,
}

impl Canceller {
    /// A handle for an agent whose callers heed this stop.
    #[must_use]
    pub fn new(agent: ureq::Agent, stop: Arc<Stop>) -> Self {
        Self { agent, stop }
    }

    /// Ends the waits and breaks the connections; calls under way return with an error.
    pub fn cancel(&self) {
        *self
            .stop
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.stop.changed.notify_all();
        self.agent.clone().shutdown();
    }
}
