//! Ctrl-C and SIGTERM: the first lets the command end in order, the second ends the process.

use std::io;
use std::sync::{Mutex, Once, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

type Action = Box<dyn Fn() + Send>;

/// A terminal and a parent process often pass on the same Ctrl-C; what follows this soon is no second one.
const SAME_INTERRUPT: Duration = Duration::from_millis(200);

/// A program that the work runs gets the same Ctrl-C, and its end may be noticed this much sooner.
const OVERTAKEN: Duration = Duration::from_millis(100);

static STATE: Mutex<State> = Mutex::new(State {
    actions: Vec::new(),
    first: None,
});
static HANDLER: Once = Once::new();

struct State {
    actions: Vec<Action>,
    /// When the first interrupt came.
    first: Option<Instant>,
}

/// Runs an action at the first interrupt, or now if it has come; without any action an interrupt ends the process as usual.
pub fn on_interrupt(action: impl Fn() + Send + 'static) {
    {
        let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        if state.first.is_some() {
            action();
        }
        state.actions.push(Box::new(action));
    }
    // Where no handler can be set the default stays: the process ends at once.
    HANDLER.call_once(|| drop(ctrlc::set_handler(interrupt)));
}

/// Does slow work on a thread of its own, and waits for it until the first interrupt: a read cannot be relied on to end at a signal.
///
/// # Errors
///
/// [`io::ErrorKind::Interrupted`]; the work goes on unheeded, and a program that it runs may outlive this process.
pub fn unless_interrupted<T: Send + 'static, E: Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> io::Result<Result<T, E>> {
    let (sender, receiver) = mpsc::channel();
    let interrupted = sender.clone();
    on_interrupt(move || {
        // Nobody listens any more once the work is done.
        let _ = interrupted.send(None);
    });
    thread::spawn(move || sender.send(Some(work())));
    let mut done = receiver.recv().ok().flatten();
    if matches!(done, Some(Err(_)))
        && let Ok(interrupt) = receiver.recv_timeout(OVERTAKEN)
    {
        done = interrupt;
    }
    done.ok_or_else(|| io::ErrorKind::Interrupted.into())
}

fn interrupt() {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    match state.first {
        Some(first) if first.elapsed() > SAME_INTERRUPT => end_now(),
        Some(_) => {}
        None => {
            state.first = Some(Instant::now());
            state.actions.iter().for_each(|action| action());
        }
    }
}

#[expect(
    clippy::exit,
    reason = "a second Ctrl-C must work even if the main thread hangs"
)]
fn end_now() -> ! {
    std::process::exit(130)
}
