//! Ctrl-C and SIGTERM: the first lets the command end in order, the second ends the process.

use std::sync::{Mutex, Once, PoisonError};

type Action = Box<dyn Fn() + Send>;

static ACTIONS: Mutex<Vec<Action>> = Mutex::new(Vec::new());
static HANDLER: Once = Once::new();

/// Runs an action at the first interrupt; without any action an interrupt ends the process as usual.
pub fn on_interrupt(action: impl Fn() + Send + 'static) {
    ACTIONS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(Box::new(action));
    HANDLER.call_once(|| {
        let mut interrupted = false;
        // Where no handler can be set the default stays: the process ends at once.
        let _ = ctrlc::set_handler(move || {
            if interrupted {
                end_now();
            }
            interrupted = true;
            ACTIONS
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .iter()
                .for_each(|action| action());
        });
    });
}

#[expect(
    clippy::exit,
    reason = "a second Ctrl-C must work even if the main thread hangs"
)]
fn end_now() -> ! {
    std::process::exit(130)
}
