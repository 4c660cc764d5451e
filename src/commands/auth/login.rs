//! `auth login`: takes credentials, asks Bango whether they are good, and saves them as a profile. A failure saves nothing.

use secrecy::SecretString;
use serde_json::json;

use super::super::profile::{not_of_the_sandbox, save};
use super::super::{echo, fields};
use crate::api::{BaseUrl, check_text};
use crate::context::{Argv, Context, asked};
use crate::ending::Ending;
use crate::profile::{
    self, Editor, Environment, Flags, Keyring, PasswordSource, Profile, Settings,
};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone, ask, unless_interrupted};

/// The name of the first profile, if none is given.
const FIRST_NAME: &str = "default";

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bango-ent auth login\n  \
    bango-ent auth login --profile live --username Shop --password-command 'pass show bango/live'\n  \
    bango-ent auth login --username Shop --password-stdin --store file < password.txt\n  \
    bango-ent auth login --profile eu --platform eu --username Shop\n\n\
    At a terminal what is missing is asked for. There is no flag for the password itself: other users of the machine can \
    read flags. The password is kept in the system's keyring unless --store file or --password-command says otherwise; \
    if there is no keyring nothing is saved. --profile names the profile, and --base-url its API; with --read-only nothing \
    can be changed with it.")]
#[group(skip)]
pub struct Args {
    /// The user name of the credentials
    #[arg(long, value_name = "NAME", value_parser = username)]
    username: Option<String>,

    #[command(flatten)]
    password: PasswordArgs,

    /// Keep the password here [default: keyring]
    #[arg(long, value_name = "PLACE", conflicts_with = "command")]
    store: Option<Place>,

    /// Bango's platform, in place of --base-url
    #[arg(long, value_name = "PLATFORM", conflicts_with = "base_url")]
    platform: Option<Platform>,

    /// What the credentials act on; changes by a live profile are announced
    #[arg(long, value_name = "KIND")]
    environment: Option<Environment>,

    /// The merchant that commands take if none is given (merchantAccountKey)
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    merchant: Option<String>,

    /// The service that commands take if none is given (productKey)
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    product: Option<String>,

    /// The URL for changes that create takes if none is given (notificationUrl)
    #[arg(long, value_name = "URL", value_parser = fields::notification_url)]
    notification_url: Option<String>,

    /// Save without asking Bango whether the credentials are good
    #[arg(long)]
    no_verify: bool,
}

// Where the password comes from.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct PasswordArgs {
    /// Read the password from standard input
    #[arg(long = "password-stdin")]
    stdin: bool,

    /// Read the password from this file, once
    #[arg(long = "password-file", value_name = "FILE")]
    file: Option<std::path::PathBuf>,

    /// Run this whenever the password is needed, without a shell; the password itself is kept nowhere
    #[arg(long = "password-command", value_name = "COMMAND", value_parser = Argv::parse)]
    command: Option<Argv>,
}

impl PasswordArgs {
    const fn is_given(&self) -> bool {
        self.stdin || self.file.is_some() || self.command.is_some()
    }
}

/// Where the password is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Place {
    /// The system's keyring
    Keyring,
    /// The configuration file, which only you may read
    File,
}

/// Bango's platforms. That the newer ones are reached below /v1 is inferred for all but entitlements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Platform {
    /// The documented one, test and live by credentials
    V1,
    /// The newer platform's sandbox
    Sandbox,
    /// The newer platform, United States
    Us,
    /// The newer platform, Asia and Pacific
    Ap,
    /// The newer platform, Europe
    Eu,
}

impl Platform {
    const fn base_url(self) -> &'static str {
        match self {
            Self::V1 => BaseUrl::DOCUMENTED,
            Self::Sandbox => "https://resale.api.sandbox.bango.com/v1",
            Self::Us => "https://us.resale.api.bango.com/v1",
            Self::Ap => "https://ap.resale.api.bango.com/v1",
            Self::Eu => "https://eu.resale.api.bango.com/v1",
        }
    }

    /// What its credentials act on; where both kinds are used nothing follows.
    const fn environment(self) -> Option<Environment> {
        match self {
            Self::V1 => None,
            Self::Sandbox => Some(Environment::Test),
            Self::Us | Self::Ap | Self::Eu => Some(Environment::Live),
        }
    }
}

enum Secret {
    Given(SecretString),
    Command(Vec<String>),
}

fn username(text: &str) -> Result<String, String> {
    profile::check_username(text)
        .map(|()| text.to_owned())
        .map_err(|why| format!("it {why}"))
}

/// Sets up a profile and saves it. After an error nothing has been saved.
pub fn run(cx: &Context, mut args: Args) -> Result<Report, Ending> {
    not_of_the_sandbox(cx)?;
    let mut editor = Editor::open()?;
    let name = name(cx, &editor)?;
    let old = editor.config().profiles.get(&name);
    let old = old.cloned().unwrap_or_default();
    let (verifies, store) = (!args.no_verify, args.store);
    let asks = cx.terminal.can_ask() && (args.username.is_none() || !args.password.is_given());
    let (mut profile, secret) = gather(cx, &mut args, &old, asks)?;
    let settings = candidate(&editor, &name, &profile, &secret)?;
    if cx.is_dry_run() && verifies {
        let client = cx.client_for(&settings)?;
        return cx.preview(&client, client.echo("id"));
    } else if cx.is_dry_run() {
        return Ok(Report::dry_run("changed", []));
    }
    if verifies {
        if profile::is_set("BANGO_BASE_URL") {
            let tried = settings.base_url.value.as_str();
            cx.terminal.remark(&format!(
                "BANGO_BASE_URL is not used here; the credentials are tried at {tried}"
            ));
        }
        verify(cx, &settings).inspect_err(|_| {
            cx.terminal
                .warn("nothing was saved; --no-verify saves without asking Bango");
        })?;
    }
    if asks {
        ask_defaults(cx, &args, &mut profile)?;
    }
    let kept = keep(cx, &name, profile, secret, store, editor.path())?;
    editor.put(&name, &kept)?;
    if editor.config().default_profile.is_none() {
        editor.set_default(Some(&name));
    }
    let shown = saved(&editor, (&name, &kept), verifies);
    let (entry, before) = (kept.entry(&name), old.entry(&name));
    if let Err(ending) = save(cx, editor) {
        // What the file does not name must not stay behind.
        if let Some(entry) = entry.filter(|entry| Some(entry) != before.as_ref()) {
            let _ = entry.remove();
        }
        return Err(ending);
    }
    if let Some(left) = before.filter(|left| Some(left) != entry.as_ref())
        && let Err(e) = left.remove()
    {
        cx.terminal
            .warn(&format!("the old password is still there: {e}"));
    }
    let report = Report::new(shown);
    Ok(if verifies {
        report.remark(format!("checked at {}", settings.base_url.value.as_str()))
    } else {
        report
    })
}

/// The profile's name: the flag's, the environment's, the default one, or the first one's.
fn name(cx: &Context, editor: &Editor) -> Result<String, Ending> {
    let named = editor.config().chosen(cx.flags().profile)?;
    let name = named.map_or_else(|| FIRST_NAME.to_owned(), |named| named.value);
    check_text(&name).map_err(|why| Ending::usage(format!("the profile's name {why}")))?;
    Ok(name)
}

/// Takes what the flags say, asks for the credentials that are missing and where to try them, and keeps what the profile had.
fn gather(
    cx: &Context,
    args: &mut Args,
    old: &Profile,
    asks: bool,
) -> Result<(Profile, Secret), Ending> {
    let mut secret = given_secret(&args.password)?;
    if let Some(platform) = args.platform {
        args.environment = args.environment.or(platform.environment());
        if platform != Platform::V1 {
            cx.terminal.remark(INFERRED);
        }
    }
    let mut base_url = given_url(cx, args).or_else(|| old.base_url.clone());
    if asks {
        (secret, base_url) = ask_credentials(cx, args, secret, old)?;
    }
    let passwords = "one of --password-stdin, --password-file and --password-command";
    let missing = [
        args.username.is_none().then_some("--username"),
        secret.is_none().then_some(passwords),
    ];
    let missing: Vec<_> = missing.into_iter().flatten().collect();
    let Some(secret) = secret.filter(|_| missing.is_empty()) else {
        return Err(Ending::usage(format!("missing {}", missing.join(" and ")))
            .next("give the flags; without a terminal nothing is asked for"));
    };
    let kept = |given: &Option<String>, old: &Option<String>| given.clone().or_else(|| old.clone());
    let profile = Profile {
        username: args.username.clone(),
        base_url,
        environment: args.environment.or(old.environment),
        merchant: kept(&args.merchant, &old.merchant),
        product: kept(&args.product, &old.product),
        notification_url: kept(&args.notification_url, &old.notification_url),
        read_only: cx.flags().read_only.then_some(true).or(old.read_only),
        ..old.without_password()
    };
    Ok((profile, secret))
}

/// What is not known of the newer platforms.
const INFERRED: &str = "Bango documents this platform's host; that every path begins with /v1 there is inferred, and --base-url sets another";

fn given_url(cx: &Context, args: &Args) -> Option<String> {
    let named = args.platform.map(|platform| platform.base_url().to_owned());
    named.or_else(|| cx.flags().base_url)
}

/// Asks for what the credentials need to be tried, where the flags do not say it.
fn ask_credentials(
    cx: &Context,
    args: &mut Args,
    secret: Option<Secret>,
    old: &Profile,
) -> Result<(Option<Secret>, Option<String>), Ending> {
    let terminal = &cx.terminal;
    if args.username.is_none() {
        let known = old.username.as_deref();
        let check = profile::check_username;
        args.username = Some(asked(ask::text(terminal, "User name", known, check))?);
    }
    let secret = match secret {
        Some(secret) => secret,
        None => Secret::Given(asked(ask::password(terminal, "Password (not shown)"))?.into()),
    };
    let base_url = if let Some(url) = given_url(cx, args) {
        url
    } else {
        let known = old.base_url.as_deref().unwrap_or(BaseUrl::DOCUMENTED);
        asked(ask::text(terminal, "Base URL", Some(known), check_base_url))?
    };
    Ok((Some(secret), Some(base_url)))
}

/// Asks, once the credentials are known to be good, for what the flags do not say; an answer may be empty.
fn ask_defaults(cx: &Context, args: &Args, profile: &mut Profile) -> Result<(), Ending> {
    if args.environment.is_none() {
        profile.environment = Some(ask_environment(cx, profile.environment)?);
    }
    for (given, what, default) in [
        (&args.merchant, "merchant", &mut profile.merchant),
        (&args.product, "product", &mut profile.product),
    ] {
        if given.is_none() {
            let question = format!("Default {what} (may be empty)");
            *default = asked(ask::optional(&cx.terminal, &question, default.as_deref()))?;
        }
    }
    Ok(())
}

fn check_base_url(text: &str) -> Result<(), &'static str> {
    BaseUrl::parse(text)
        .map(drop)
        .map_err(|_| "must be an https:// URL, or an http:// URL of this machine")
}

fn ask_environment(cx: &Context, old: Option<Environment>) -> Result<Environment, Ending> {
    let mut kinds = [Environment::Test, Environment::Live];
    if old == Some(Environment::Live) {
        kinds.reverse();
    }
    let words = kinds.map(Environment::as_str).to_vec();
    let question = "These credentials are for";
    Ok(kinds[asked(ask::choice(&cx.terminal, question, &words))?])
}

fn given_secret(args: &PasswordArgs) -> Result<Option<Secret>, Ending> {
    let read = if args.stdin {
        unless_interrupted(|| profile::from_stream(std::io::stdin()))
    } else if let Some(path) = &args.file {
        let file = PasswordSource::File(path.clone());
        unless_interrupted(move || file.fetch())
    } else {
        let command = args.command.as_ref();
        return Ok(command.map(|Argv(argv)| Secret::Command(argv.clone())));
    };
    Ok(Some(Secret::Given(asked(read)??)))
}

fn with_secret(profile: Profile, secret: &Secret) -> Profile {
    match secret {
        Secret::Given(secret) => Profile {
            password: Some(secret.clone()),
            ..profile
        },
        Secret::Command(argv) => Profile {
            password_command: Some(argv.clone()),
            ..profile
        },
    }
}

/// The settings of a run with exactly the profile that is going to be saved.
fn candidate(
    editor: &Editor,
    name: &str,
    profile: &Profile,
    secret: &Secret,
) -> Result<Settings, Ending> {
    let mut config = editor.config().clone();
    let mut profile = with_secret(profile.clone(), secret);
    // What is saved is tried, whatever the environment says.
    let base_url = profile.base_url.take();
    profile.base_url = base_url.or_else(|| Some(BaseUrl::DOCUMENTED.to_owned()));
    config.profiles.insert(name.to_owned(), profile);
    let flags = Flags {
        profile: Some(name.to_owned()),
        ..Flags::default()
    };
    Settings::resolve(flags, config)
}

/// Asks Bango with exactly what is going to be saved.
fn verify(cx: &Context, settings: &Settings) -> Result<(), Ending> {
    let client = cx.client_for(settings)?;
    echo::call(cx, &client).map(drop)
}

/// Puts the password where it is to be kept. A less safe place is taken only if the user says so.
fn keep(
    cx: &Context,
    name: &str,
    profile: Profile,
    secret: Secret,
    store: Option<Place>,
    path: &std::path::Path,
) -> Result<Profile, Ending> {
    let secret = match secret {
        Secret::Given(secret) if store != Some(Place::File) => secret,
        secret => return Ok(with_secret(profile, &secret)),
    };
    let username = profile.username.clone().unwrap_or_default();
    let Err(ending) = Keyring::entry(name, &username).store(&secret) else {
        return Ok(Profile {
            password_store: Some(profile::Store::Keyring),
            ..profile
        });
    };
    let question = format!(
        "{ending}. Keep the password in {} instead, which only you may read?",
        path.display()
    );
    if store.is_none() && cx.terminal.can_ask() && asked(ask::yes(&cx.terminal, &question))? {
        return Ok(with_secret(profile, &Secret::Given(secret)));
    }
    cx.terminal.warn("nothing was saved");
    Err(ending)
}

/// The profile as it is saved.
fn saved(editor: &Editor, (name, profile): (&str, &Profile), is_verified: bool) -> Shown {
    let is_default = editor.config().default_profile.as_deref() == Some(name);
    let is_read_only = profile.read_only == Some(true);
    let environment = profile.environment.map(Environment::as_str);
    let place = profile.password_place(name);
    let file = editor.path().display().to_string();
    let document = json!({
        "profile": name,
        "isDefault": is_default,
        "username": profile.username,
        "baseUrl": profile.base_url(),
        "environment": environment,
        "passwordPlace": place,
        "verified": is_verified,
        "readOnly": is_read_only,
        "configFile": file,
    });
    let verified = if is_verified {
        Cell::toned("accepted by Bango", Tone::Good)
    } else {
        Cell::toned("not tried", Tone::Warn)
    };
    let default = if is_default { " (the default)" } else { "" };
    let environment = environment.unwrap_or("not said");
    let mut rows = vec![
        ("Saved profile", Cell::plain(format!("{name}{default}"))),
        ("User", Cell::optional(profile.username.as_deref())),
        ("Base URL", Cell::plain(profile.base_url())),
        ("Environment", Cell::plain(environment)),
        ("Password", Cell::plain(place)),
        ("Credentials", verified),
        ("Configuration file", Cell::plain(file)),
    ];
    if is_read_only {
        rows.push(("Changes", Cell::plain("refused: read-only")));
    }
    Shown::new(document, [Block::record(rows)])
}
