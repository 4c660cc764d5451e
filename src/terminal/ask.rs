//! Asks the person at the terminal.

use std::io;

use dialoguer::Input;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};

use super::{Terminal, on_interrupt, to_stderr};

/// Asks for a line of text until it passes the check; Enter takes the default, if there is one.
///
/// # Errors
///
/// If the terminal is gone, or [`io::ErrorKind::Interrupted`] at Ctrl-C.
pub fn text(
    terminal: &Terminal,
    question: &str,
    default: Option<&str>,
    check: fn(&str) -> Result<(), &'static str>,
) -> io::Result<String> {
    // An interrupt shall end the question and not the process, so that its end can be told.
    on_interrupt(|| ());
    let colorful = ColorfulTheme::default();
    let theme: &dyn Theme = if terminal.stderr.color {
        &colorful
    } else {
        &SimpleTheme
    };
    let mut input = Input::<String>::with_theme(theme)
        .with_prompt(question)
        .validate_with(move |answer: &String| check(answer).map_err(|why| format!("it {why}")));
    if let Some(default) = default {
        input = input.default(default.to_owned());
    }
    input.interact_text().map_err(|dialoguer::Error::IO(e)| {
        // What follows shall not stand in the question's line.
        to_stderr("\n");
        e
    })
}
