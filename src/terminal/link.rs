//! Makes a URL a link where the terminal is known to take links (OSC 8). The text stays the whole URL. Pure but for the environment.

use std::borrow::Cow;

/// Terminals that take links, by a variable that they alone set.
const BY_VARIABLE: [&str; 5] = [
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "WT_SESSION",
    "WEZTERM_EXECUTABLE",
    "DOMTERM",
];
/// By `TERM_PROGRAM`.
const BY_PROGRAM: [&str; 5] = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"];
/// By `TERM`.
const BY_TERM: [&str; 4] = ["xterm-kitty", "xterm-ghostty", "foot", "alacritty"];
/// Terminals of the VTE library take them since this version, as `VTE_VERSION` spells it.
const VTE: u32 = 5000;

/// Whether the terminal that this process was started in takes links.
pub(super) fn are_known() -> bool {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let term = variable("TERM");
    // What stands between this process and the terminal may take them for text.
    if term.starts_with("screen") || term.starts_with("tmux") {
        return false;
    }
    let vte = variable("VTE_VERSION").parse::<u32>();
    BY_VARIABLE.iter().any(|name| !variable(name).is_empty())
        || BY_PROGRAM.contains(&&*variable("TERM_PROGRAM"))
        || BY_TERM.iter().any(|name| term.starts_with(name))
        || vte.is_ok_and(|version| version >= VTE)
}

/// The text, as a link if it is a URL that holds nothing but printable ASCII: no other byte can end the escape sequence.
pub(super) fn linked(text: &str, links: bool) -> Cow<'_, str> {
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    if links && is_url && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        format!("\u{1b}]8;;{text}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_url_is_a_link_and_its_text_whole() {
        let url = "https://m.example/r?a=1";
        let expected = format!("\u{1b}]8;;{url}\u{1b}\\{url}\u{1b}]8;;\u{1b}\\");
        assert_eq!(linked(url, true), expected);
        assert_eq!(linked(url, false), url);
    }

    proptest! {
        #[test]
        fn no_text_ends_the_sequence_before_its_end(rest in ".*") {
            for text in [rest.clone(), format!("https://m.example/{rest}")] {
                let shown = linked(&text, true);
                let escapes = shown.matches('\u{1b}').count();
                let is_whole = escapes == 4 && !shown.contains('\u{7}');
                prop_assert!(shown == text || is_whole);
            }
        }
    }
}
