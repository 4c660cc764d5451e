//! `auth login`: takes credentials, asks Bango whether they are good, and saves them as a profile. A failure saves nothing.

mod gather;
mod saved;

use super::super::{echo, fields};
use crate::api::check_text;
use crate::context::{Context, asked};
use crate::ending::Ending;
use crate::profile::{self, Editor, Environment, Flags, Keyring, Profile, Settings};
use crate::terminal::ask;

use gather::{Secret, gather};
use saved::Saved;

/// The name of the first profile, if none is given.
const FIRST_NAME: &str = "default";

/// The flags of `auth login`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bango-ent auth login\n  \
    bango-ent auth login --profile live --username Shop --password-command 'pass show bango/live'\n  \
    bango-ent auth login --username Shop --password-stdin --store file < password.txt\n\n\
    At a terminal what is missing is asked for. There is no flag for the password itself: other users of the machine can \
    read flags. The password is kept in the system's keyring unless --store file or --password-command says otherwise; \
    if there is no keyring nothing is saved. --profile names the profile, and --base-url its API.")]
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

    /// What the credentials act on; changes by a live profile are announced
    #[arg(long, value_name = "KIND")]
    environment: Option<Kind>,

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

/// Where the password comes from.
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
    #[arg(long = "password-command", value_name = "COMMAND", value_parser = words)]
    command: Option<Words>,
}

/// The words of a command line.
#[derive(Debug, Clone)]
struct Words(Vec<String>);

/// Where the password is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Place {
    /// The system's keyring
    Keyring,
    /// The configuration file, which only you may read
    File,
}

/// What credentials act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Bango's test set
    Test,
    /// Real users
    Live,
}

fn username(text: &str) -> Result<String, String> {
    profile::check_username(text)
        .map(|()| text.to_owned())
        .map_err(|why| format!("it {why}"))
}

fn words(text: &str) -> Result<Words, &'static str> {
    shlex::split(text)
        .filter(|words| !words.is_empty())
        .map(Words)
        .ok_or("it must be a program and its arguments, quoted as in a shell")
}

/// Sets up a profile and saves it.
///
/// # Errors
///
/// If something is missing or wrong, Bango refuses the credentials or cannot be reached, or the password or the file
/// cannot be saved. Nothing has been saved then.
pub fn run(cx: &Context, args: Args) -> anyhow::Result<()> {
    if cx.is_sandbox() {
        return Err(Ending::usage("the sandbox needs no login; leave out --sandbox").into());
    }
    let mut editor = Editor::open()?;
    let name = name(cx, &editor)?;
    let old = editor.config().profiles.get(&name);
    let old = old.cloned().unwrap_or_default();
    let (no_verify, store) = (args.no_verify, args.store);
    let (profile, secret) = gather(cx, args, &old)?;
    let candidate = with_secret(profile.clone(), &secret);
    if !no_verify && let Err(e) = verify(cx, &editor, &name, &candidate) {
        if !cx.is_dry_run() {
            cx.terminal
                .warn("nothing was saved; --no-verify saves without asking Bango");
        }
        return Err(e);
    }
    if cx.is_dry_run() {
        cx.terminal.remark("dry run: nothing was saved");
        return Ok(());
    }
    let kept = keep(cx, &name, profile, secret, store, editor.path())?;
    let entry = kept.entry(&name);
    editor.put(&name, &kept)?;
    if editor.config().default_profile.is_none() {
        editor.set_default(Some(&name));
    }
    let saved = Saved::new(&name, &kept, &editor, !no_verify);
    if let Err(e) = editor.save() {
        // What the file does not name must not stay behind.
        if let Some(entry) = entry.filter(|entry| Some(entry) != old.entry(&name).as_ref()) {
            let _ = entry.remove();
        }
        return Err(e.into());
    }
    if let Some(left) = old.entry(&name).filter(|left| Some(left) != entry.as_ref())
        && let Err(e) = left.remove()
    {
        cx.terminal
            .warn(&format!("the old password is still there: {e}"));
    }
    Ok(cx.terminal.show(&saved)?)
}

/// The profile's name: the flag's, the environment's, the default one, or the first one's.
fn name(cx: &Context, editor: &Editor) -> anyhow::Result<String> {
    let named = profile::profile_name(cx.flags().profile, editor.config())?;
    let name = named.map_or_else(|| FIRST_NAME.to_owned(), |named| named.value);
    check_text(&name).map_err(|why| Ending::usage(format!("the profile's name {why}")))?;
    Ok(name)
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

/// Asks Bango with exactly what is going to be saved.
fn verify(cx: &Context, editor: &Editor, name: &str, candidate: &Profile) -> anyhow::Result<()> {
    let mut config = editor.config().clone();
    config.profiles.insert(name.to_owned(), candidate.clone());
    let flags = Flags {
        profile: Some(name.to_owned()),
        base_url: None,
    };
    let settings = Settings::resolve(flags, config)?;
    let client = cx.client_for(&settings, |trace| Box::new(trace))?;
    if cx.is_dry_run() {
        let report = cx.preview(&client, client.echo("id"))?;
        if let Some(shown) = report.shown {
            cx.terminal.show(&*shown)?;
        }
        return Ok(());
    }
    echo::call(cx, &client).map(drop)?;
    Ok(())
}

/// Puts the password where it is to be kept. A less safe place is taken only if the user says so.
fn keep(
    cx: &Context,
    name: &str,
    profile: Profile,
    secret: Secret,
    store: Option<Place>,
    path: &std::path::Path,
) -> anyhow::Result<Profile> {
    let secret = match secret {
        Secret::Given(secret) if store != Some(Place::File) => secret,
        secret => return Ok(with_secret(profile, &secret)),
    };
    let username = profile.username.clone().unwrap_or_default();
    let Err(error) = Keyring::entry(name, &username).store(&secret) else {
        return Ok(Profile {
            password_store: Some(profile::Store::Keyring),
            ..profile
        });
    };
    let question = format!(
        "{error}. Keep the password in {} instead, which only you may read?",
        path.display()
    );
    if store.is_none() && cx.terminal.can_ask() && asked(ask::yes(&cx.terminal, &question))? {
        return Ok(with_secret(profile, &Secret::Given(secret)));
    }
    cx.terminal.warn("nothing was saved");
    Err(error.into())
}

impl From<Kind> for Environment {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Test => Self::Test,
            Kind::Live => Self::Live,
        }
    }
}
