//! Configuration file, profile, credentials and proxy: which are in force, and what is odd about them. Shows no secret.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::examination::Examination;
use super::refusal::Evidence;
use crate::api::BaseUrl;
use crate::ending::Ending;
use crate::profile::{self, PasswordSource, Setting, Settings, Source};

const NAME: &str = "credentials";

/// Looks at the configuration file and its folder: who can read or change it. What is in it is read elsewhere.
pub fn configuration(found: &mut Examination) {
    let name = "configuration";
    let Some(path) = profile::path() else {
        let finding = "this system names no home directory, so there is no configuration file";
        let advice = "name a file with BANGO_CONFIG, or set everything in the environment";
        return found.warn(name, finding.to_owned(), advice);
    };
    let shown = path.display();
    if std::fs::symlink_metadata(&path).is_err() {
        return found.ok(name, format!("{shown} is not there; it need not be"));
    }
    let wide = |path: &Path, rights| profile::mode(path).filter(|mode| mode & rights != 0);
    if let Some(mode) = wide(&path, 0o077) {
        let finding = format!("{shown} is open to others (mode {mode:o})");
        found.warn(name, finding, &format!("run chmod 600 {shown}"));
    } else if let Some(mode) = path.parent().and_then(|folder| wide(folder, 0o022)) {
        let finding = format!("others can replace files in the folder of {shown} (mode {mode:o})");
        found.warn(name, finding, "run chmod 700 on the folder");
    } else {
        found.ok(name, format!("{shown} is yours alone"));
    }
}

/// Looks at the profile and its credentials, and fetches the password. `None` if there is none.
pub fn credentials(
    found: &mut Examination,
    settings: &Settings,
    evidence: &mut Evidence,
    fetch: impl FnOnce(&PasswordSource) -> Result<SecretString, Ending>,
) -> Option<SecretString> {
    profile(found, settings);
    let (username, password) = match (&settings.username, &settings.password) {
        (Some(username), Some(password)) => (username, password),
        (username, password) => {
            let finding = match (username, password) {
                (None, None) => "nothing is set up: neither user name nor password",
                (None, _) => "no user name is set",
                _ => "no password is set",
            };
            found.fail(NAME, Ending::configuration(finding).next(profile::SET_UP));
            return None;
        }
    };
    let fetched = settings
        .check_origin()
        .and_then(|()| fetch(&password.value));
    let secret = fetched.map_err(|e| found.fail(NAME, e)).ok()?;
    evidence.oddities = oddities(settings, username, password, secret.expose_secret());
    let finding = format!(
        "user {} from {}; password {}, from {}",
        username.value,
        origin(username),
        password.value.place(&password.source),
        origin(password),
    );
    if evidence.oddities.is_empty() {
        found.ok(NAME, finding);
    } else {
        let odd = evidence.oddities.join("; ");
        found.warn(NAME, finding, &format!("{odd}; look whether that is meant"));
    }
    Some(secret)
}

fn is_profile(source: &Source) -> bool {
    matches!(source, Source::Profile(_))
}

/// Where a setting is from, and what it shadows.
fn origin<T>(setting: &Setting<T>) -> String {
    match setting.over() {
        over if over.is_empty() => setting.source.to_string(),
        over => format!("{} ({over})", setting.source),
    }
}

fn profile(found: &mut Examination, settings: &Settings) {
    let base_url = &settings.base_url;
    let api = format!("{} from {}", base_url.value.as_str(), origin(base_url));
    let used = settings.profile.as_ref().map(|profile| {
        let kind = settings.environment.map(profile::Environment::as_str);
        let kind = kind.unwrap_or("not said whether test or live");
        format!("{} from {}, {kind}", profile.value, profile.source)
    });
    let used = used.unwrap_or_else(|| "none is in use".to_owned());
    found.ok("profile", format!("{used}; {api}"));
}

/// What speaks for wrong credentials, without looking anywhere else.
fn oddities(
    settings: &Settings,
    username: &Setting<String>,
    password: &Setting<profile::PasswordSource>,
    secret: &str,
) -> Vec<String> {
    let mut odd = Vec::new();
    let is_quoted =
        |quote| secret.len() > 1 && secret.starts_with(quote) && secret.ends_with(quote);
    if secret.trim() != secret {
        odd.push("the password begins or ends with a space".to_owned());
    } else if is_quoted('"') || is_quoted('\'') {
        odd.push("the password is in quotes, which are sent as part of it".to_owned());
    }
    if username.value.trim() != username.value {
        odd.push("the user name begins or ends with a space".to_owned());
    }
    let (user_from, password_from) = (&username.source, &password.source);
    if is_profile(user_from) != is_profile(password_from) {
        odd.push(format!(
            "the user name is from {user_from} and the password from {password_from}"
        ));
    } else if let Some(shadowed) = password.shadows.first() {
        odd.push(format!(
            "the password from {password_from} shadows that from {shadowed}"
        ));
    }
    let base_url = &settings.base_url;
    if is_profile(password_from) && base_url.shadows.iter().any(is_profile) {
        let source = &base_url.source;
        odd.push(format!(
            "the base URL is from {source} and not the profile's own"
        ));
    }
    odd
}

/// Looks at the proxy settings in force.
pub fn proxy(found: &mut Examination, base_url: &BaseUrl) -> Result<(), Ending> {
    let name = "proxy";
    let unused = ["HTTP_PROXY", "http_proxy"];
    let ignored = unused.iter().find(|name| profile::is_set(name));
    if let Some(proxy) = profile::proxy_for(base_url)? {
        let address = without_login(proxy.value.expose_secret());
        found.ok(name, format!("{address} from {}", proxy.source));
    } else if base_url.is_loopback() {
        found.ok(name, "none; this machine is reached directly");
    } else if let Some(variable) = profile::exception_for(base_url)? {
        let host = base_url.host();
        found.ok(name, format!("none; {variable} excepts {host}"));
    } else if let Some(variable) = ignored {
        let finding = format!("none; {variable} is for plain HTTP and is not used");
        let advice = "set HTTPS_PROXY if requests have to go through a proxy";
        found.warn(name, finding, advice);
    } else {
        found.ok(name, "none is set");
    }
    Ok(())
}

/// A proxy's URL without what stands before the `@`.
fn without_login(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    match rest.rsplit_once('@') {
        Some((_, address)) => format!("{scheme}://{address}, with a login,"),
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::without_login;

    #[test]
    fn a_proxys_login_is_not_shown() {
        for (url, shown) in [
            ("http://p.test:3128", "http://p.test:3128"),
            ("who:secret@p.test", "http://p.test, with a login,"),
            (
                "socks5h://who:sec@ret@p.test:1",
                "socks5h://p.test:1, with a login,",
            ),
        ] {
            assert_eq!(without_login(url), shown);
        }
    }
}
