//! Ending calls from another thread, such as a signal handler's: waits, connections, and work that cannot be ended itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// How often work that goes on elsewhere is looked after.
const TICK: Duration = Duration::from_millis(20);
/// Broken connections are given this time to end their calls in order.
const GRACE: Duration = Duration::from_millis(200);

/// Whether an agent was told to stop.
#[derive(Debug, Default)]
pub(super) struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
    /// Whether there is anything that could stop it.
    is_armed: AtomicBool,
}

impl Stop {
    pub fn is_stopped(&self) -> bool {
        *locked(&self.stopped)
    }

    /// Sleeps, but not longer than until the stop. Tells whether it was stopped.
    pub fn sleep(&self, time: Duration) -> bool {
        let stopped = locked(&self.stopped);
        let slept = self
            .changed
            .wait_timeout_while(stopped, time, |stopped| !*stopped);
        *slept.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Does work that may hang, but does not wait for it any longer than until the stop; `None` if it was left alone.
    pub fn unless_stopped<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        if self.is_armed.load(Ordering::Relaxed) {
            aside(work, || {
                let is_stopped = self.is_stopped();
                if is_stopped {
                    thread::sleep(GRACE);
                }
                is_stopped
            })
        } else {
            Some(work())
        }
    }
}

/// Does work on a thread of its own and waits for it until it is done or given up; then it goes on unheeded.
/// Where no thread can be had it is done here, to its end.
pub(super) fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    is_given_up: impl Fn() -> bool,
) -> Option<T> {
    let (hand_over, take) = mpsc::sync_channel::<Box<dyn FnOnce() -> T + Send>>(1);
    let (finish, done) = mpsc::sync_channel(1);
    let started = thread::Builder::new().spawn(move || {
        if let Ok(work) = take.recv() {
            // Nobody listens any more if it was given up.
            let _ = finish.send(work());
        }
    });
    if started.is_err() {
        return Some(work());
    }
    let _ = hand_over.send(Box::new(work));
    loop {
        match done.recv_timeout(TICK) {
            Ok(result) => return Some(result),
            Err(mpsc::RecvTimeoutError::Timeout) if !is_given_up() => {}
            Err(_) => return done.try_recv().ok(),
        }
    }
}

/// What a mutex guards, also after a panic elsewhere.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub struct Canceller {
    agent: ureq::Agent,
    stop: Arc<Stop>,
}

impl Canceller {
    pub(super) fn new(agent: ureq::Agent, stop: Arc<Stop>) -> Self {
        stop.is_armed.store(true, Ordering::Relaxed);
        Self { agent, stop }
    }

    /// Ends the waits and breaks the connections; calls under way end as [`Stopped`](super::Failure::Stopped).
    pub fn cancel(&self) {
        *locked(&self.stop.stopped) = true;
        self.stop.changed.notify_all();
        self.agent.clone().shutdown();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn work_that_hangs_is_left_alone_and_other_work_is_waited_for() {
        let clock = Instant::now();
        let hangs = || thread::sleep(Duration::from_secs(60));
        let is_late = || clock.elapsed() > Duration::from_millis(50);
        assert_eq!(aside(hangs, is_late), None);
        assert!(clock.elapsed() < Duration::from_secs(5));
        assert_eq!(aside(|| 7, || false), Some(7));
    }
}
