//! Finds the route of a request by its method and its path. The routes are in `routes`.

use super::routes::{ROUTES, Route};

/// What a method and a path lead to.
pub enum Found {
    /// A route, and the argument in the path, decoded.
    Route(&'static Route, String),
    /// The path exists with these methods only.
    Methods(Vec<&'static str>),
    /// Nothing.
    Nothing,
}

/// Finds the route of a request.
#[must_use]
pub fn find(method: &str, path: &str) -> Found {
    let mut methods = Vec::new();
    let mut best: Option<&str> = None;
    for route in ROUTES {
        let Some(argument) = matches(route.path, path) else {
            continue;
        };
        if best.is_some_and(|best| best != route.path) {
            continue;
        }
        best = Some(route.path);
        if route.method == method || (method == "HEAD" && route.method == "GET") {
            return Found::Route(route, argument);
        }
        methods.push(route.method);
    }
    if methods.is_empty() {
        Found::Nothing
    } else {
        Found::Methods(methods)
    }
}

/// Compares a path by segments, and returns the decoded argument.
fn matches(pattern: &str, path: &str) -> Option<String> {
    let mut argument = String::new();
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return Some(argument),
            (Some(pattern), Some(segment)) if pattern.starts_with('{') => {
                argument = decode(segment)?;
            }
            (Some(pattern), Some(segment)) if pattern == segment => {}
            _ => return None,
        }
    }
}

/// Decodes percent-encoding; nothing for an empty segment, or for bytes that are not UTF-8.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(method: &str, path: &str) -> String {
        match find(method, path) {
            Found::Route(route, argument) => format!("{} {argument}", route.name),
            Found::Methods(methods) => format!("only {}", methods.join(", ")),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn paths_lead_to_their_routes() {
        assert_eq!(name("POST", "/v1/entitlement"), "create ");
        assert_eq!(name("GET", "/v1/entitlement/a%2Fb%20c"), "get a/b c");
        assert_eq!(name("POST", "/v1/entitlement/report"), "report ");
        assert_eq!(name("POST", "/v1/entitlement/cancel/x"), "cancel x");
        assert_eq!(name("HEAD", "/"), "dashboard ");
        assert_eq!(name("DELETE", "/v1/entitlement"), "only POST, PATCH");
        assert_eq!(name("GET", "/v1/entitlement/"), "nothing");
        assert_eq!(name("GET", "/v1/entitlement/%ff"), "nothing");
        assert_eq!(name("GET", "/v1//entitlement"), "nothing");
        assert_eq!(name("GET", "/v1/entitlement/%4"), "nothing");
    }
}
