//! Who may hand in a notification: the checks before its body is read. It compares secrets in constant time and keeps none in clear in a `Debug`.

use std::iter::repeat;

use base64::Engine as _;
use secrecy::{ExposeSecret, SecretString};
use subtle::{Choice, ConstantTimeEq};

use crate::server::{Body, Request, Response};

/// How Bango proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// HTTP Basic; the secret is `user:password`.
    Basic,
    /// An `X-Api-Key` header.
    ApiKey,
    /// `Authorization: Bearer`.
    Bearer,
}

/// Why a request is not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status of the answer.
    pub status: u16,
    /// For people.
    pub why: String,
    header: Option<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without a header of its own.
    #[must_use]
    pub fn new(status: u16, why: impl Into<String>) -> Self {
        Self {
            status,
            why: why.into(),
            header: None,
        }
    }

    /// The answer.
    #[must_use]
    pub fn response(&self) -> Response {
        let kind = ("content-type", "text/plain; charset=utf-8".to_owned());
        Response {
            status: self.status,
            headers: [kind].into_iter().chain(self.header.clone()).collect(),
            body: Body::Bytes(format!("{}\n", self.why).into_bytes()),
        }
    }
}

/// Lets requests in, or not.
#[derive(Debug)]
pub struct Gatekeeper(Option<Lock>);

#[derive(Debug)]
struct Lock {
    scheme: Scheme,
    /// What the header must hold, after the scheme's name.
    expected: SecretString,
}

impl Gatekeeper {
    /// Lets in whoever proves itself, or everybody.
    #[must_use]
    pub fn new(auth: Option<(Scheme, SecretString)>) -> Self {
        Self(auth.map(|(scheme, secret)| {
            Lock {
                scheme,
                expected: match scheme {
                    Scheme::Basic => base64::engine::general_purpose::STANDARD
                        .encode(secret.expose_secret())
                        .into(),
                    Scheme::ApiKey | Scheme::Bearer => secret,
                },
            }
        }))
    }

    /// Looks at method and headers.
    ///
    /// # Errors
    ///
    /// 405 if it is no POST, 403 if a web page sent it, 401 if it does not prove itself.
    pub fn check(&self, request: &Request) -> Result<(), Refusal> {
        if request.method != "POST" {
            return Err(Refusal {
                header: Some(("allow", "POST".to_owned())),
                ..Refusal::new(405, "notifications are taken by POST")
            });
        }
        // Browsers send it with every POST from a page; a server does not. A page that the developer
        // visits must not be able to hand in notifications on the loopback address.
        if request.header("origin").is_some() {
            return Err(Refusal::new(403, "web pages may not send notifications"));
        }
        match &self.0 {
            Some(lock) if !lock.opens(request) => Err(Refusal {
                header: Some(("www-authenticate", lock.challenge().to_owned())),
                ..Refusal::new(401, "the authentication is missing or wrong")
            }),
            _ => Ok(()),
        }
    }
}

impl Lock {
    fn opens(&self, request: &Request) -> bool {
        let given = match self.scheme {
            Scheme::ApiKey => request.header("x-api-key").map(str::trim),
            Scheme::Basic => after(request, "basic"),
            Scheme::Bearer => after(request, "bearer"),
        };
        given.is_some_and(|given| same(self.expected.expose_secret(), given))
    }

    fn challenge(&self) -> &'static str {
        match self.scheme {
            Scheme::Basic => "Basic realm=\"bango-ent listen\"",
            Scheme::ApiKey => "X-Api-Key",
            Scheme::Bearer => "Bearer",
        }
    }
}

/// What follows the scheme's name in the `Authorization` header.
fn after<'a>(request: &'a Request, scheme: &str) -> Option<&'a str> {
    let (name, rest) = request.header("authorization")?.trim().split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// Compares in a time that depends on the length of `expected` alone.
fn same(expected: &str, given: &str) -> bool {
    let padded = given.bytes().chain(repeat(0));
    let bytes = expected.bytes().zip(padded);
    let start = Choice::from(u8::from(expected.len() == given.len()));
    bytes.fold(start, |same, (a, b)| same & a.ct_eq(&b)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(method: &str, headers: &[(&str, &str)]) -> Request {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Request {
            method: method.to_owned(),
            path: "/".to_owned(),
            query: None,
            headers: headers.iter().map(owned).collect(),
            body: Vec::new(),
            peer: ([127, 0, 0, 1], 1).into(),
        }
    }

    fn status(gatekeeper: &Gatekeeper, headers: &[(&str, &str)]) -> u16 {
        gatekeeper
            .check(&request("POST", headers))
            .map_or_else(|refusal| refusal.response().status, |()| 200)
    }

    #[test]
    fn each_scheme_takes_its_own_header_and_nothing_else() {
        let basic = "Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=";
        let lower = basic.replacen("Basic", "basic", 1);
        let pair = "MyOrganization:elephant-notepad-dancer";
        for (scheme, secret, good) in [
            (Scheme::Basic, pair, ("authorization", basic)),
            (Scheme::Basic, pair, ("authorization", lower.as_str())),
            (Scheme::ApiKey, "k-1", ("x-api-key", "k-1")),
            (Scheme::Bearer, "t-1", ("authorization", "Bearer t-1")),
        ] {
            let gatekeeper = Gatekeeper::new(Some((scheme, secret.into())));
            assert_eq!(status(&gatekeeper, &[good]), 200, "{scheme:?}");
            for bad in [
                ("authorization", "Bearer k-1"),
                ("authorization", "Basic t-1"),
                ("authorization", "Bearer t-12"),
                ("authorization", "Bearer t-"),
                ("authorization", "Bearer "),
                ("authorization", "t-1"),
                ("authorization", ""),
                ("x-api-key", "t-1"),
                ("x-api-key", ""),
                ("x-other", secret),
            ] {
                assert_eq!(status(&gatekeeper, &[bad]), 401, "{scheme:?} {bad:?}");
            }
            assert_eq!(status(&gatekeeper, &[]), 401);
        }
        assert_eq!(status(&Gatekeeper::new(None), &[]), 200);
    }

    #[test]
    fn other_methods_and_web_pages_are_refused() {
        let open = Gatekeeper::new(None);
        for method in ["GET", "PUT", "OPTIONS", "DELETE"] {
            assert_eq!(open.check(&request(method, &[])).unwrap_err().status, 405);
        }
        assert_eq!(status(&open, &[("origin", "https://evil.example")]), 403);
    }

    #[test]
    fn the_secret_is_not_shown_by_debug() {
        let gatekeeper = Gatekeeper::new(Some((Scheme::Bearer, "elephant".into())));
        assert!(!format!("{gatekeeper:?}").contains("elephant"));
    }

    proptest! {
        #[test]
        fn only_equal_texts_are_the_same(a in "[ab\\x00]{0,4}", b in "[ab\\x00]{0,4}") {
            prop_assert_eq!(same(&a, &b), a == b);
        }
    }
}
