//! Puts flags, environment, profile and built-in defaults together into the settings of one run.

use secrecy::SecretString;

use super::file::{ConfigFile, Environment, Profile};
use super::password::PasswordSource;
use super::setting::{Setting, Source, environment, switch};
use crate::api::{BaseUrl, Paths};
use crate::ending::Ending;

const USERNAME: &str = "BANGO_USERNAME";
const PASSWORD: &str = "BANGO_PASSWORD";
const PASSWORD_FILE: &str = "BANGO_PASSWORD_FILE";
const BASE_URL: &str = "BANGO_BASE_URL";
const READ_ONLY: &str = "BANGO_READ_ONLY";
/// What next, where credentials are not set.
pub const SET_UP: &str = "without an account add --sandbox; else run bango-ent auth login, or set BANGO_USERNAME and BANGO_PASSWORD";

/// What the command line says about settings.
#[derive(Debug, Default)]
pub struct Flags {
    pub profile: Option<String>,
    pub base_url: Option<String>,
    pub read_only: bool,
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub profile: Option<Setting<String>>,
    /// Whether the profile says that its credentials are test or live.
    pub environment: Option<Environment>,
    pub base_url: Setting<BaseUrl>,
    /// The base URL that the profile's password is for; none if it cannot be read.
    pub own_url: Option<BaseUrl>,
    pub username: Option<Setting<String>>,
    pub password: Option<Setting<PasswordSource>>,
    pub merchant: Option<String>,
    pub product: Option<String>,
    pub notification_url: Option<String>,
    pub paths: Paths,
    /// What says that nothing may be changed, if anything does: none of them takes that back.
    pub read_only: Option<Source>,
    pub history: bool,
    pub warnings: Vec<String>,
}

impl Settings {
    /// Finds every setting.
    ///
    /// A profile named by a flag goes before the environment; otherwise the environment goes first.
    pub fn resolve(flags: Flags, config: ConfigFile) -> Result<Self, Ending> {
        let by_flag = flags.profile.is_some();
        let named = config.chosen(flags.profile)?;
        let profile = match &named {
            Some(named) => match config.profile(&named.value) {
                // A word in the wrong place of the file may be the password.
                Err(ending) if matches!(named.source, Source::DefaultProfile) => {
                    let message = "default_profile names no profile that there is".to_owned();
                    return Err(Ending { message, ..ending });
                }
                profile => profile?.clone(),
            },
            None => Profile::default(),
        };
        let by_profile = named.as_ref().filter(|_| profile.read_only == Some(true));
        let by_profile = by_profile.map(|named| Source::Profile(named.value.clone()));
        let read_only = read_only(flags.read_only)?.or(by_profile);
        let from_profile = |value: Option<String>| {
            let source = Source::Profile(named.as_ref()?.value.clone());
            value.map(|value| Setting::new(value, source))
        };
        // Environment before profile, unless the profile was named by a flag.
        let found = |name, own: &Option<String>| {
            let mut found = [environment(name)?, from_profile(own.clone())];
            if by_flag {
                found.reverse();
            }
            Ok::<_, Ending>(found)
        };
        let flag = flags.base_url;
        let flag = flag.map(|url| Setting::new(url, Source::Flag("--base-url")));
        let others = found(BASE_URL, &profile.base_url)?;
        let base_url = Setting::first([flag].into_iter().chain(others));
        let username = Setting::first(found(USERNAME, &profile.username)?);
        let password = password(&profile, named.as_ref(), by_flag)?;
        let bad_path = |why| Ending::configuration(format!("{why} (in the profile)"));
        profile.paths.check().map_err(bad_path)?;
        same_owner(username.as_ref(), password.as_ref(), &profile)?;
        let own_url = profile.base_url.as_deref().unwrap_or(BaseUrl::DOCUMENTED);
        let own_url = BaseUrl::parse(own_url).ok();
        Ok(Self {
            own_url,
            base_url: parse_base_url(base_url)?,
            username,
            password,
            environment: profile.environment,
            merchant: profile.merchant,
            product: profile.product,
            notification_url: profile.notification_url,
            paths: profile.paths,
            read_only,
            history: config.history,
            warnings: config.warning.into_iter().collect(),
            profile: named,
        })
    }

    /// Why nothing may be changed at Bango, if so.
    pub fn why_read_only(&self) -> Option<String> {
        let source = self.read_only.as_ref()?;
        Some(format!(
            "nothing may be changed at Bango (read-only, from {source})"
        ))
    }

    /// Why the password is not sent, if a profile keeps it for another origin than that of the base URL.
    pub fn other_origin(&self) -> Option<String> {
        let (password, to) = (self.password.as_ref()?, &self.base_url);
        let own = self.own_url.as_ref();
        let is_own = own.is_some_and(|own| own.has_origin_of(&to.value));
        if is_own || !matches!(password.source, Source::Profile(_)) {
            return None;
        }
        Some(format!(
            "the password from {} is for {}, and is not sent to {} (from {})",
            password.source,
            own.map_or("an address that cannot be read", BaseUrl::as_str),
            to.value.as_str(),
            to.source
        ))
    }

    /// Refuses to send a password that a profile keeps to another origin than the profile's own; nothing has been fetched then.
    pub fn check_origin(&self) -> Result<(), Ending> {
        let Some(message) = self.other_origin() else {
            return Ok(());
        };
        let named = self.profile.as_ref().map(|profile| &profile.source);
        let without = match named {
            Some(Source::Flag(flag)) => format!(", and leave out {flag}"),
            _ => String::new(),
        };
        Err(Ending::refused_locally(message).next(format!(
            "set that address up as a profile of its own (bango-ent auth login --profile NAME --base-url URL), or set BANGO_USERNAME and BANGO_PASSWORD as well{without}",
        )))
    }

    /// The settings for a sandbox on this machine, with nothing of a profile or the environment.
    pub fn for_sandbox(
        flags: &Flags,
        base_url: &str,
        username: String,
        password: SecretString,
    ) -> Result<Self, Ending> {
        let source = || Source::Flag("--sandbox");
        Ok(Self {
            own_url: None,
            profile: None,
            environment: None,
            base_url: Setting::new(
                BaseUrl::parse(base_url).map_err(Ending::configuration)?,
                source(),
            ),
            username: Some(Setting::new(username, source())),
            password: Some(Setting::new(PasswordSource::Given(password), source())),
            merchant: None,
            product: None,
            notification_url: None,
            paths: Paths::default(),
            read_only: read_only(flags.read_only)?,
            history: false,
            warnings: Vec::new(),
        })
    }

    /// Where the telling settings came from, in one line.
    pub fn summary(&self) -> String {
        let profile = self.profile.as_ref().map_or_else(
            || "no profile".to_owned(),
            |profile| format!("profile {} ({})", profile.value, profile.source),
        );
        let user = self.username.as_ref().map_or_else(
            || "no user".to_owned(),
            |user| format!("user {} ({})", user.value, user.source),
        );
        let base_url = &self.base_url;
        format!(
            "{profile}; {user}; {} ({})",
            base_url.value.as_str(),
            base_url.source
        )
    }
}

/// Checks a user name: Basic authentication ends it at the first colon, and carries no control character.
pub fn check_username(text: &str) -> Result<(), &'static str> {
    if text.trim().is_empty() {
        Err("is empty")
    } else if text.contains(':') || text.chars().any(char::is_control) {
        Err("contains a colon or a control character")
    } else {
        Ok(())
    }
}

/// What says, outside of a profile, that nothing may be changed.
fn read_only(by_flag: bool) -> Result<Option<Source>, Ending> {
    let flag = by_flag.then_some(Source::Flag("--read-only"));
    let variable = switch(READ_ONLY)?.then_some(Source::Environment(READ_ONLY));
    Ok(flag.or(variable))
}

fn parse_base_url(given: Option<Setting<String>>) -> Result<Setting<BaseUrl>, Ending> {
    let given =
        given.unwrap_or_else(|| Setting::new(BaseUrl::DOCUMENTED.to_owned(), Source::Default));
    match BaseUrl::parse(&given.value) {
        Ok(url) => Ok(given.map(|_| url)),
        Err(why) => {
            let message = format!("{why} (from {})", given.source);
            Err(match given.source {
                Source::Profile(_) => Ending::configuration(message),
                _ => Ending::usage(message),
            })
        }
    }
}

fn password(
    profile: &Profile,
    named: Option<&Setting<String>>,
    by_flag: bool,
) -> Result<Option<Setting<PasswordSource>>, Ending> {
    let given = environment(PASSWORD)?;
    let given = given.map(|found| found.map(|text| PasswordSource::Given(text.into())));
    let file = environment(PASSWORD_FILE)?;
    let file = file.map(|found| found.map(|text| PasswordSource::File(text.into())));
    let stored = named.and_then(|name| {
        let source = Source::Profile(name.value.clone());
        Some(Setting::new(profile.stored_password(&name.value)?, source))
    });
    Ok(Setting::first(if by_flag {
        [stored, given, file]
    } else {
        [given, file, stored]
    }))
}

/// Refuses a user name from the environment with the password of a profile for another user.
fn same_owner(
    username: Option<&Setting<String>>,
    password: Option<&Setting<PasswordSource>>,
    profile: &Profile,
) -> Result<(), Ending> {
    let (Some(username), Some(password)) = (username, password) else {
        return Ok(());
    };
    let from_profile = matches!(password.source, Source::Profile(_));
    let own = profile.username.as_ref().filter(|_| from_profile);
    if own.is_some_and(|own| *own != username.value) {
        return Err(Ending::configuration(format!(
            "the user name is from {} but the password is from {}, which belongs to another user",
            username.source, password.source
        ))
        .next("set BANGO_PASSWORD as well, or unset BANGO_USERNAME"));
    }
    Ok(())
}
