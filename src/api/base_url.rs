//! Where the API lives: which base URLs are allowed, and how a path is joined to one.

use url::Url;

use crate::http::is_loopback;

/// The base URL of the API: HTTPS, or plain HTTP to this machine alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The address that Bango documents for v1, the same for test and live credentials.
    pub const DOCUMENTED: &str = "https://resale.api.bango.net/v1";

    /// Reads a base URL: one of a server, without query and fragment.
    pub fn parse(text: &str) -> Result<Self, String> {
        let what = "the base URL";
        let url = server_url(what, text)?;
        if url.query().is_some() || url.fragment().is_some() {
            let shown = shown(what, text);
            return Err(format!("{shown} must not have a query or a fragment"));
        }
        Ok(Self(url))
    }

    /// Appends path segments, each percent-encoded.
    ///
    /// A segment must not be empty, `.` or `..`: [`check_text`](crate::api::check_text) refuses such ids before they come here.
    pub fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// Puts a path given by the user behind the base URL. Its percent-encoding and query are kept, and it must stay below the base URL.
    pub fn resolve(&self, path: &str) -> Result<Url, String> {
        if path
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return Err("the path contains a space, a backslash or a control character".to_owned());
        }
        let base = self.0.as_str().trim_end_matches('/');
        let own = path
            .strip_prefix(base)
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let given = own.unwrap_or(path);
        if Url::parse(given).is_ok() || given.starts_with("//") {
            return Err(format!(
                "{path} is not below the base URL {base}; credentials are sent nowhere else"
            ));
        }
        let text = format!("{base}/{}", given.trim_start_matches('/'));
        let url = Url::parse(&text).map_err(|e| format!("the path {path} cannot be used: {e}"))?;
        let below = format!("{}/", self.0.path().trim_end_matches('/'));
        // A server may decode a step that the URL itself does not take.
        let decoded = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy();
        let is_step = |segment: &str| segment.split(';').next() == Some("..");
        if url.origin() != self.0.origin()
            || decoded.split(['/', '\\']).any(is_step)
            || !url.path().starts_with(&below)
            || url.fragment().is_some()
        {
            return Err(format!(
                "{path} is not below the base URL {base}; credentials are sent nowhere else"
            ));
        }
        Ok(url)
    }

    /// Whether scheme, host and port are those of another base URL.
    pub fn has_origin_of(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }

    /// The host, for messages.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port, also if it is not written.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// Host and port.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host(), self.port())
    }

    /// Scheme, host and port, as a URL without a path.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Tells whether the API is reached through TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Tells whether the API is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Reads the URL of a server that customers' data may go to: HTTPS, or plain HTTP to this machine alone, and without credentials.
pub fn server_url(what: &str, text: &str) -> Result<Url, String> {
    let shown = shown(what, text);
    let url = Url::parse(text).ok().filter(|_| text.contains("://"));
    let url = url.ok_or_else(|| {
        let whole = with_scheme(text);
        if whole != text && is_place(text) && Url::parse(&whole).is_ok() {
            format!("{shown} has no scheme; write {whole}")
        } else {
            format!("{shown} is not a URL such as https://host.example/path")
        }
    })?;
    let host = url.host().ok_or_else(|| format!("{shown} names no host"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{what} must not contain a user name or password"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&host) => Ok(url),
        "http" => Err(format!(
            "{shown} is plain HTTP to another machine; use https:// (plain HTTP is for 127.0.0.1, [::1] and localhost)"
        )),
        other => Err(format!("{shown} starts with {other}:; use https://")),
    }
}

/// What a person means by `localhost:3000` or `host.example`: plain HTTP on this machine, else HTTPS.
pub fn with_scheme(text: &str) -> String {
    let plain = format!("http://{text}");
    let url = Url::parse(&plain).ok();
    let is_here = url.is_some_and(|url| url.host().is_some_and(|host| is_loopback(&host)));
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    match text {
        // `http:/host` is a slip, not the host `http`.
        _ if text.contains("://") || host.is_empty() || host.ends_with(':') => text.to_owned(),
        _ if is_here => plain,
        _ => format!("https://{text}"),
    }
}

/// Tells whether a text can be meant as an address; a word alone may be a password in the wrong place.
fn is_place(text: &str) -> bool {
    text.contains(['.', ':', '/']) || text.is_empty()
}

/// A URL for a message; what stands before an @ may be a password.
fn shown(what: &str, text: &str) -> String {
    if text.contains('@') || !is_place(text) {
        what.to_owned()
    } else {
        format!("{what} {text:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_this_machine_is_accepted() {
        for good in [
            BaseUrl::DOCUMENTED,
            "https://resale.api.bango.net/v1/",
            "http://127.0.0.1:4242/v1",
            "http://[::1]:4242",
            "http://localhost:1/v1",
        ] {
            assert!(BaseUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "resale.api.bango.net",
            "ftp://resale.api.bango.net",
            "http://resale.api.bango.net/v1",
            "http://127.0.0.1.evil.test",
            "http://x@127.0.0.1",
            "https://x:y@resale.api.bango.net",
            "http://evil.test/?127.0.0.1",
            "http://evil.test/#127.0.0.1",
            "https://resale.api.bango.net/v1?x=1",
            "http://localhost.evil.test",
            "file:///etc/passwd",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_url_without_a_scheme_is_told_with_one() {
        for (text, whole) in [
            (
                "resale.api.bango.net/v1",
                "write https://resale.api.bango.net/v1",
            ),
            ("localhost:4242/v1", "write http://localhost:4242/v1"),
            ("[::1]:4242", "write http://[::1]:4242"),
            ("http:/host.test", "is not a URL such as"),
            ("mailto:x", "is not a URL such as"),
            ("/v1", "is not a URL such as"),
        ] {
            let why = BaseUrl::parse(text).unwrap_err();
            assert!(why.contains(whole), "{why}");
        }
    }

    #[test]
    fn a_path_stays_below_the_base_url() {
        let base = BaseUrl::parse("https://h.test/v1").unwrap();
        for (path, url) in [
            ("entitlement/1", "https://h.test/v1/entitlement/1"),
            ("/entitlement?x=1", "https://h.test/v1/entitlement?x=1"),
            ("https://h.test/v1/echo/1", "https://h.test/v1/echo/1"),
            ("a%2Fb", "https://h.test/v1/a%2Fb"),
        ] {
            assert_eq!(base.resolve(path).unwrap().as_str(), url);
        }
        for bad in [
            "https://evil.test/v1/x",
            "https://h.test.evil.test/v1/x",
            "https://h.test/v10/x",
            "//evil.test/x",
            "../x",
            "a/../../x",
            "%2e%2e/x",
            "a/..%2f..%2fx",
            "..%5Cx",
            "a/..;b/x",
            "http://h.test/v1/x",
            "a b",
            "a\\b",
            "a#b",
            "https://h.test/v1@evil.test/",
        ] {
            assert!(base.resolve(bad).is_err(), "{bad}: {:?}", base.resolve(bad));
        }
    }

    #[test]
    fn segments_are_joined_and_encoded() {
        for base in ["https://h.test/v1", "https://h.test/v1/"] {
            let base = BaseUrl::parse(base).unwrap();
            assert_eq!(
                base.join(&["entitlement"]).as_str(),
                "https://h.test/v1/entitlement"
            );
            assert_eq!(
                base.join(&["entitlement", "a/b ?#%"]).as_str(),
                "https://h.test/v1/entitlement/a%2Fb%20%3F%23%25"
            );
        }
    }
}
