//! Ctrl-C, SIGTERM and SIGHUP: the first lets the command end in order, the second ends the process, and so does the first if
//! no work listens to it. What was ignored when the process began stays ignored.

use std::io;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::output::locked;

/// Tells whether somebody has heard of the interrupt.
type Action = Box<dyn Fn() -> bool + Send>;

/// A terminal and a parent process often pass on the same Ctrl-C; what follows this soon is no second one.
const SAME_INTERRUPT: Duration = Duration::from_millis(200);

/// A program that the work runs gets the same Ctrl-C, and its end may be noticed this much sooner.
const OVERTAKEN: Duration = Duration::from_millis(100);

static STATE: Mutex<State> = Mutex::new(State {
    actions: Vec::new(),
    last_actions: Vec::new(),
    first: None,
});

struct State {
    actions: Vec<Action>,
    last_actions: Vec<Box<dyn Fn() + Send>>,
    first: Option<Instant>,
}

impl State {
    fn add(&mut self, action: Action) {
        if self.first.is_some() {
            action();
        }
        self.actions.push(action);
    }
}

/// Runs an action at the first interrupt, or now if it has come.
pub fn on_interrupt(action: impl Fn() + Send + 'static) {
    let heard = move || {
        action();
        true
    };
    locked(&STATE).add(Box::new(heard));
}

/// Runs an action at the second interrupt, before it ends the process.
pub fn on_second_interrupt(action: impl Fn() + Send + 'static) {
    locked(&STATE).last_actions.push(Box::new(action));
}

/// Does slow work on a thread of its own, and waits for it until the first interrupt: a read cannot be relied on to end at a signal.
///
/// # Errors
///
/// [`io::ErrorKind::Interrupted`]; the work goes on, and a program that it runs may outlive this process. Another kind if
/// there is no thread to be had.
pub fn unless_interrupted<T: Send + 'static, E: Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> io::Result<Result<T, E>> {
    let (sender, receiver) = mpsc::channel();
    let interrupted = sender.clone();
    locked(&STATE).add(Box::new(move || interrupted.send(None).is_ok()));
    thread::Builder::new()
        .spawn(move || sender.send(Some(work())))
        .map_err(|e| io::Error::other(format!("this machine has no thread to spare: {e}")))?;
    let mut done = receiver.recv().ok().flatten();
    if matches!(done, Some(Err(_)))
        && let Ok(interrupt) = receiver.recv_timeout(OVERTAKEN)
    {
        done = interrupt;
    }
    done.ok_or_else(|| io::ErrorKind::Interrupted.into())
}

/// Handles signals from now on. As process 1 of a container this one would not even end by the default.
#[cfg(unix)]
pub fn handle_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    let ignored = ignored_signals();
    let is_handled = move |signal: &i32| (ignored >> (signal - 1)) & 1 == 0;
    if is_handled(&SIGXFSZ) {
        // With a handler, what is written beyond the limit is an error like that of a full disk.
        let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default());
    }
    let (sender, receiver) = mpsc::channel::<Signals>();
    let wait = move || {
        if let Ok(mut signals) = receiver.recv() {
            signals.forever().for_each(|_| interrupt());
        }
    };
    // Without a thread that hears of them the signals keep their defaults: the process ends at once.
    if thread::Builder::new().spawn(wait).is_ok() {
        let handled = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(is_handled);
        let _ = Signals::new(handled).map(|signals| sender.send(signals));
    }
}

/// The signals that the parent wants ignored, as `nohup` does, by their bits; known on Linux alone.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

#[cfg(not(unix))]
pub fn handle_signals() {
    // Where no handler can be set the default stays: the process ends at once.
    let _ = ctrlc::set_handler(interrupt);
}

fn interrupt() {
    let mut state = locked(&STATE);
    match state.first {
        Some(first) if first.elapsed() > SAME_INTERRUPT => {
            state.last_actions.iter().for_each(|action| action());
            end_now()
        }
        Some(_) => {}
        None => {
            state.first = Some(Instant::now());
            let heard = state.actions.iter().map(|action| action());
            if !heard.fold(false, |any, heard| any | heard) {
                end_now();
            }
        }
    }
}

#[expect(
    clippy::exit,
    reason = "an interrupt that no work listens to must work even if the main thread hangs"
)]
fn end_now() -> ! {
    std::process::exit(130)
}
