//! `--on-failure`: a program of the user's learns how a command failed. It comes last, and changes nothing of how the command ended.

use std::io;
use std::time::Duration;

use serde_json::{Map, Value};

use super::Context;
use crate::http::in_words;
use crate::profile::ConfigFile;
use crate::program::Argv;

const TIMEOUT: Duration = Duration::from_secs(30);
/// Empty, it names none: a program that runs this tool again shall not be told of that one's failure.
const VARIABLE: &str = "BANGO_ON_FAILURE";

impl Context {
    /// Hands a failure to the program that is to learn of it, if there is one; a dry run has not failed at anything.
    pub fn report_failure(&self, document: impl FnOnce() -> Map<String, Value>) {
        let Some((argv, origin)) = self.on_failure().filter(|_| !self.globals.dry_run) else {
            return;
        };
        let Some(name) = argv.first() else { return };
        let input = format!("{}\n", Value::Object(document())).into_bytes();
        let why = match Argv(argv.clone()).tell(input, &[(VARIABLE, "")], TIMEOUT, &|| false) {
            Ok(status) if status.success() => return,
            Ok(status) => format!("ended with {status}"),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                format!("was ended after {} seconds", TIMEOUT.as_secs())
            }
            Err(error) => format!("could not be run: {}", in_words(&error)),
        };
        self.terminal
            .error(&format!("the program {name} of {origin} {why}"));
    }

    /// The program that learns of a failure, and what names it; without words it is none.
    pub fn on_failure(&self) -> Option<(Vec<String>, &'static str)> {
        match &self.globals.on_failure {
            Some(argv) => Some((argv.0.clone(), "--on-failure")),
            None if self.globals.sandbox => None,
            None => ConfigFile::on_failure(self.globals.profile.clone())
                .map(|argv| (argv, "on_failure in the profile")),
        }
    }
}
