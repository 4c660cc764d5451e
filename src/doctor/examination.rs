//! All that `doctor` looked at, and how each check came out.

use serde::Serialize;

use super::refusal::Refusal;
use crate::ending::Ending;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Ok,
    /// Works, and deserves a look.
    Warning,
    /// Calls cannot succeed.
    Failed,
    /// Could not be looked at, or need not be.
    Skipped,
}

#[derive(Debug, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub verdict: Verdict,
    pub finding: String,
    pub advice: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub struct Examination {
    pub checks: Vec<Check>,
    /// Which cause of a refusal is likelier, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// How the first check that failed ends a command.
    #[serde(skip)]
    pub cause: Option<Ending>,
}

impl Examination {
    pub fn ok(&mut self, name: &'static str, finding: impl Into<String>) {
        self.note(name, Verdict::Ok, finding.into(), None);
    }

    pub fn skip(&mut self, name: &'static str, why: impl Into<String>) {
        self.note(name, Verdict::Skipped, why.into(), None);
    }

    pub fn warn(&mut self, name: &'static str, finding: String, advice: &str) {
        self.note(name, Verdict::Warning, finding, Some(advice.to_owned()));
    }

    /// Notes that something keeps calls from succeeding, and how that ends a command.
    pub fn fail(&mut self, name: &'static str, cause: impl Into<Ending>) {
        let cause = cause.into();
        self.fail_as(name, cause.message.clone(), cause);
    }

    /// Like [`fail`](Self::fail), with a finding that says more than the ending's message.
    pub fn fail_as(&mut self, name: &'static str, finding: String, cause: Ending) {
        let advice = cause.next.as_ref().map(|next| next.say.to_string());
        self.note(name, Verdict::Failed, finding, advice);
        self.cause.get_or_insert(cause);
    }

    fn note(
        &mut self,
        name: &'static str,
        verdict: Verdict,
        finding: String,
        advice: Option<String>,
    ) {
        self.checks.push(Check {
            name,
            verdict,
            finding,
            advice,
        });
    }
}
