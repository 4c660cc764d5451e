//! Runs another program for a limited time, without a shell. It says nothing to the user, and keeps nothing of what was printed.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use pipe::Pipe;

/// The longest pause between two looks at a program that runs.
pub const POLL: Duration = Duration::from_millis(10);

/// What a program reads, and when it is ended.
pub struct Limits<'a> {
    /// What it reads on standard input.
    pub input: Vec<u8>,
    /// When it is ended.
    pub timeout: Duration,
    /// How much is read of standard output and of standard error, in bytes. A program that prints as much on standard
    /// output is ended, which is no error.
    pub output_limit: usize,
    /// Whether the programs that it has started are ended with it; then none of them can ask at the terminal.
    pub kills_children: bool,
    /// Asked again and again: whether it is to be ended now.
    pub is_stopped: &'a dyn Fn() -> bool,
}

/// How a program ended, and what it printed.
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Whether it was ended because it printed as much as the limit.
    pub is_cut: bool,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// Its standard error; empty where that went to the user.
    #[cfg_attr(
        any(target_os = "macos", windows),
        expect(dead_code, reason = "the keyring of Linux alone is a program")
    )]
    pub stderr: Vec<u8>,
}

impl Output {
    /// Whether it succeeded, or was ended because it had printed enough.
    pub fn is_success(&self) -> bool {
        self.is_cut || self.status.success()
    }
}

/// A program and its arguments, as they are read from one text.
#[derive(Debug, Clone, Default)]
pub struct Argv(pub Vec<String>);

impl Argv {
    /// Splits a command line as a shell would.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let words = shlex::split(text).ok_or("a quote is not closed")?;
        if words.is_empty() {
            return Err("it names no program");
        }
        Ok(Self(words))
    }

    /// The program's name.
    pub fn name(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The whole command line, as a shell would take it.
    pub fn words(&self) -> String {
        let words = self.0.iter().map(String::as_str);
        shlex::try_join(words).unwrap_or_else(|_| self.0.join(" "))
    }

    /// The program's name if there is no such file now: a mistake is told before the program is needed.
    pub fn missing(&self) -> Option<&str> {
        let name = self.name();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let is_there = if name.contains('/') || cfg!(windows) {
            cfg!(windows) || Path::new(name).exists()
        } else {
            std::env::split_paths(&path).any(|folder| folder.join(name).exists())
        };
        (!is_there).then_some(name)
    }

    /// Runs it to be told something on standard input. It knows no secret of this program's, and prints to standard error alone:
    /// standard output is for results. With it ends what it has started.
    pub fn tell(
        &self,
        input: Vec<u8>,
        environment: &[(&str, &str)],
        timeout: Duration,
        is_stopped: &dyn Fn() -> bool,
    ) -> io::Result<ExitStatus> {
        let mut command = command(&self.0)?;
        command
            .stdout(io::stderr())
            .envs(environment.iter().copied());
        without_secrets(&mut command);
        let limits = Limits {
            input,
            timeout,
            // Nothing is read of what it prints.
            output_limit: 1,
            kills_children: true,
            is_stopped,
        };
        run(&mut command, limits).map(|output| output.status)
    }
}

/// A program with its arguments; standard input and output are pipes, standard error is the user's.
pub fn command<S: AsRef<OsStr>>(argv: &[S]) -> io::Result<Command> {
    let (program, arguments) = argv
        .split_first()
        .ok_or_else(|| io::Error::other("no program is named"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    Ok(command)
}

/// Keeps the passwords and secrets of this program's environment from another.
pub fn without_secrets(command: &mut Command) {
    for (name, value) in std::env::vars_os() {
        if is_secret(&name, &value) {
            command.env_remove(name);
        }
    }
}

/// Tells whether a variable of the environment holds a password or a secret: ours, or a proxy's.
fn is_secret(name: &OsStr, value: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    let holds = |word| name.contains(word);
    name.starts_with("BANGO_") && (holds("PASSWORD") || holds("SECRET"))
        || name.ends_with("_PROXY") && value.to_string_lossy().contains('@')
}

/// Runs a program to its end. What it has printed by then counts, whichever other program still holds its output.
///
/// `TimedOut` if it took too long, `Interrupted` if it was stopped.
pub fn run(command: &mut Command, limits: Limits) -> io::Result<Output> {
    let kills_children = limits.kills_children;
    #[cfg(unix)]
    if kills_children {
        std::os::unix::process::CommandExt::process_group(command, 0);
    }
    let mut child = command.spawn()?;
    let output = supervise(&mut child, limits);
    if output.is_err() {
        kill(&mut child, kills_children);
    }
    output
}

fn supervise(child: &mut Child, limits: Limits) -> io::Result<Output> {
    let deadline = Instant::now() + limits.timeout;
    if let Some(stdin) = child.stdin.take() {
        write_input(stdin, limits.input)?;
    }
    let mut stdout = PipeReader::new(child.stdout.take().map(pipe::open).transpose()?);
    let mut stderr = PipeReader::new(child.stderr.take().map(pipe::open).transpose()?);
    let mut pause = Duration::from_millis(1);
    let (status, is_cut) = loop {
        // Asked before its pipes are read: then they hold all that it has printed.
        let status = child.try_wait()?;
        stdout.read(limits.output_limit)?;
        stderr.read(limits.output_limit)?;
        let is_late = Instant::now() >= deadline;
        if stdout.bytes.len() >= limits.output_limit {
            kill(child, limits.kills_children);
            break (child.wait()?, true);
        }
        match status {
            Some(status) if is_late || stdout.is_whole() && stderr.is_whole() => {
                break (status, false);
            }
            None if is_late => return Err(io::ErrorKind::TimedOut.into()),
            None if (limits.is_stopped)() => return Err(io::ErrorKind::Interrupted.into()),
            _ => thread::sleep(pause),
        }
        pause = POLL.min(pause * 2);
    };
    Ok(Output {
        status,
        is_cut,
        stdout: stdout.bytes,
        stderr: stderr.bytes,
    })
}

/// Writes what the program reads, in a thread of its own: a program need not read what it is told.
fn write_input(mut stdin: ChildStdin, input: Vec<u8>) -> io::Result<()> {
    if !input.is_empty() {
        let aside = thread::Builder::new().name("program input".to_owned());
        aside.spawn(move || stdin.write_all(&input))?;
    }
    Ok(())
}

fn kill(child: &mut Child, kills_children: bool) {
    #[cfg(unix)]
    if kills_children {
        use rustix::process::{Pid, Signal, kill_process_group};
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = kills_children;
    let _ = child.kill();
    let _ = child.wait();
}

/// One end of a pipe, and what has been read from it.
struct PipeReader {
    pipe: Option<Pipe>,
    bytes: Vec<u8>,
}

impl PipeReader {
    fn new(pipe: Option<Pipe>) -> Self {
        let bytes = Vec::new();
        Self { pipe, bytes }
    }

    /// Takes what is there, without waiting for more.
    fn read(&mut self, output_limit: usize) -> io::Result<()> {
        let mut part = [0; 4096];
        while let Some(pipe) = &mut self.pipe
            && self.bytes.len() < output_limit
        {
            match pipe.read(&mut part) {
                Ok(0) => self.pipe = None,
                Ok(count) => self.bytes.extend_from_slice(&part[..count]),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Whether all is read that an ended program has printed.
    fn is_whole(&self) -> bool {
        cfg!(unix) || self.pipe.is_none()
    }
}

/// A pipe that is read without waiting.
#[cfg(unix)]
mod pipe {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use std::fs::File;
    use std::os::fd::OwnedFd;

    pub type Pipe = File;

    pub fn open(pipe: impl Into<OwnedFd>) -> std::io::Result<Pipe> {
        let pipe = pipe.into();
        fcntl_setfl(&pipe, fcntl_getfl(&pipe)? | OFlags::NONBLOCK)?;
        Ok(pipe.into())
    }
}

/// A pipe that a thread reads, because nothing else keeps from waiting here.
#[cfg(not(unix))]
mod pipe {
    use std::io::{self, Read};
    use std::sync::mpsc::{Receiver, TryRecvError, channel};

    pub struct Pipe(Receiver<Vec<u8>>);

    pub fn open(mut pipe: impl Read + Send + 'static) -> io::Result<Pipe> {
        let (sender, receiver) = channel();
        std::thread::Builder::new().spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut part) {
                if sender.send(part[..count].to_vec()).is_err() {
                    break;
                }
            }
        })?;
        Ok(Pipe(receiver))
    }

    impl Read for Pipe {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.try_recv() {
                Ok(part) => {
                    buffer[..part.len()].copy_from_slice(&part);
                    Ok(part.len())
                }
                Err(TryRecvError::Empty) => Err(io::ErrorKind::WouldBlock.into()),
                Err(TryRecvError::Disconnected) => Ok(0),
            }
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits<'static> {
        Limits {
            input: Vec::new(),
            timeout: Duration::from_secs(10),
            output_limit: 1 << 16,
            kills_children: false,
            is_stopped: &|| false,
        }
    }

    fn shell(script: &str, limits: Limits) -> io::Result<Output> {
        run(
            command(&["sh", "-c", script])
                .unwrap()
                .stderr(Stdio::piped()),
            limits,
        )
    }

    #[test]
    fn what_an_ended_program_has_printed_counts_whoever_holds_the_pipe() {
        let start = Instant::now();
        let output = shell("sleep 20 & echo secret; exit 3", limits()).unwrap();
        assert_eq!(output.stdout, b"secret\n");
        assert!(output.status.code() == Some(3) && start.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn both_streams_are_read_while_the_input_is_written() {
        let input = vec![b'x'; 300_000];
        let output_limit = 1 << 20;
        let given = Limits {
            input: input.clone(),
            output_limit,
            ..limits()
        };
        let output = shell("tee /dev/stderr", given).unwrap();
        assert!(output.stdout == input && output.stderr == input && output.is_success());
        // Nor is a program waited for that reads nothing of it.
        assert!(shell("exit 0", Limits { input, ..limits() }).is_ok());
    }

    #[test]
    fn a_program_is_ended_when_it_prints_too_much_takes_too_long_or_is_stopped() {
        let output = shell("cat /dev/zero", limits()).unwrap();
        assert!(output.is_cut && output.stdout.len() < 1 << 17);
        let timeout = Duration::from_millis(50);
        let late = shell(
            "sleep 20",
            Limits {
                timeout,
                ..limits()
            },
        );
        assert_eq!(late.err().unwrap().kind(), io::ErrorKind::TimedOut);
        let is_stopped = &|| true;
        let stopped = shell(
            "sleep 20",
            Limits {
                is_stopped,
                ..limits()
            },
        );
        assert_eq!(stopped.err().unwrap().kind(), io::ErrorKind::Interrupted);
        assert!(command::<&str>(&[]).is_err());
    }

    #[test]
    fn what_a_program_has_started_is_ended_with_it() {
        let home = tempfile::tempdir().unwrap();
        let late = home.path().join("late");
        let script = format!("(sleep 1; touch {}) & sleep 20", late.display());
        let given = Limits {
            timeout: Duration::from_millis(50),
            kills_children: true,
            ..limits()
        };
        assert!(shell(&script, given).is_err());
        thread::sleep(Duration::from_millis(1500));
        assert!(!late.exists());
    }
}
