//! Asks the system to open a URL that has passed the gate, if there is somebody in front of a display.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use url::Url;

use super::Terminal;

/// A browser that cannot start usually fails within this; one that runs on is not waited for any longer.
const EARLY: Duration = Duration::from_millis(250);

/// What the user wants of the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Open it if a person is likely to see it.
    Auto,
    /// Open it in any case.
    Always,
    /// Never open it.
    Never,
}

/// Opens the URL, or says why not. The URL has been printed before.
pub fn open(terminal: &Terminal, url: &Url, wish: Wish) {
    let reason = match wish {
        Wish::Always => None,
        Wish::Never => return,
        Wish::Auto if !terminal.is_watched() => return,
        Wish::Auto => reason_against(),
    };
    if let Some(reason) = reason {
        terminal.remark(&format!(
            "not opened, {reason}; --browser opens it, --qr draws it for a phone"
        ));
        return;
    }
    match launch(url) {
        Ok(()) => terminal.remark("asked the system to open it"),
        Err(why) => terminal.warn(&format!("the browser could not be started: {why}")),
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Why nobody would see a browser that is opened here.
fn reason_against() -> Option<&'static str> {
    let no_display = cfg!(all(unix, not(target_os = "macos")))
        && !["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"]
            .into_iter()
            .any(is_set);
    if ["SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"]
        .into_iter()
        .any(is_set)
    {
        Some("this is an SSH session")
    } else if is_set("CI") {
        Some("this is CI")
    } else if no_display {
        Some("there is no display")
    } else {
        None
    }
}

/// Starts `$BROWSER`, or the system's own way, without a shell and without waiting for its end.
fn launch(url: &Url) -> Result<(), String> {
    let wanted = std::env::var("BROWSER").unwrap_or_default();
    if wanted.is_empty() {
        return open::that_detached(url.as_str()).map_err(|e| e.to_string());
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
            Err(e) => why = format!("{}: {e}", argv[0]),
        }
    }
    Err(why)
}

/// Starts a command that outlives this one: neither Ctrl-C nor the end of the terminal's session reaches it.
fn start(argv: &[String]) -> Result<(), String> {
    let mut command = Command::new(&argv[0]);
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
