//! Where the password comes from, and fetching it only when a request is to be sent.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::keyring::{Keyring, patience};
use super::setting::Source;
use crate::api::json;
use crate::ending::Ending;
use crate::files::trusted;
use crate::program::{self, Limits};

/// A password command or file that has not answered by then is given up, where nobody can be asked.
const TIMEOUT: Duration = Duration::from_secs(10);
/// No password or other secret is longer than this, in bytes.
const LONGEST: usize = 4096;

#[derive(Debug, Clone)]
pub enum PasswordSource {
    Given(SecretString),
    File(PathBuf),
    /// What a command prints: program and arguments, run without a shell.
    Command(Vec<String>),
    Keyring(Keyring),
}

impl PasswordSource {
    /// Where the password is, in words; never the password.
    pub fn place(&self, source: &Source) -> String {
        match self {
            Self::Given(_) => match source {
                Source::Profile(_) => "in the configuration file".to_owned(),
                Source::Flag(_) => "the sandbox's own".to_owned(),
                _ => "in the environment".to_owned(),
            },
            // Neither a path nor a program is shown: it may be the password itself, put in the wrong place.
            Self::File(_) => "in a file of its own".to_owned(),
            Self::Command(_) => "printed by a command".to_owned(),
            Self::Keyring(entry) => format!("in the keyring, entry {}", entry.account()),
        }
    }

    /// Fetches the password: reads the file, runs the command, or asks the keyring, each for a limited time.
    pub fn fetch(&self) -> Result<SecretString, Ending> {
        let secret = match self {
            Self::Given(secret) => checked(secret.clone()),
            Self::File(path) => {
                return read_secret_file(path)
                    .map_err(|why| Ending::configuration(format!("the password file {why}")));
            }
            Self::Command(argv) => {
                return line_of(&run(argv)?).map_err(|why| {
                    unusable(&why).next(
                        r#"the command must print the password alone, as in ["sh", "-c", "pass show bango/test | head -n 1"]"#,
                    )
                });
            }
            Self::Keyring(entry) => checked(entry.read()?),
        };
        secret.map_err(|why| unusable(&why))
    }
}

fn unusable(why: &str) -> Ending {
    Ending::configuration(format!("the password {why}"))
}

/// Reads a password from a stream, such as standard input.
pub fn from_stream(from: impl Read) -> Result<SecretString, Ending> {
    let mut bytes = Vec::new();
    from.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| unusable(&format!("cannot be read: {e}")))?;
    line_of(&bytes).map_err(|why| unusable(&why))
}

/// Reads a secret from a file that only this user and root can have written, or from a pipe, such as a shell's `<(…)`.
/// The error says what is wrong, without the name of the file.
pub fn read_secret_file(path: &Path) -> Result<SecretString, String> {
    let bytes = trusted::read_or_pipe(path, LONGEST as u64 + 1, TIMEOUT)
        .map_err(|e| trusted::why_unread(&e))?;
    line_of(&bytes)
}

/// The one line that a file holds or a command prints: its last newline does not belong to it.
fn line_of(bytes: &[u8]) -> Result<SecretString, String> {
    if bytes.len() > LONGEST {
        return Err(format!("is longer than {LONGEST} bytes"));
    }
    let text = std::str::from_utf8(json::without_mark(bytes)).map_err(|_| "is not UTF-8")?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    checked(line.to_owned().into())
}

fn checked(secret: SecretString) -> Result<SecretString, String> {
    let text = secret.expose_secret();
    if text.is_empty() {
        Err("is empty".to_owned())
    } else if text.chars().any(char::is_control) {
        Err("contains a control character or a second line".to_owned())
    } else {
        Ok(secret)
    }
}

fn run(argv: &[String]) -> Result<Vec<u8>, Ending> {
    if argv.is_empty() {
        let why = "password_command is empty; give a program and its arguments";
        return Err(Ending::configuration(why));
    }
    let failed = |why: String| Ending::configuration(format!("the password command {why}"));
    let limits = Limits {
        input: Vec::new(),
        timeout: patience(TIMEOUT),
        output_limit: LONGEST + 1,
        kills_children: false,
        is_stopped: &|| false,
    };
    let ended = program::command(argv).and_then(|mut command| program::run(&mut command, limits));
    let output = ended.map_err(|e| {
        failed(if e.kind() == io::ErrorKind::TimedOut {
            format!("did not end within {} seconds", patience(TIMEOUT).as_secs())
        } else {
            format!("cannot be run: {e}")
        })
    })?;
    if !output.is_success() {
        return Err(failed(format!("failed ({})", output.status)));
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_newline_is_removed_and_a_second_refused() {
        let command =
            |text: &str| PasswordSource::Command(vec!["printf".into(), text.into()]).fetch();
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
        let given = PasswordSource::Given("elephant-notepad-dancer".into());
        assert!(!format!("{given:?}").contains("elephant"));
    }

    #[test]
    fn a_password_is_whole_or_none() {
        let long = "x".repeat(4096);
        assert!(line_of(long.as_bytes()).is_ok());
        assert!(line_of(format!("{long}y").as_bytes()).is_err());
        assert!(line_of(&[0xff, 0xfe]).is_err());
    }
}
