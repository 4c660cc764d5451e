//! Command lines that the user can run next: the present one again under the same request identifier, or another for the same account.

use std::ffi::OsStr;

use serde_json::{Map, Value};

use super::{Context, asked, globals};
use crate::ending::{Ending, Next};
use crate::terminal::{ask, clean};

impl Context {
    /// Keeps a flag that the user has answered, so that the command can be repeated without asking.
    pub fn remember(&self, flag: impl Into<String>) {
        self.answers.borrow_mut().push(flag.into());
    }

    /// Asks the user for the value of a flag, and keeps it, so that the command can be repeated without asking.
    pub fn ask(
        &self,
        flag: &str,
        question: &str,
        default: Option<&str>,
        check: fn(&str) -> Result<(), &'static str>,
    ) -> Result<String, Ending> {
        let answer = asked(ask::text(&self.terminal, question, default, check))?;
        if answer.starts_with('-') {
            self.remember(format!("{flag}={answer}"));
        } else {
            self.remember(flag);
            self.remember(&answer);
        }
        Ok(answer)
    }

    /// The command line that repeats this one under the same request identifier, quoted for a shell.
    pub fn repeat_command(&self, request_identifier: &str) -> String {
        let flag = ["--request-id", request_identifier];
        let is_there = self.globals.request_id.is_some();
        self.again(if is_there { &[] } else { &flag })
    }

    /// The present command line with what the user has answered and these words, quoted for a shell.
    fn again(&self, more: &[&str]) -> String {
        let mut words: Vec<_> = std::env::args_os().map(|word| quoted(&word)).collect();
        let mut added: Vec<_> = self.answers.borrow().iter().map(quoted).collect();
        added.extend(more.iter().map(quoted));
        let end = words.iter().position(|word| word == "--");
        let end = end.unwrap_or(words.len());
        let reads_stdin = words.iter().any(|word| word == "-" || word.ends_with("=-"));
        words.splice(end..end, added);
        if reads_stdin {
            words.push("# with the same standard input".to_owned());
        }
        words.join(" ")
    }

    /// The JSON document of a failure.
    pub fn failure(&self, ending: &Ending) -> Map<String, Value> {
        ending.document(|next| self.next_line(next), |id| self.repeat_command(id))
    }

    /// What to do next as one line: the sentence, and the command line for the account of the present command.
    pub fn next_line(&self, next: &Next) -> String {
        if let Some(flag) = next.again_with {
            return format!("{}: {}", next.say, self.again(&[flag]));
        }
        if next.run.is_empty() {
            return next.say.to_string();
        }
        let mut words = vec!["bango-ent".to_owned()];
        words.extend(next.run.iter().map(quoted));
        let globals = &self.globals;
        let path: Vec<_> = next.run.iter().map(String::as_str).collect();
        let unused: Vec<_> = [1, 2]
            .iter()
            .flat_map(|length| globals::unused(&path[..path.len().min(*length)]))
            .collect();
        let profile = globals.profile.as_deref().map(OsStr::new);
        let base_url = globals.base_url.as_deref().map(OsStr::new);
        let ca_cert = globals.ca_cert.as_deref().map(OsStr::new);
        for (id, flag, value) in [
            ("profile", "--profile", profile),
            ("base_url", "--base-url", base_url),
            ("ca_cert", "--ca-cert", ca_cert),
        ] {
            let value = value.filter(|_| !unused.contains(&id));
            words.extend(
                value
                    .into_iter()
                    .flat_map(|value| [flag.to_owned(), quoted(value)]),
            );
        }
        if globals.sandbox && !unused.contains(&"sandbox") {
            words.push("--sandbox".to_owned());
        }
        format!("{}: {}", next.say, words.join(" "))
    }
}

/// A word quoted for a shell, also one that is not UTF-8.
pub fn quoted(word: &(impl AsRef<OsStr> + ?Sized)) -> String {
    let word = word.as_ref();
    // What is shown escaped would not be the same word when it is pasted.
    if let Some(text) = word.to_str().filter(|text| clean(text) == *text) {
        return shlex::try_quote(text).map_or_else(|_| String::new(), Into::into);
    }
    let escape = |byte: &u8| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(*byte)),
        b' '..=b'~' => char::from(*byte).to_string(),
        other => format!("\\x{other:02x}"),
    };
    let text: String = word.as_encoded_bytes().iter().map(escape).collect();
    format!("$'{text}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a"), "a");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("a\n\u{200d}'"), "$'a\\x0a\\xe2\\x80\\x8d\\''");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            assert_eq!(quoted(OsStr::from_bytes(b"l\xe9'on")), "$'l\\xe9\\'on'");
        }
    }
}
