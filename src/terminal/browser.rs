//! Asks the system to open a URL that has passed the gate, if there is somebody in front of a display.

use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use url::Url;

use super::output::Terminal;
use crate::http::{in_words, is_loopback};

/// A browser that cannot start usually fails within this; one that runs on is not waited for any longer.
const EARLY: Duration = Duration::from_millis(250);

/// A browser that is wanted by no flag.
const BROWSER_NONE: &str = "BROWSER is none";

/// When the browser is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// If a person is likely to see it.
    Seen,
    Always,
    Never,
}

/// Opens the URL, or says why not. The URL has been printed before, and perhaps been drawn.
pub fn open(terminal: &Terminal, url: &Url, when: When, is_drawn: bool) {
    let reason = match when {
        When::Never => return,
        When::Seen if !terminal.is_watched() => return,
        // No flag changes it, so none is named.
        _ if variable("BROWSER") == "none" => Some(BROWSER_NONE),
        When::Always => None,
        When::Seen => reason_against(),
    };
    let Some(reason) = reason else {
        return match launch(url) {
            Ok(()) => terminal.remark("asked the system to open it"),
            Err(why) => terminal.warn(&format!("the browser could not be started: {why}")),
        };
    };
    let is_here = url.host().is_some_and(|host| is_loopback(&host));
    let flag = (reason != BROWSER_NONE).then_some("; --browser opens it");
    let drawn = (!is_drawn && !is_here).then_some("; --qr draws it for a phone");
    let (flag, drawn) = (flag.unwrap_or_default(), drawn.unwrap_or_default());
    terminal.remark(&format!("not opened, {reason}{flag}{drawn}"));
}

fn variable(name: &str) -> String {
    let value = std::env::var_os(name).unwrap_or_default();
    value.to_string_lossy().into_owned()
}

/// Why nobody would see a browser that is opened here.
fn reason_against() -> Option<&'static str> {
    let is_set = |name| !variable(name).is_empty();
    let has_browser = is_set("BROWSER");
    let is_remote = ["SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"]
        .into_iter()
        .any(is_set);
    let has_display = cfg!(not(all(unix, not(target_os = "macos"))))
        || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
            .into_iter()
            .any(is_set);
    if !["", "0", "false", "no"].contains(&variable("CI").to_lowercase().as_str()) {
        Some("this is CI")
    } else if has_browser {
        None
    } else if is_remote {
        Some("this is an SSH session")
    } else if !has_display {
        Some("there is no display")
    } else {
        None
    }
}

/// Starts `$BROWSER`, or the system's own way, without a shell and without waiting for its end.
fn launch(url: &Url) -> Result<(), String> {
    let wanted = variable("BROWSER");
    if wanted.is_empty() {
        // What it says of a program that failed is for programmers.
        return open::that_detached(url.as_str()).map_err(|e| match e.kind() {
            ErrorKind::Other => "the system's program for it failed".to_owned(),
            _ => in_words(&e),
        });
    }
    let mut why = format!("BROWSER={wanted} names none");
    for candidate in wanted
        .split(':')
        .filter(|candidate| !candidate.trim().is_empty())
    {
        let Some(argv) = arguments(candidate, url.as_str()) else {
            why = format!("BROWSER={candidate} is not a command");
            continue;
        };
        match start(&argv) {
            Ok(()) => return Ok(()),
            Err(e) => why = format!("{}: {}", argv[0], in_words(&e)),
        }
    }
    Err(why)
}

/// Starts a command that outlives this one: neither Ctrl-C nor the end of the terminal's session reaches it.
fn start(argv: &[String]) -> Result<(), String> {
    let mut command = Command::new(&argv[0]);
    crate::program::without_secrets(&mut command);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command
        .args(&argv[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
    let since = Instant::now();
    while since.elapsed() < EARLY {
        match child.try_wait() {
            Ok(Some(status)) if !status.success() => return Err(status.to_string()),
            Ok(Some(_)) | Err(_) => return Ok(()),
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    Ok(())
}

/// Splits a `$BROWSER` candidate into words; the URL takes the place of `%s`, or comes last, as one argument.
fn arguments(candidate: &str, url: &str) -> Option<Vec<String>> {
    let words = shlex::split(candidate).filter(|words| !words.is_empty())?;
    let has_place = words.iter().any(|word| word.contains("%s"));
    let mut argv: Vec<_> = words
        .into_iter()
        .map(|word| word.replace("%s", url))
        .collect();
    if !has_place {
        argv.push(url.to_owned());
    }
    Some(argv)
}

#[cfg(test)]
mod tests {
    use super::arguments;

    #[test]
    fn the_url_is_one_argument_whatever_is_in_it() {
        let url = "https://m.example/?a=1&b=$(id);c='d'";
        assert_eq!(arguments("firefox", url).unwrap(), ["firefox", url]);
        assert_eq!(
            arguments("firefox --new-tab %s", url).unwrap(),
            ["firefox", "--new-tab", url]
        );
        assert_eq!(
            arguments("'my browser' -x", url).unwrap(),
            ["my browser", "-x", url]
        );
        assert_eq!(arguments("'unfinished", url), None);
    }
}
