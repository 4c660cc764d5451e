//! Who may hand in a notification, decided on a request's head. It compares secrets in constant time and shows none by `Debug`.

use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use crate::http::AuthScheme;
use crate::server::{Request, Response};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status of the answer.
    pub status: u16,
    /// For people.
    pub why: String,
    header: Option<(&'static str, &'static str)>,
}

impl Refusal {
    /// A refusal without a header of its own.
    pub fn new(status: u16, why: impl Into<String>) -> Self {
        let (why, header) = (why.into(), None);
        Self {
            status,
            why,
            header,
        }
    }

    /// The answer.
    pub fn response(&self) -> Response {
        let kind = "text/plain; charset=utf-8";
        let response = Response::new(self.status, kind, format!("{}\n", self.why));
        match self.header {
            Some((name, value)) => response.with(name, value),
            None => response,
        }
    }
}

/// Lets in who proves itself, or everybody.
#[derive(Debug)]
pub struct Auth(pub Option<(AuthScheme, SecretString)>);

impl Auth {
    /// Looks at method and headers: 405 if it is no POST, 403 if a web page sent it, 401 if it does not prove itself.
    pub fn check(&self, head: &Request) -> Result<(), Refusal> {
        if head.method != "POST" {
            return Err(Refusal {
                header: Some(("allow", "POST")),
                ..Refusal::new(405, "notifications are taken by POST")
            });
        }
        // Browsers send it with every POST from a page; a server does not. A page that the developer
        // visits must not be able to hand in notifications on the loopback address.
        if head.header("origin").is_some() {
            return Err(Refusal::new(403, "web pages may not send notifications"));
        }
        match &self.0 {
            Some((scheme, secret)) if !proves(*scheme, secret, head) => Err(Refusal {
                header: Some(("www-authenticate", challenge(*scheme))),
                ..Refusal::new(401, "the authentication is missing or wrong")
            }),
            _ => Ok(()),
        }
    }
}

/// Tells whether a request carries the secret; what is compared are digests, so that time tells nothing, not even a length.
fn proves(scheme: AuthScheme, secret: &SecretString, head: &Request) -> bool {
    let (name, expected) = scheme.header(secret);
    let expected = expected.expose_secret();
    let word = expected.split(' ').next().unwrap_or_default();
    let given = head.header(name).unwrap_or_default().trim();
    let given = match given.split_once(' ') {
        // The word before the secret may be in any case.
        Some((said, rest)) if scheme != AuthScheme::ApiKey && said.eq_ignore_ascii_case(word) => {
            format!("{word} {}", rest.trim())
        }
        _ => given.to_owned(),
    };
    let sum = |text: &str| digest(&SHA256, text.as_bytes());
    let (expected, given) = (sum(expected), sum(&given));
    expected.as_ref().ct_eq(given.as_ref()).into()
}

fn challenge(scheme: AuthScheme) -> &'static str {
    match scheme {
        AuthScheme::Basic => "Basic realm=\"bango-ent listen\"",
        AuthScheme::ApiKey => "X-Api-Key",
        AuthScheme::Bearer => "Bearer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(auth: &Auth, method: &str, headers: &[(&str, &str)]) -> u16 {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let head = Request {
            method: method.to_owned(),
            path: "/".to_owned(),
            query: None,
            headers: headers.iter().map(owned).collect(),
            body: Vec::new(),
            peer: ([127, 0, 0, 1], 1).into(),
        };
        auth.check(&head)
            .map_or_else(|refusal| refusal.response().status, |()| 200)
    }

    #[test]
    fn each_scheme_takes_its_own_header_and_nothing_else() {
        let basic = "Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=";
        let lower = basic.replacen("Basic", "basic", 1);
        let pair = "MyOrganization:elephant-notepad-dancer";
        for (scheme, secret, good) in [
            (AuthScheme::Basic, pair, ("authorization", basic)),
            (AuthScheme::Basic, pair, ("authorization", lower.as_str())),
            (AuthScheme::ApiKey, "k 1", ("x-api-key", "k 1")),
            (AuthScheme::Bearer, "t-1", ("authorization", "Bearer  t-1 ")),
        ] {
            let auth = Auth(Some((scheme, secret.into())));
            assert_eq!(status(&auth, "POST", &[good]), 200, "{scheme:?}");
            for bad in [
                ("authorization", "Bearer k 1"),
                ("authorization", "Basic t-1"),
                ("authorization", "Bearer t-12"),
                ("authorization", "Bearer t-"),
                ("authorization", "Bearer "),
                ("authorization", "t-1"),
                ("authorization", ""),
                ("x-api-key", "t-1"),
                ("x-api-key", "K 1"),
                ("x-api-key", ""),
                ("x-other", secret),
            ] {
                assert_eq!(status(&auth, "POST", &[bad]), 401, "{scheme:?} {bad:?}");
            }
            assert_eq!(status(&auth, "POST", &[]), 401);
            assert!(!format!("{auth:?}").contains(secret));
        }
    }

    #[test]
    fn other_methods_and_web_pages_are_refused() {
        let open = Auth(None);
        assert_eq!(status(&open, "POST", &[]), 200);
        for method in ["GET", "PUT", "OPTIONS", "DELETE"] {
            assert_eq!(status(&open, method, &[]), 405);
        }
        assert_eq!(
            status(&open, "POST", &[("origin", "https://evil.example")]),
            403
        );
    }
}
