//! Lets other threads wait until the sandbox's state may have changed. It does not say what has.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

/// Tells waiters that something may have changed.
#[derive(Debug, Default)]
pub struct Changes {
    count: Mutex<u64>,
    changed: Condvar,
}

impl Changes {
    /// Returns how many changes there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count.lock().map_or(0, |count| *count)
    }

    /// Waits for a change after the given count.
    pub fn wait(&self, seen: u64, longest: Duration) {
        if let Ok(count) = self.count.lock() {
            drop(
                self.changed
                    .wait_timeout_while(count, longest, |count| *count == seen),
            );
        }
    }

    /// Wakes everybody who waits.
    pub fn tell(&self) {
        if let Ok(mut count) = self.count.lock() {
            *count += 1;
        }
        self.changed.notify_all();
    }
}
