//! Decides whether a URL that a server sent may be shown as a link and opened. Pure.

use url::Url;

use crate::hidden::is_hidden;
use crate::http::is_loopback;

/// The longest URL that Bango documents, in characters.
const LONGEST: usize = 10_000;

/// Checks a URL from the server and returns it as a browser reads it. Plain HTTP to this machine passes only from an API that
/// is on this machine as well: no other server may reach into it.
pub fn safe_url(text: &str, api_is_here: bool) -> Result<Url, &'static str> {
    if text.chars().count() > LONGEST {
        return Err("is longer than 10,000 characters");
    }
    if text.chars().any(|c| is_hidden(c) || c.is_whitespace()) {
        return Err("contains a control, invisible or space character");
    }
    if text.contains('\\') {
        return Err("contains a backslash, which browsers read in different ways");
    }
    let url = Url::parse(text).map_err(|_| "is not an absolute URL")?;
    // The parser takes the first word of the path for a host that is missing.
    if authority(text).is_empty() {
        return Err("names no host");
    }
    let host = url.host().ok_or("names no host")?;
    let spelt_out = |scheme: &str| {
        let head = text.get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    match url.scheme() {
        "https" if spelt_out("https://") => {}
        "http" if spelt_out("http://") && is_loopback(&host) && api_is_here => {}
        "http" => return Err("is plain HTTP, which is only for a sandbox on this machine"),
        _ => return Err("is not an https:// URL"),
    }
    if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
        return Err("contains a user name, which can disguise the real host");
    }
    Ok(url)
}

/// The part between `//` and the path.
fn authority(text: &str) -> &str {
    let after = text.split_once("//").map_or("", |(_, rest)| rest);
    after.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn good_urls_pass() {
        for good in [
            "https://merchant.example/register?token=abc%20d#x",
            "HTTPS://merchant.example",
            "https://xn--bcher-kva.example/",
            "http://127.0.0.1:4242/register/abc",
            "http://[::1]:4242/register/abc",
            "http://localhost:4242/register/abc",
            "https://merchant.example/?next=a@b",
        ] {
            assert!(safe_url(good, true).is_ok(), "{good}");
            let is_tls = good.to_lowercase().starts_with("https");
            assert_eq!(safe_url(good, false).is_ok(), is_tls, "{good}");
        }
    }

    #[test]
    fn bad_urls_are_named() {
        let long = format!("https://m.example/{}", "a".repeat(LONGEST));
        for bad in [
            "",
            "merchant.example",
            "//merchant.example/",
            "http://merchant.example/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
            "https://user@evil.example/",
            "https://user:pw@evil.example/",
            "https://@evil.example/",
            "https:/evil.example",
            "https:///evil.example",
            "https:evil.example",
            "https:\\\\evil.example",
            "https://good.example\\@evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://merchant.example/",
            "https://",
            "https://m.example/\u{1b}[31m",
            "https://m.example/\r\nX: y",
            "https://m.example/\u{202e}gpj",
            "https://m.example/\u{200b}",
            "https://m.example/ -oProxyCommand=x",
            " https://m.example/",
            "--help",
            long.as_str(),
        ] {
            assert!(safe_url(bad, true).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_passes_is_safe(text in r"(https?://)?.*") {
            if let Ok(url) = safe_url(&text, true) {
                prop_assert!(url.as_str().starts_with("http"));
                prop_assert!(!url.as_str().contains(|c: char| c.is_control() || c == ' '));
            }
        }
    }
}
