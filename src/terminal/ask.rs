//! Asks the person at the terminal.

use dialoguer::Input;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};

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
    Ok(input.interact_text()?)
}
