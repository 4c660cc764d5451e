//! What the user was asked, and the command line that repeats a request without asking again.

use super::Context;
use crate::ending::Ending;
use crate::terminal::ask;

impl Context {
    /// Keeps a flag that the user has answered, so that the command can be repeated without asking.
    pub fn remember(&self, flag: &[&str]) {
        let mut answers = self.answers.borrow_mut();
        answers.extend(flag.iter().map(|word| (*word).to_owned()));
    }

    /// Asks the user for the value of a flag, and keeps it, so that the command can be repeated without asking.
    ///
    /// # Errors
    ///
    /// If the terminal is gone or the user ends it there.
    pub fn ask(
        &self,
        flag: &str,
        question: &str,
        default: Option<&str>,
        check: fn(&str) -> Result<(), &'static str>,
    ) -> anyhow::Result<String> {
        let answer = asked(ask::text(&self.terminal, question, default, check))?;
        self.remember(&[flag, &answer]);
        Ok(answer)
    }

    /// The command line that repeats this one under the same request identifier, quoted for a shell.
    #[must_use]
    pub fn repeat_command(&self, request_identifier: &str) -> String {
        let mut words: Vec<_> = std::env::args_os()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let mut added = self.answers.borrow().clone();
        if self.globals.request_id.is_none() {
            added.extend(["--request-id".to_owned(), request_identifier.to_owned()]);
        }
        let end = words
            .iter()
            .position(|word| word == "--")
            .unwrap_or(words.len());
        words.splice(end..end, added);
        shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
    }
}

/// What a question came to: an interrupt there is no error of the terminal's.
///
/// # Errors
///
/// If the terminal is gone or the user ended it there.
pub fn asked<T>(answer: std::io::Result<T>) -> anyhow::Result<T> {
    answer.map_err(|e| {
        if e.kind() == std::io::ErrorKind::Interrupted {
            anyhow::Error::from(Ending::interrupted())
        } else {
            anyhow::Error::from(e).context("the question could not be asked")
        }
    })
}
