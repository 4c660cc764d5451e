//! Asks the person at the terminal. An interrupt ends the question at once and leaves the terminal as it was.

use std::borrow::Cow;
use std::io;

use console::{Term, truncate_str};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Password, Select};

use super::escape::clean;
use super::interrupt::unless_interrupted;
use super::output::Terminal;
use super::page;

/// So many columns are left for an answer, if they are not more than a third of the line.
const ANSWER: usize = 24;

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
        input(theme, question, default).interact_text()
    })?;
    Ok(Some(answer.trim().to_owned()).filter(|answer| !answer.is_empty()))
}

fn input(theme: &dyn Theme, question: String, default: Option<String>) -> Input<'_, String> {
    // Whether it may be empty is for the check to say, in words.
    let input = Input::with_theme(theme)
        .with_prompt(question)
        .allow_empty(true);
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

/// Asks yes or no; `y` or `n` is taken at Enter, and Enter alone is no.
pub fn yes(terminal: &Terminal, question: &str) -> io::Result<bool> {
    ask(terminal, question, |theme, question| {
        let confirm = Confirm::with_theme(theme).with_prompt(question);
        confirm.default(false).wait_for_newline(true).interact()
    })
}

/// Asks for this very text to be typed, and tells whether it was.
pub fn typed(terminal: &Terminal, text: &str) -> io::Result<bool> {
    let question = format!("Type {text} to confirm");
    let answer = ask(terminal, &question, |theme, question| {
        // A wrong answer is not reported as if it were a right one.
        input(theme, question, None).report(false).interact_text()
    })?;
    Ok(answer.trim() == text)
}

/// Asks for one of these, and returns its place; Esc is an interrupt.
pub fn choice(terminal: &Terminal, question: &str, items: &[impl AsRef<str>]) -> io::Result<usize> {
    // A line that is broken could not be drawn again.
    let width = terminal.width.saturating_sub(4);
    let items: Vec<_> = items.iter().map(|item| clean(item.as_ref())).collect();
    let short = items.iter().map(|item| truncate_str(item, width, "…"));
    let short: Vec<_> = short.map(Cow::into_owned).collect();
    let with_keys = format!("{question} (arrow keys, then Enter)");
    let place = ask(terminal, &with_keys, move |theme, question| {
        let select = Select::with_theme(theme).with_prompt(question);
        let chosen = select.items(short).default(0).report(false);
        let chosen = chosen.interact_opt()?;
        chosen.ok_or_else(|| io::Error::from(io::ErrorKind::Interrupted).into())
    })?;
    terminal.statement(&format!("{question} {}", items[place]));
    Ok(place)
}

/// Asks, and at an interrupt leaves the terminal as it was.
fn ask<T: Send + 'static>(
    terminal: &Terminal,
    question: &str,
    answer: impl FnOnce(&dyn Theme, String) -> dialoguer::Result<T> + Send + 'static,
) -> io::Result<T> {
    #[cfg(unix)]
    let modes = rustix::termios::tcgetattr(io::stdin());
    // The question stands in one line, or it could not be drawn again; what is before its last line is printed.
    let width = terminal.width - ANSWER.min(terminal.width / 3);
    let lines = page::wrap(&clean(question), width, "");
    let (before, question) = lines.rsplit_once('\n').unwrap_or(("", &lines));
    if !before.is_empty() {
        terminal.to_stderr(&format!("{before}\n"));
    }
    let (question, color) = (question.to_owned(), terminal.stderr.color);
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
