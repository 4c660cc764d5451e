//! Puts flags, environment, profile and built-in defaults together into the settings of one run.

use secrecy::SecretString;

use super::file::{ConfigFile, Environment, Profile};
use super::{Error, Password, Setting, Source};
use crate::api::{BaseUrl, Paths};

const PROFILE: &str = "BANGO_PROFILE";
const USERNAME: &str = "BANGO_USERNAME";
const PASSWORD: &str = "BANGO_PASSWORD";
const PASSWORD_FILE: &str = "BANGO_PASSWORD_FILE";
const BASE_URL: &str = "BANGO_BASE_URL";

/// What the command line says about settings.
#[derive(Debug, Default)]
pub struct Flags {
    /// `--profile`
    pub profile: Option<String>,
    /// `--base-url`
    pub base_url: Option<String>,
}

/// The settings of one run.
#[derive(Debug)]
pub struct Settings {
    /// The profile in use, if there is one.
    pub profile: Option<Setting<String>>,
    /// Whether the profile says that its credentials are test or live.
    pub environment: Option<Environment>,
    /// Where the API lives.
    pub base_url: Setting<BaseUrl>,
    /// The user name, if one is set.
    pub username: Option<Setting<String>>,
    /// Where the password is, if it is set.
    pub password: Option<Setting<Password>>,
    /// The default `merchantAccountKey`.
    pub merchant: Option<String>,
    /// The default `productKey`.
    pub product: Option<String>,
    /// The default `notificationUrl`.
    pub notification_url: Option<String>,
    /// The paths of operations that Bango does not document.
    pub paths: Paths,
    /// What is doubtful, for remarks to the user.
    pub warnings: Vec<String>,
}

/// Reads a text variable; an empty one is unset.
fn environment(name: &'static str) -> Option<Setting<String>> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
    Some(Setting {
        value,
        source: Source::Environment(name),
    })
}

impl Settings {
    /// Finds every setting.
    ///
    /// A profile named by a flag goes before the environment; otherwise the environment goes first.
    ///
    /// # Errors
    ///
    /// If the configuration file cannot be used, the profile does not exist, the base URL is not allowed,
    /// or user name and password would come from different places.
    pub fn resolve(flags: Flags, config: ConfigFile) -> Result<Self, Error> {
        let named = match flags.profile {
            Some(value) => Some(Setting {
                value,
                source: Source::Flag("--profile"),
            }),
            None => environment(PROFILE).or_else(|| {
                let value = config.default_profile.clone()?;
                Some(Setting {
                    value,
                    source: Source::Default,
                })
            }),
        };
        let profile = find(named.as_ref(), &config)?;
        let by_flag = named
            .as_ref()
            .is_some_and(|name| matches!(name.source, Source::Flag(_)));
        let from_profile = |value: Option<String>| {
            let source = Source::Profile(named.as_ref()?.value.clone());
            value.map(|value| Setting { value, source })
        };
        let ordered = |variable, value: Option<String>| {
            let (first, second) = (environment(variable), from_profile(value));
            if by_flag {
                second.or(first)
            } else {
                first.or(second)
            }
        };
        let base_url = flags
            .base_url
            .map(|value| Setting {
                value,
                source: Source::Flag("--base-url"),
            })
            .or_else(|| ordered(BASE_URL, profile.base_url.clone()));
        let username = ordered(USERNAME, profile.username.clone());
        let password = password(&profile, named.as_ref(), by_flag);
        let bad_path = |why| Error::new(format!("{why} (in the profile)"));
        profile.paths.check().map_err(bad_path)?;
        same_owner(username.as_ref(), password.as_ref(), &profile)?;
        Ok(Self {
            base_url: parse_base_url(base_url)?,
            username,
            password,
            environment: profile.environment,
            merchant: profile.merchant,
            product: profile.product,
            notification_url: profile.notification_url,
            paths: profile.paths,
            warnings: config.warning.into_iter().collect(),
            profile: named,
        })
    }
}

impl Settings {
    /// The settings for a sandbox on this machine, with nothing of a profile or the environment.
    ///
    /// # Errors
    ///
    /// If the address is not this machine's.
    pub fn for_sandbox(
        base_url: &str,
        username: String,
        password: SecretString,
    ) -> Result<Self, Error> {
        let source = || Source::Flag("--sandbox");
        Ok(Self {
            profile: None,
            environment: None,
            base_url: Setting {
                value: BaseUrl::parse(base_url).map_err(Error::new)?,
                source: source(),
            },
            username: Some(Setting {
                value: username,
                source: source(),
            }),
            password: Some(Setting {
                value: Password::Given(password),
                source: source(),
            }),
            merchant: None,
            product: None,
            notification_url: None,
            paths: Paths::default(),
            warnings: Vec::new(),
        })
    }

    /// Where the telling settings came from, in one line.
    #[must_use]
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

fn find(named: Option<&Setting<String>>, config: &ConfigFile) -> Result<Profile, Error> {
    let Some(named) = named else {
        return Ok(Profile::default());
    };
    config.profiles.get(&named.value).cloned().ok_or_else(|| {
        let known: Vec<_> = config.profiles.keys().map(String::as_str).collect();
        let known = if known.is_empty() {
            "there are no profiles in the configuration file".to_owned()
        } else {
            format!("the profiles are: {}", known.join(", "))
        };
        Error::new(format!("there is no profile named {:?}", named.value)).hint(known)
    })
}

fn parse_base_url(given: Option<Setting<String>>) -> Result<Setting<BaseUrl>, Error> {
    let given = given.unwrap_or_else(|| Setting {
        value: BaseUrl::DOCUMENTED.to_owned(),
        source: Source::Default,
    });
    match BaseUrl::parse(&given.value) {
        Ok(value) => Ok(Setting {
            value,
            source: given.source,
        }),
        Err(why) => Err(Error::new(format!("{why} (from {})", given.source)).bad_value()),
    }
}

fn password(
    profile: &Profile,
    named: Option<&Setting<String>>,
    by_flag: bool,
) -> Option<Setting<Password>> {
    let given = environment(PASSWORD).map(|found| Setting {
        value: Password::Given(found.value.into()),
        source: found.source,
    });
    let in_environment = given.or_else(|| {
        environment(PASSWORD_FILE).map(|found| Setting {
            value: Password::File(found.value.into()),
            source: found.source,
        })
    });
    let command = profile.password_command.clone().map(Password::Command);
    let stored = profile.password.clone().map(Password::Given).or(command);
    let in_profile = stored.zip(named).map(|(value, name)| Setting {
        value,
        source: Source::Profile(name.value.clone()),
    });
    if by_flag {
        in_profile.or(in_environment)
    } else {
        in_environment.or(in_profile)
    }
}

/// Refuses a user name from the environment with the password of a profile for another user.
fn same_owner(
    username: Option<&Setting<String>>,
    password: Option<&Setting<Password>>,
    profile: &Profile,
) -> Result<(), Error> {
    let (Some(username), Some(password)) = (username, password) else {
        return Ok(());
    };
    let from_profile = matches!(password.source, Source::Profile(_));
    if from_profile
        && profile
            .username
            .as_ref()
            .is_some_and(|own| *own != username.value)
    {
        return Err(Error::new(format!(
            "the user name is from {} but the password is from {}, which belongs to another user",
            username.source, password.source
        ))
        .hint("set BANGO_PASSWORD as well, or unset BANGO_USERNAME"));
    }
    Ok(())
}
