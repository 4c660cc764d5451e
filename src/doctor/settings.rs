//! Configuration file, profile, credentials and proxy: which are in force, and what is odd about them. Shows no secret.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::Examination;
use super::refusal::Evidence;
use crate::api::BaseUrl;
use crate::ending::Ending;
use crate::profile::{self, Setting, Settings, Source};

const NAME: &str = "credentials";

/// Looks at the configuration file and its folder: who can read or change it. What is in it is read elsewhere.
pub fn configuration(found: &mut Examination) {
    let name = "configuration";
    let Some(path) = profile::path() else {
        found.warn(
            name,
            "this system names no home directory, so there is no configuration file",
            "name a file with BANGO_CONFIG, or set everything in the environment",
        );
        return;
    };
    let shown = path.display();
    if std::fs::symlink_metadata(&path).is_err() {
        return found.ok(name, format!("{shown} is not there; it need not be"));
    }
    let wide = |path: &Path, rights| profile::mode(path).filter(|mode| mode & rights != 0);
    if let Some(mode) = wide(&path, 0o077) {
        let finding = format!("{shown} is open to others (mode {mode:o})");
        found.warn(name, finding, format!("run chmod 600 {shown}"));
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
) -> Option<SecretString> {
    profile(found, settings);
    let (Some(username), Some(password)) = (&settings.username, &settings.password) else {
        missing(found, settings);
        return None;
    };
    let secret = match password.value.fetch() {
        Ok(secret) => secret,
        Err(e) => {
            found.fail(NAME, e);
            return None;
        }
    };
    *evidence = gather(settings, username, password, &secret);
    let of_profile = matches!(password.source, Source::Profile(_));
    let finding = format!(
        "user {} from {}{}; password {}, from {}{}",
        username.value,
        username.source,
        over(&username.shadows),
        password.value.place(of_profile),
        password.source,
        over(&password.shadows),
    );
    match evidence.oddities() {
        [] => found.ok(NAME, finding),
        odd => found.warn(
            NAME,
            finding,
            format!("{}; look whether that is meant", odd.join("; ")),
        ),
    }
    Some(secret)
}

fn over(shadows: &[Source]) -> String {
    let names: Vec<_> = shadows.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(" (over {})", names.join(" and "))
    }
}

fn profile(found: &mut Examination, settings: &Settings) {
    let name = "profile";
    let api = format!(
        "{} from {}{}",
        settings.base_url.value.as_str(),
        settings.base_url.source,
        over(&settings.base_url.shadows)
    );
    let Some(profile) = &settings.profile else {
        found.ok(name, format!("none is in use; {api}"));
        return;
    };
    let kind = settings
        .environment
        .map_or("not said whether test or live", |kind| kind.as_str());
    let finding = format!("{} from {}, {kind}; {api}", profile.value, profile.source);
    found.ok(name, finding);
}

fn missing(found: &mut Examination, settings: &Settings) {
    let finding = match (&settings.username, &settings.password) {
        (None, None) => "nothing is set up: neither user name nor password",
        (None, _) => "no user name is set",
        _ => "no password is set",
    };
    let advice = "run bango-ent auth login, or set BANGO_USERNAME and BANGO_PASSWORD";
    found.fail(NAME, Ending::configuration(finding).next(advice));
}

/// What speaks for wrong credentials, without looking anywhere else.
fn gather(
    settings: &Settings,
    username: &Setting<String>,
    password: &Setting<profile::Password>,
    secret: &SecretString,
) -> Evidence {
    let mut odd = Vec::new();
    let text = secret.expose_secret();
    let is_quoted = |quote| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    if text.trim() != text {
        odd.push("the password begins or ends with a space".to_owned());
    } else if is_quoted('"') || is_quoted('\'') {
        odd.push("the password is in quotes, which are sent as part of it".to_owned());
    }
    if username.value.trim() != username.value {
        odd.push("the user name begins or ends with a space".to_owned());
    }
    let is_profile = |source: &Source| matches!(source, Source::Profile(_));
    if is_profile(&username.source) != is_profile(&password.source) {
        odd.push(format!(
            "the user name is from {} and the password from {}",
            username.source, password.source
        ));
    } else if let Some(shadowed) = password.shadows.first() {
        odd.push(format!(
            "the password from {} shadows that from {shadowed}",
            password.source
        ));
    }
    let base_url = &settings.base_url;
    if is_profile(&password.source) && base_url.shadows.iter().any(is_profile) {
        odd.push(format!(
            "the base URL is from {} and not the profile's own",
            base_url.source
        ));
    }
    Evidence::new(odd)
}

/// Looks at the proxy settings in force.
///
/// # Errors
///
/// If they cannot be read.
pub fn proxy(found: &mut Examination, base_url: &BaseUrl) -> Result<(), Ending> {
    let name = "proxy";
    let unused = ["HTTP_PROXY", "http_proxy"];
    let ignored = unused.iter().find(|name| std::env::var_os(name).is_some());
    if let Some(proxy) = profile::proxy_for(base_url)? {
        let address = without_login(proxy.value.expose_secret());
        found.ok(name, format!("{address} from {}", proxy.source));
    } else if base_url.is_loopback() {
        found.ok(name, "none; this machine is reached directly");
    } else if let Some(variable) = profile::exception_for(base_url)? {
        let host = base_url.host();
        found.ok(name, format!("none; {variable} excepts {host}"));
    } else if let Some(variable) = ignored {
        found.warn(
            name,
            format!("none; {variable} is for plain HTTP and is not used"),
            "set HTTPS_PROXY if requests have to go through a proxy",
        );
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
