//! Where the password comes from, and fetching it only when a request is to be sent.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::Error;

/// A password command that has not answered by then is given up.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);
/// No password is longer than this, in bytes.
const LONGEST: u64 = 4096;

/// Where the password is.
#[derive(Debug, Clone)]
pub enum Password {
    /// Here.
    Given(SecretString),
    /// In a file, alone.
    File(PathBuf),
    /// What a command prints: program and arguments, run without a shell.
    Command(Vec<String>),
}

impl Password {
    /// Fetches the password: reads the file, or runs the command for at most ten seconds.
    ///
    /// # Errors
    ///
    /// If it cannot be had, is empty, or holds a control character.
    pub fn fetch(&self) -> Result<SecretString, Error> {
        let text = match self {
            Self::Given(secret) => return checked(secret.clone()),
            // Neither the path nor the program is shown: one of them may be the password itself, put in the wrong place.
            Self::File(path) => std::fs::File::open(path)
                .and_then(read_short)
                .map_err(|e| Error::new(format!("the password file cannot be read: {e}")))?,
            Self::Command(argv) => run(argv)?,
        };
        checked(without_newline(&text).to_owned().into())
    }
}

/// Removes the one newline that files and commands end with.
fn without_newline(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

fn checked(password: SecretString) -> Result<SecretString, Error> {
    use secrecy::ExposeSecret;
    let text = password.expose_secret();
    if text.is_empty() {
        return Err(Error::new("the password is empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::new(
            "the password contains a control character or a second line",
        ));
    }
    Ok(password)
}

fn read_short(from: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    from.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(std::io::Error::other("it is longer than 4096 bytes"));
    }
    Ok(text)
}

fn run(argv: &[String]) -> Result<String, Error> {
    let (program, arguments) = argv
        .split_first()
        .ok_or_else(|| Error::new("password_command is empty; give a program and its arguments"))?;
    let failed = |why: String| Error::new(format!("the password command {why}"));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| failed(format!("cannot be run: {e}")))?;
    let answer = answer(&mut child);
    // Whatever it still does is of no use to anybody.
    let _ = child.kill();
    let _ = child.wait();
    answer.map_err(failed)
}

/// What a command printed, once it has ended in success; or the reason against it.
fn answer(child: &mut Child) -> Result<String, String> {
    let late = || "did not end within 10 seconds".to_owned();
    let deadline = Instant::now() + COMMAND_TIMEOUT;
    let stdout = child.stdout.take();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(stdout.map(read_short).transpose()));
    let printed = receiver.recv_timeout(COMMAND_TIMEOUT).map_err(|_| late())?;
    let text = printed.map_err(|e| format!("printed no password: {e}"))?;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() >= deadline => return Err(late()),
            Ok(None) => std::thread::sleep(Duration::from_millis(1)),
            Err(e) => return Err(format!("was lost: {e}")),
        }
    };
    if status.success() {
        Ok(text.unwrap_or_default())
    } else {
        Err(format!("failed ({status})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn one_newline_is_removed_and_a_second_refused() {
        let command = |text: &str| Password::Command(vec!["printf".into(), text.into()]).fetch();
        assert_eq!(
            command(" se cret \\n").unwrap().expose_secret(),
            " se cret "
        );
        assert_eq!(command("secret\\r\\n").unwrap().expose_secret(), "secret");
        assert!(command("secret\\n\\n").is_err());
        assert!(command("").is_err());
    }

    #[test]
    fn a_password_is_not_shown_by_debug() {
        let given = Password::Given("elephant-notepad-dancer".into());
        assert!(!format!("{given:?}").contains("elephant"));
    }
}
