//! Runs a program for each notification (`--exec`): no shell, the body on its standard input, for a limited time. It looks at the exit status alone.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::event::HandOverEnd;
use super::received::Received;
use crate::ending::in_words;
use crate::program::Argv;

/// How many programs run at the same time.
pub const THREADS: usize = 4;

/// Runs a program for a notification, unless no more shall be started; once `is_stopped` is set it is ended.
pub fn run(
    argv: &Argv,
    timeout: Duration,
    is_stopped: &AtomicBool,
    received: &Received,
) -> HandOverEnd {
    let is_stopped = || is_stopped.load(Ordering::Acquire);
    if is_stopped() {
        return HandOverEnd::Stopped;
    }
    let (program, what) = (argv.name(), received.name());
    let late = received.is_late.to_string();
    let environment = [
        ("BANGO_LISTEN_TARGET", received.target.as_str()),
        ("BANGO_LISTEN_LATE", &late),
    ];
    let ended = argv.tell(received.body.clone(), &environment, timeout, &is_stopped);
    HandOverEnd::Failed(match ended {
        Ok(status) if status.success() => return HandOverEnd::Taken("ended well".to_owned()),
        Ok(status) => format!("{program} ended with {status} for {what}"),
        Err(error) => match error.kind() {
            io::ErrorKind::Interrupted => return HandOverEnd::Stopped,
            io::ErrorKind::TimedOut => {
                let seconds = timeout.as_secs_f64();
                format!("{program} was ended for {what} after {seconds} s (--exec-timeout)")
            }
            _ => {
                let error = in_words(&error);
                format!("{program} could not be run for {what}: {error}")
            }
        },
    })
}
