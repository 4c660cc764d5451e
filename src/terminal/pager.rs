//! Shows what is longer than the screen in the user's pager. What has to be escaped has been.

use std::io::{self, IsTerminal as _, Seek as _, Write as _};

/// What shows a text page by page unless `PAGER` names another; it quits at once if the text fits.
const PAGER: &str = "less";
/// How that one does so, unless `LESS` says otherwise.
const OPTIONS: (&str, &str) = ("LESS", "FRX");

/// Puts the pager in the place of this process if the text does not fit a screen of so many lines, so that no signal and no key has
/// two readers. Whoever calls it has nothing left to do but to print the text, if it returns.
#[cfg(unix)]
pub(super) fn page(text: &str, lines: usize) {
    let wanted = std::env::var("PAGER").unwrap_or_else(|_| PAGER.to_owned());
    let argv = shlex::split(&wanted).unwrap_or_default();
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    let fits = text.lines().count() < lines;
    let has_keys = io::stdin().is_terminal();
    if fits || is_dumb || !has_keys || argv.is_empty() || argv == ["cat"] {
        return;
    }
    // What cannot be paged is printed.
    let _ = replace(&argv, text);
}

#[cfg(unix)]
fn replace(argv: &[String], text: &str) -> io::Result<()> {
    use std::os::unix::process::CommandExt as _;

    // A pipe would need somebody who writes into it.
    let mut file = tempfile::tempfile()?;
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    let mut command = std::process::Command::new(&argv[0]);
    crate::program::without_secrets(&mut command);
    if std::env::var_os(OPTIONS.0).is_none() {
        command.env(OPTIONS.0, OPTIONS.1);
    }
    Err(command.args(&argv[1..]).stdin(file).exec())
}

/// Elsewhere no process can take the place of another.
#[cfg(not(unix))]
pub(super) fn page(_: &str, _: usize) {}
