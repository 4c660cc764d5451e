//! Which notifications are shown and handed on (`--only`, and what `replay` takes). Pure.

use crate::api::Notification;
use crate::api::types::field;

/// Statuses and reasons, one of which is enough; none at all is everything.
#[derive(Debug, Clone, Default)]
pub struct Selection(Vec<String>);

impl Selection {
    /// Selects by these words, in any case.
    pub fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    /// Whether everything is selected.
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether a notification has one of the statuses or reasons.
    pub fn takes(&self, notification: &Notification) -> bool {
        let said = [notification.reason(), notification.text(field::STATUS)];
        self.is_everything()
            || said.iter().flatten().any(|said| {
                let is_meant = |word: &String| word.eq_ignore_ascii_case(said);
                self.0.iter().any(is_meant)
            })
    }

    /// The words, as they were given.
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(words: &[&str], body: &str) -> bool {
        let selection = Selection::new(words.iter().map(|word| (*word).to_owned()).collect());
        selection.takes(&Notification::read(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_status_or_a_reason_selects_in_any_case_and_nothing_selects_all() {
        let body = r#"{"reason":"SUSPENSION_SUCCESS","status":"SUSPENDED"}"#;
        assert!(takes(&["suspended"], body) && takes(&["X", "Suspension_Success"], body));
        assert!(takes(&[], body) && takes(&[], "{}"));
        assert!(!takes(&["ACTIVE"], body) && !takes(&["ACTIVE"], "{}"));
    }
}
