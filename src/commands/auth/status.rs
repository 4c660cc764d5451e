//! `auth status`: which settings are in force, where each came from, and what it shadows; never a secret.

use serde_json::{Value, json};

use super::super::echo;
use crate::api::Paths;
use crate::context::Context;
use crate::ending::Ending;
use crate::profile::{self, Environment, PasswordSource, Setting, Settings};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent auth status\n  bango-ent auth status --check --json | jq .password.place\n\n\
    Without --check nothing is contacted, the password is not fetched, and missing credentials are no error."
)]
pub struct Args {
    /// Ask Bango whether the credentials are good; exit code 3 if there are none, 11 if they are refused
    #[arg(long)]
    check: bool,
}

/// Shows the settings, and with `--check` also that Bango accepts the credentials.
pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let settings = cx.settings()?;
    let status = |checked| {
        let program = |(argv, origin): (Vec<_>, _)| Some((argv.into_iter().next()?, origin));
        let status = Status {
            settings,
            on_failure: cx.on_failure().and_then(program),
            checked,
        };
        Report::new(Shown::new(status.document(), [status.record()]))
    };
    if !args.check {
        cx.warn_of_other_origin(settings);
        let report = status(None);
        return Ok(
            if settings.username.is_some() && settings.password.is_some() {
                report
            } else {
                report.remark(format!("no credentials are set; {}", profile::SET_UP))
            },
        );
    }
    let client = match cx.client() {
        Ok(client) => client,
        Err(ending) => return Ok(status(None).but(ending)),
    };
    if cx.is_dry_run() {
        return cx.preview(client, client.echo("id"));
    }
    match echo::call(cx, client) {
        Ok(answer) => Ok(status(Some(answer.code.as_str().to_owned()))),
        Err(ending) => Ok(status(None).but(ending)),
    }
}

struct Status<'a> {
    settings: &'a Settings,
    /// The program that learns of a failure, without its arguments, which may hold a secret; and what names it.
    on_failure: Option<(String, &'static str)>,
    /// What Bango answered to the check.
    checked: Option<String>,
}

fn place(password: &Setting<PasswordSource>) -> String {
    password.value.place(&password.source)
}

fn document<T>(
    setting: Option<&Setting<T>>,
    name: &str,
    value: impl Fn(&Setting<T>) -> String,
) -> Value {
    setting.map_or(Value::Null, |setting| {
        let shadows: Vec<_> = setting.shadows.iter().map(ToString::to_string).collect();
        json!({name: value(setting), "source": setting.source.to_string(), "shadows": shadows})
    })
}

fn cell<T>(setting: Option<&Setting<T>>, value: impl Fn(&Setting<T>) -> String) -> Cell {
    let Some(setting) = setting else {
        return Cell::toned("not set", Tone::Warn);
    };
    let over = match setting.over() {
        over if over.is_empty() => over,
        over => format!(", {over}"),
    };
    let (value, source) = (value(setting), &setting.source);
    Cell::plain(format!("{value} (from {source}{over})"))
}

/// The paths that the profile sets.
fn paths(settings: &Settings) -> impl Iterator<Item = (&'static str, String)> {
    let (paths, built_in) = (settings.paths.clone(), Paths::default());
    let changed = [
        ("Path of update", Some(paths.update), Some(built_in.update)),
        ("Path of cancel", Some(paths.cancel), Some(built_in.cancel)),
        ("Path of revoke", Some(paths.revoke), Some(built_in.revoke)),
        (
            "Path of activation-url",
            Some(paths.activation_info),
            Some(built_in.activation_info),
        ),
        ("Path of products", paths.products, built_in.products),
    ];
    let set = changed.into_iter().filter(|(_, path, own)| path != own);
    set.filter_map(|(label, path, _)| Some((label, path?)))
}

impl Status<'_> {
    fn document(&self) -> Value {
        let settings = self.settings;
        let text = |setting: &Setting<String>| setting.value.clone();
        json!({
            "profile": document(settings.profile.as_ref(), "value", text),
            "username": document(settings.username.as_ref(), "value", text),
            "password": document(settings.password.as_ref(), "place", place),
            "baseUrl": document(Some(&settings.base_url), "value", |url| url.value.as_str().to_owned()),
            "environment": settings.environment.map(Environment::as_str),
            "merchant": settings.merchant,
            "product": settings.product,
            "notificationUrl": settings.notification_url,
            "readOnly": settings.read_only.as_ref().map(ToString::to_string),
            "onFailure": self.on_failure.as_ref().map(|(program, source)| json!({"program": program, "source": source})),
            "paths": settings.paths,
            "history": settings.history,
            "configFile": profile::path().map(|path| path.display().to_string()),
            "checked": self.checked.is_some(),
        })
    }

    fn record(&self) -> Block {
        let settings = self.settings;
        let text = |setting: &Setting<String>| setting.value.clone();
        let url = |url: &Setting<crate::api::BaseUrl>| url.value.as_str().to_owned();
        let profile = settings.profile.as_ref();
        let mut rows = vec![
            (
                "Profile",
                profile.map_or_else(|| Cell::plain("none"), |profile| cell(Some(profile), text)),
            ),
            ("User", cell(settings.username.as_ref(), text)),
            ("Password", cell(settings.password.as_ref(), place)),
            ("Base URL", cell(Some(&settings.base_url), url)),
        ];
        let own = profile.map_or_else(String::new, |p| format!(" (from profile {})", p.value));
        if let Some(environment) = settings.environment {
            let tone = match environment {
                Environment::Test => Tone::Plain,
                Environment::Live => Tone::Warn,
            };
            let environment = format!("{}{own}", environment.as_str());
            rows.push(("Environment", Cell::toned(environment, tone)));
        }
        if let Some(source) = &settings.read_only {
            let refused = format!("refused: read-only (from {source})");
            rows.push(("Changes", Cell::plain(refused)));
        }
        let defaults = [
            ("Merchant", &settings.merchant),
            ("Product", &settings.product),
            ("Notification URL", &settings.notification_url),
        ];
        let set = |(label, value): (_, &Option<String>)| {
            Some((label, Cell::plain(format!("{}{own}", value.as_ref()?))))
        };
        rows.extend(defaults.into_iter().filter_map(set));
        rows.extend(paths(settings).map(|(label, path)| (label, Cell::plain(path + &own))));
        if let Some((program, source)) = &self.on_failure {
            let program = format!("{program} is told (from {source})");
            rows.push(("A failure", Cell::plain(program)));
        }
        if settings.history {
            let kept = "is kept (from history in the configuration file)";
            rows.push(("What is sent", Cell::plain(kept)));
        }
        if let Some(path) = profile::path() {
            let missing = if path.exists() { "" } else { " (not there)" };
            let path = format!("{}{missing}", path.display());
            rows.push(("Configuration file", Cell::plain(path)));
        }
        if let Some(answer) = &self.checked {
            let check = format!("Bango answered {answer}");
            rows.push(("Check", Cell::toned(check, Tone::Good)));
        }
        Block::record(rows)
    }
}
