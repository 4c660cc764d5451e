//! What a login is about to save: what the flags say, what is asked for, and what the profile had.

use secrecy::SecretString;

use super::{Args, PasswordArgs, Words};
use crate::api::BaseUrl;
use crate::context::{Context, asked};
use crate::ending::Ending;
use crate::profile::{self, Environment, Profile};
use crate::terminal::{ask, unless_interrupted};

/// Where the password comes from, once that is known.
pub(super) enum Secret {
    Given(SecretString),
    Command(Vec<String>),
}

/// Takes what the flags say, asks for the rest if somebody is there, and keeps what the profile had.
pub(super) fn gather(cx: &Context, args: Args, old: &Profile) -> anyhow::Result<(Profile, Secret)> {
    let secret = given_secret(&args.password)?;
    let asks = cx.terminal.can_ask() && (args.username.is_none() || secret.is_none());
    if !asks {
        return complete(args, secret, old, cx.flags().base_url);
    }
    let terminal = &cx.terminal;
    let username = match args.username {
        Some(name) => name,
        None => asked(ask::text(
            terminal,
            "User name",
            old.username.as_deref(),
            profile::check_username,
        ))?,
    };
    let secret = match secret {
        Some(secret) => secret,
        None => Secret::Given(asked(ask::password(terminal, "Password (not shown)"))?.into()),
    };
    let base_url = if let Some(url) = cx.flags().base_url {
        url
    } else {
        let known = old.base_url.as_deref().unwrap_or(BaseUrl::DOCUMENTED);
        asked(ask::text(terminal, "Base URL", Some(known), base_url))?
    };
    let environment = match args.environment {
        Some(kind) => kind.into(),
        None => ask_environment(cx, old)?,
    };
    let optional = |given: Option<String>, question, known: &Option<String>| match given {
        Some(given) => Ok(Some(given)),
        None => asked(ask::optional(terminal, question, known.as_deref())),
    };
    let profile = Profile {
        username: Some(username),
        base_url: Some(base_url),
        environment: Some(environment),
        merchant: optional(
            args.merchant,
            "Default merchant (may be empty)",
            &old.merchant,
        )?,
        product: optional(args.product, "Default product (may be empty)", &old.product)?,
        notification_url: args
            .notification_url
            .or_else(|| old.notification_url.clone()),
        ..without_password(old)
    };
    Ok((profile, secret))
}

fn base_url(text: &str) -> Result<(), &'static str> {
    BaseUrl::parse(text)
        .map(drop)
        .map_err(|_| "must be an https:// URL, or an http:// URL of this machine")
}

fn ask_environment(cx: &Context, old: &Profile) -> anyhow::Result<Environment> {
    let mut kinds = [Environment::Test, Environment::Live];
    if old.environment == Some(Environment::Live) {
        kinds.reverse();
    }
    let words = kinds.map(Environment::as_str);
    Ok(kinds[asked(ask::choice(
        &cx.terminal,
        "These credentials are for",
        words.to_vec(),
    ))?])
}

/// The profile by flags alone.
fn complete(
    args: Args,
    secret: Option<Secret>,
    old: &Profile,
    base_url: Option<String>,
) -> anyhow::Result<(Profile, Secret)> {
    let mut missing = Vec::new();
    if args.username.is_none() {
        missing.push("--username");
    }
    if secret.is_none() {
        missing.push("one of --password-stdin, --password-file and --password-command");
    }
    let Some(secret) = secret.filter(|_| missing.is_empty()) else {
        return Err(Ending::usage(format!("missing {}", missing.join(" and ")))
            .next("give the flags; without a terminal nothing is asked for")
            .into());
    };
    let profile = Profile {
        username: args.username,
        base_url: base_url.or_else(|| old.base_url.clone()),
        environment: args.environment.map(Environment::from).or(old.environment),
        merchant: args.merchant.or_else(|| old.merchant.clone()),
        product: args.product.or_else(|| old.product.clone()),
        notification_url: args
            .notification_url
            .or_else(|| old.notification_url.clone()),
        ..without_password(old)
    };
    Ok((profile, secret))
}

fn without_password(old: &Profile) -> Profile {
    Profile {
        password: None,
        password_command: None,
        password_store: None,
        ..old.clone()
    }
}

fn given_secret(args: &PasswordArgs) -> anyhow::Result<Option<Secret>> {
    if args.stdin {
        let read = unless_interrupted(|| profile::from_stream(std::io::stdin()));
        return Ok(Some(Secret::Given(asked(read)??)));
    }
    if let Some(path) = &args.file {
        let file = profile::Password::File(path.clone());
        let read = unless_interrupted(move || file.fetch());
        return Ok(Some(Secret::Given(asked(read)??)));
    }
    let command = args.command.as_ref();
    Ok(command.map(|Words(argv)| Secret::Command(argv.clone())))
}
