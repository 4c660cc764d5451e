//! Asks the person at the terminal. An interrupt ends the question at once and leaves the terminal as it was.

use std::io;

use console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Password, Select};

use super::{Terminal, clean, unless_interrupted};

/// Says what is wrong with an answer.
type Check = fn(&str) -> Result<(), &'static str>;

/// Asks for a line of text until it passes the check; Enter takes the default, if there is one.
///
/// # Errors
///
/// If the terminal is gone, or [`io::ErrorKind::Interrupted`] at Ctrl-C or SIGTERM; so for every question here.
pub fn text(
    terminal: &Terminal,
    question: &str,
    default: Option<&str>,
    check: Check,
) -> io::Result<String> {
    let default = default.map(str::to_owned);
    ask(terminal, question, move |theme, question| {
        let check = move |answer: &String| check(answer).map_err(|why| format!("it {why}"));
        let input = input(theme, question, default);
        input.validate_with(check).interact_text()
    })
}

/// Asks for a line of text that may be empty; Enter takes the default, and a space alone empties it.
pub fn optional(
    terminal: &Terminal,
    question: &str,
    default: Option<&str>,
) -> io::Result<Option<String>> {
    let default = default.map(str::to_owned);
    let answer = ask(terminal, question, |theme, question| {
        let input = input(theme, question, default);
        input.allow_empty(true).interact_text()
    })?;
    Ok(Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty()))
}

fn input(theme: &dyn Theme, question: String, default: Option<String>) -> Input<'_, String> {
    let input = Input::with_theme(theme).with_prompt(question);
    match default {
        Some(default) => input.default(default),
        None => input,
    }
}

/// Asks for a password, which is not shown while it is typed.
pub fn password(terminal: &Terminal, question: &str) -> io::Result<String> {
    ask(terminal, question, |theme, question| {
        Password::with_theme(theme).with_prompt(question).interact()
    })
}

/// Asks yes or no; Enter is no.
pub fn yes(terminal: &Terminal, question: &str) -> io::Result<bool> {
    ask(terminal, question, |theme, question| {
        let confirm = Confirm::with_theme(theme).with_prompt(question);
        confirm.default(false).interact()
    })
}

/// Asks for one of these, and returns its place.
pub fn choice(terminal: &Terminal, question: &str, items: Vec<&'static str>) -> io::Result<usize> {
    ask(terminal, question, move |theme, question| {
        let select = Select::with_theme(theme).with_prompt(question);
        select.items(items).default(0).interact()
    })
}

/// Asks, and at an interrupt leaves the terminal as it was.
fn ask<T: Send + 'static>(
    terminal: &Terminal,
    question: &str,
    answer: impl FnOnce(&dyn Theme, String) -> dialoguer::Result<T> + Send + 'static,
) -> io::Result<T> {
    #[cfg(unix)]
    let modes = rustix::termios::tcgetattr(io::stdin());
    let (question, color) = (clean(question).into_owned(), terminal.stderr.color);
    let answer = unless_interrupted(move || {
        let colorful = ColorfulTheme::default();
        let theme: &dyn Theme = if color { &colorful } else { &SimpleTheme };
        answer(theme, question).map_err(|dialoguer::Error::IO(e)| e)
    })
    .flatten();
    if answer.is_err() {
        #[cfg(unix)]
        if let Ok(modes) = modes {
            let drained = rustix::termios::OptionalActions::Drain;
            // A terminal that is gone needs no modes.
            let _ = rustix::termios::tcsetattr(io::stdin(), drained, &modes);
        }
        // A list and a yes-or-no question hide the cursor.
        let _ = Term::stderr().show_cursor();
        // What follows shall not stand in the question's line.
        terminal.to_stderr("\n");
    }
    answer
}
