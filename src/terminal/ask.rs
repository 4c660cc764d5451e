//! Asks the person at the terminal.

use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::Terminal;

/// Asks for a line of text until it passes the check; Enter takes the default, if there is one.
///
/// # Errors
///
/// If the terminal is gone.
pub fn text(
    terminal: &Terminal,
    question: &str,
    default: Option<&str>,
    check: fn(&str) -> Result<(), &'static str>,
) -> anyhow::Result<String> {
    let theme = theme(terminal);
    let mut input = Input::<String>::with_theme(&*theme)
        .with_prompt(question)
        .validate_with(move |answer: &String| check(answer).map_err(|why| format!("it {why}")));
    if let Some(default) = default {
        input = input.default(default.to_owned());
    }
    Ok(input.interact_text()?)
}

/// Asks for a line of text, whatever it is.
///
/// # Errors
///
/// If the terminal is gone.
pub fn any_text(terminal: &Terminal, question: &str) -> anyhow::Result<String> {
    let theme = theme(terminal);
    let input = Input::with_theme(&*theme)
        .with_prompt(question)
        .allow_empty(true);
    Ok(input.interact_text()?)
}

/// Asks yes or no; Enter is no.
///
/// # Errors
///
/// If the terminal is gone.
pub fn yes(terminal: &Terminal, question: &str) -> anyhow::Result<bool> {
    let theme = theme(terminal);
    let confirm = Confirm::with_theme(&*theme)
        .with_prompt(question)
        .default(false);
    Ok(confirm.interact()?)
}

/// Asks for one of these, and returns its place.
///
/// # Errors
///
/// If the terminal is gone.
pub fn choice(terminal: &Terminal, question: &str, items: &[&str]) -> anyhow::Result<usize> {
    let theme = theme(terminal);
    let select = Select::with_theme(&*theme)
        .with_prompt(question)
        .items(items)
        .default(0);
    Ok(select.interact()?)
}

fn theme(terminal: &Terminal) -> Box<dyn Theme> {
    if terminal.stderr.color {
        Box::new(ColorfulTheme::default())
    } else {
        Box::new(SimpleTheme)
    }
}
