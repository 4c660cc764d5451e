//! Asks the person at the terminal.

use std::io;

use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::{Terminal, on_interrupt, to_stderr};

/// Asks for a line of text until it passes the check; Enter takes the default, if there is one.
///
/// # Errors
///
/// If the terminal is gone, or [`io::ErrorKind::Interrupted`] at Ctrl-C; so for every question here.
pub fn text(
    terminal: &Terminal,
    question: &str,
    default: Option<&str>,
    check: fn(&str) -> Result<(), &'static str>,
) -> io::Result<String> {
    let theme = theme(terminal);
    let mut input = Input::<String>::with_theme(&*theme)
        .with_prompt(question)
        .validate_with(move |answer: &String| check(answer).map_err(|why| format!("it {why}")));
    if let Some(default) = default {
        input = input.default(default.to_owned());
    }
    ended(|| input.interact_text())
}

/// Asks for a line of text, whatever it is.
pub fn any_text(terminal: &Terminal, question: &str) -> io::Result<String> {
    let theme = theme(terminal);
    let input = Input::with_theme(&*theme)
        .with_prompt(question)
        .allow_empty(true);
    ended(|| input.interact_text())
}

/// Asks yes or no; Enter is no.
pub fn yes(terminal: &Terminal, question: &str) -> io::Result<bool> {
    let theme = theme(terminal);
    let confirm = Confirm::with_theme(&*theme)
        .with_prompt(question)
        .default(false);
    ended(|| confirm.interact())
}

/// Asks for one of these, and returns its place.
pub fn choice(terminal: &Terminal, question: &str, items: &[&str]) -> io::Result<usize> {
    let theme = theme(terminal);
    let select = Select::with_theme(&*theme)
        .with_prompt(question)
        .items(items)
        .default(0);
    ended(|| select.interact())
}

/// Runs a question so that an interrupt ends it and not the process: its end can be told then.
fn ended<T>(ask: impl FnOnce() -> dialoguer::Result<T>) -> io::Result<T> {
    on_interrupt(|| ());
    ask().map_err(|dialoguer::Error::IO(e)| {
        // What follows shall not stand in the question's line.
        to_stderr("\n");
        e
    })
}

fn theme(terminal: &Terminal) -> Box<dyn Theme> {
    if terminal.stderr.color {
        Box::new(ColorfulTheme::default())
    } else {
        Box::new(SimpleTheme)
    }
}
