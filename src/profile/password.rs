//! Where the password comes from, and fetching it only when a request is to be sent.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use super::program::{Program, read_aside};
use super::{Error, Keyring};

/// A password command or file that has not answered by then is given up.
const TIMEOUT: Duration = Duration::from_secs(10);
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
    /// In the operating system's keyring.
    Keyring(Keyring),
}

impl Password {
    /// Where the password is, in words; never the password.
    #[must_use]
    pub fn place(&self, of_profile: bool) -> String {
        match self {
            Self::Given(_) if of_profile => "in the configuration file".to_owned(),
            Self::Given(_) => "in the environment".to_owned(),
            // Neither a path nor a program is shown: it may be the password itself, put in the wrong place.
            Self::File(_) => "in a file of its own".to_owned(),
            Self::Command(_) => "printed by a command".to_owned(),
            Self::Keyring(entry) => format!("in the keyring, entry {}", entry.account()),
        }
    }

    /// Fetches the password: reads the file, runs the command, or asks the keyring, each for a limited time.
    ///
    /// # Errors
    ///
    /// If it cannot be had, is empty, or holds a control character.
    pub fn fetch(&self) -> Result<SecretString, Error> {
        let text = match self {
            Self::Given(secret) => return checked(secret.clone()),
            Self::File(path) => read_file(path)?,
            Self::Command(argv) => run(argv)?,
            Self::Keyring(entry) => return checked(entry.read()?),
        };
        from_text(text)
    }
}

/// The password in what a file holds or a command prints: its one last newline does not belong to it.
///
/// # Errors
///
/// If it is no text, is too long, is empty, or holds a control character.
pub fn from_text(bytes: Vec<u8>) -> Result<SecretString, Error> {
    if bytes.len() as u64 > LONGEST {
        return Err(Error::new("the password is longer than 4096 bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| Error::new("the password is not UTF-8"))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    checked(line.to_owned().into())
}

/// Reads a password from a stream, such as standard input.
///
/// # Errors
///
/// If it cannot be read, or is none.
pub fn from_stream(from: impl Read) -> Result<SecretString, Error> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Error::new(format!("the password cannot be read: {e}")))?;
    from_text(bytes)
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

/// Reads a file that may be a pipe, such as a shell's `<(…)`, whose other end never writes.
fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    // Neither a path nor a program is shown: it may be the password itself, put in the wrong place.
    let failed = |why: String| Error::new(format!("the password file cannot be read: {why}"));
    let metadata = std::fs::metadata(path).map_err(|e| failed(e.to_string()))?;
    if metadata.is_file() {
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
            .map_err(|e| failed(e.to_string()))?;
        return Ok(bytes);
    }
    let owned = path.to_owned();
    let open = move || std::fs::File::open(owned).map(Some);
    read_aside(open, LONGEST + 1)
        .recv_timeout(TIMEOUT)
        .map_err(|_| failed("nothing came within 10 seconds".to_owned()))?
        .map_err(|e| failed(e.to_string()))
}

fn run(argv: &[String]) -> Result<Vec<u8>, Error> {
    if argv.is_empty() {
        return Err(Error::new(
            "password_command is empty; give a program and its arguments",
        ));
    }
    let failed = |why: String| Error::new(format!("the password command {why}"));
    let program = Program {
        argv,
        input: None,
        keeps_stderr: false,
        timeout: TIMEOUT,
        longest: LONGEST + 1,
    };
    let output = program.run().map_err(|e| {
        failed(if e.kind() == std::io::ErrorKind::TimedOut {
            "did not end within 10 seconds".to_owned()
        } else {
            format!("cannot be run: {e}")
        })
    })?;
    if !output.is_success {
        return Err(failed(format!("failed ({})", output.ending)));
    }
    Ok(output.stdout)
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

    #[test]
    fn a_password_is_whole_or_none() {
        let long = "x".repeat(4096);
        assert!(from_text(long.clone().into_bytes()).is_ok());
        assert!(from_text(format!("{long}y").into_bytes()).is_err());
        assert!(from_text(vec![0xff, 0xfe]).is_err());
    }
}
