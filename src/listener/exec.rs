//! Runs a program for each notification (`--exec`): no shell, the body on its standard input, for a limited time. It looks at the exit status alone.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Event;
use super::queue::Queue;
use super::received::Received;

/// How many programs run at the same time.
const THREADS: usize = 4;
/// How often a program that runs is looked at.
const POLL: Duration = Duration::from_millis(10);

/// What to run.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// When it is ended, with whatever it has started.
    pub timeout: Duration,
}

/// The programs that run; all of them can be ended at once.
#[derive(Debug, Clone, Default)]
pub struct Programs(Arc<Mutex<Groups>>);

#[derive(Debug, Default)]
struct Groups {
    /// The process groups, by the id of their first process.
    running: Vec<u32>,
    is_closed: bool,
}

/// Starts the threads that run the program.
pub fn start(
    program: Program,
    programs: Programs,
    events: SyncSender<Event>,
) -> io::Result<Queue<Arc<Received>>> {
    Queue::start(THREADS, move |received| {
        let name = program.argv.first().map_or("", String::as_str);
        let told = match run(&program, &programs, received) {
            // At the end they are counted.
            _ if programs.lock().is_closed => return,
            Ok(status) if status.success() => return,
            Ok(status) => format!("{name} ended with {status} for {}", received.name()),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => format!(
                "{name} was ended after {} s, the time of --exec-timeout, for {}",
                program.timeout.as_secs_f64(),
                received.name()
            ),
            Err(error) => format!("{name} could not be run for {}: {error}", received.name()),
        };
        events.send(Event::Failed(told)).ok();
    })
}

fn run(program: &Program, programs: &Programs, received: &Arc<Received>) -> io::Result<ExitStatus> {
    let end = Instant::now() + program.timeout;
    let mut child = programs.spawn(&mut command(program, received)?)?;
    let ended = feed(&mut child, received).and_then(|()| {
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() >= end {
                return Err(io::ErrorKind::TimedOut.into());
            }
            sleep(POLL.min(program.timeout));
        }
    });
    if ended.is_err() {
        end_group(child.id());
        child.kill().ok();
        child.wait().ok();
    }
    programs.lock().running.retain(|id| *id != child.id());
    ended
}

fn command(program: &Program, received: &Received) -> io::Result<Command> {
    let (name, arguments) = program
        .argv
        .split_first()
        .ok_or_else(|| io::Error::other("no program is named"))?;
    let mut command = Command::new(name);
    command
        .args(arguments)
        .env("BANGO_LISTEN_TARGET", &received.target)
        .env("BANGO_LISTEN_LATE", received.is_late.to_string())
        .stdin(Stdio::piped())
        // Standard output is for notifications alone.
        .stdout(io::stderr());
    for (name, value) in std::env::vars_os() {
        if is_secret(&name, &value) {
            command.env_remove(name);
        }
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    Ok(command)
}

/// Tells whether a variable of the environment holds a password or a secret: ours, or a proxy's.
fn is_secret(name: &OsStr, value: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    let holds = |word| name.contains(word);
    name.starts_with("BANGO_") && (holds("PASSWORD") || holds("SECRET"))
        || name.ends_with("_PROXY") && value.to_string_lossy().contains('@')
}

/// Writes the body, aside: a program need not read what it is told.
fn feed(child: &mut Child, received: &Arc<Received>) -> io::Result<()> {
    let (stdin, received) = (child.stdin.take(), Arc::clone(received));
    let aside = std::thread::Builder::new().name("stdin".to_owned());
    aside.spawn(move || stdin.map(|mut stdin| stdin.write_all(&received.body)))?;
    Ok(())
}

impl Programs {
    fn lock(&self) -> std::sync::MutexGuard<'_, Groups> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spawn(&self, command: &mut Command) -> io::Result<Child> {
        let mut groups = self.lock();
        if groups.is_closed {
            return Err(io::Error::other("listen is ending"));
        }
        let child = command.spawn()?;
        groups.running.push(child.id());
        Ok(child)
    }

    /// Ends all that run, with what they have started, and starts no more.
    pub fn end(&self) {
        let mut groups = self.lock();
        groups.is_closed = true;
        groups.running.iter().for_each(|id| end_group(*id));
    }
}

#[cfg(unix)]
fn end_group(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    id.map(|id| kill_process_group(id, Signal::KILL));
}

#[cfg(not(unix))]
fn end_group(_: u32) {}
