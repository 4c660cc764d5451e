//! What a command shows, how it ended, and what Bango has done by then; it prints nothing.

use serde_json::Value;

use crate::api::Answer;
use crate::ending::{Code, Ending};
use crate::terminal::{Shown, Terminal};

/// What is done after a result has been shown.
pub type Then = Box<dyn FnOnce(&Terminal)>;

#[derive(Default)]
pub struct Report {
    /// The result; what a failed command found out is shown too.
    pub shown: Option<Shown>,
    /// Why it is no plain success.
    pub ending: Option<Ending>,
    /// In JSON the result stands beside the error; else the error's document is the only one.
    pub is_beside: bool,
    /// Whether it is to be read at leisure, and nothing follows it.
    pub is_long: bool,
    /// What Bango has done: it is told on standard error if the result cannot be written.
    pub acted: Acted,
    /// What is useful to know beside the result.
    pub remarks: Vec<String>,
    /// What follows when the result has been shown, such as opening a browser.
    pub then: Option<Then>,
}

/// What Bango has done by the time that a result is shown.
#[derive(Debug, Default)]
pub enum Acted {
    #[default]
    Not,
    /// It answered a change: the entitlement must not be lost.
    Answered(Box<Answer>),
    /// It answered many; a journal on disk holds them.
    Kept,
}

impl Report {
    pub fn new(shown: impl Into<Shown>) -> Self {
        Self {
            shown: Some(shown.into()),
            ..Self::default()
        }
    }

    /// What a dry run shows: what it would have been about, and that nothing was done.
    pub fn dry_run<const N: usize>(done: &str, about: [(&str, Value); N]) -> Self {
        let dry = [("dryRun", Value::Bool(true))];
        let members = dry.into_iter().chain(about);
        let document = members.map(|(name, value)| (name.to_owned(), value));
        let document = document.collect();
        Self::told(document, format!("dry run: nothing was {done}"))
    }

    /// A result for programs that a remark says to people.
    pub fn told(document: Value, remark: impl Into<String>) -> Self {
        Self::new(Shown::new(document, [])).remark(remark)
    }

    /// Notes that Bango has changed something.
    pub fn acted(self, answer: &Answer) -> Self {
        let acted = Acted::Answered(Box::new(answer.clone()));
        Self { acted, ..self }
    }

    /// Adds a remark, shown after the result.
    pub fn remark(mut self, text: impl Into<String>) -> Self {
        self.remarks.push(text.into());
        self
    }

    /// Ends in another way than success.
    pub fn but(self, ending: Ending) -> Self {
        let ending = Some(ending);
        Self { ending, ..self }
    }

    /// The exit code that the command has earned.
    pub fn code(&self) -> Code {
        self.ending
            .as_ref()
            .map_or(Code::Done, |ending| ending.code)
    }

    /// The exit code when the result could not be written: a failure stays one, and what Bango has done is never called undone.
    pub fn code_if_unwritten(&self, reader_left: bool) -> Code {
        match (&self.acted, self.code()) {
            // What has failed without a result to show keeps its code in every format.
            (_, earned) if self.shown.is_none() && earned != Code::Done => earned,
            (Acted::Answered(_), _) => Code::Unwritten,
            (_, Code::Done) if reader_left => Code::Done,
            (Acted::Kept, Code::Done) => Code::Unwritten,
            (Acted::Not, Code::Done) => Code::Bug,
            (_, earned) => earned,
        }
    }
}

impl From<Ending> for Report {
    /// Nothing to show; what Bango is known to have done is not lost.
    fn from(ending: Ending) -> Self {
        let acted = match &ending.answer {
            Some(answer) => Acted::Answered(answer.clone()),
            None => Acted::Not,
        };
        Self {
            ending: Some(ending),
            acted,
            ..Self::default()
        }
    }
}
