//! Stopping a client's calls from another thread, such as a signal handler's.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Whether a client was told to stop.
#[derive(Default)]
pub(super) struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    pub(super) fn is_stopped(&self) -> bool {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps, but not longer than until the stop. Tells whether it was stopped.
    pub(super) fn sleep(&self, time: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let slept = self
            .changed
            .wait_timeout_while(stopped, time, |stopped| !*stopped);
        *slept.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Stops a client's calls.
pub struct Canceller {
    pub(super) agent: ureq::Agent,
    pub(super) stop: Arc<Stop>,
}

impl Canceller {
    /// Ends the client's waits and breaks its connections; its calls return
    /// [`ErrorKind::Interrupted`](super::ErrorKind::Interrupted).
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
