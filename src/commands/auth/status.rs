//! `auth status`: which settings are in force, where each came from, and what it shadows; never a secret.

use serde_json::{Value, json};

use super::super::echo;
use crate::context::Context;
use crate::ending::Ending;
use crate::profile::{self, Environment, PasswordSource, Setting, Settings};
use crate::report::Report;
use crate::terminal::{Block, Cell, Show, Tone};

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
    let status = |checked| {
        let settings = cx.settings()?.clone();
        Ok(Report::new(Status { settings, checked }))
    };
    let settings = cx.settings()?;
    if !args.check {
        cx.warn_of_other_origin(settings);
        let report = status(None)?;
        return Ok(
            if settings.username.is_some() && settings.password.is_some() {
                report
            } else {
                report.remark("no credentials are set; bango-ent auth login sets them up")
            },
        );
    }
    let client = match cx.client() {
        Ok(client) => client,
        Err(ending) => return Ok(status(None)?.but(ending)),
    };
    if cx.is_dry_run() {
        return cx.preview(client, client.echo("id"));
    }
    match echo::call(cx, client) {
        Ok(answer) => status(Some(answer.code.as_str().to_owned())),
        Err(ending) => Ok(status(None)?.but(ending)),
    }
}

struct Status {
    settings: Settings,
    /// What Bango answered to the check.
    checked: Option<String>,
}

/// Where the password is, in words.
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

impl Show for Status {
    fn document(&self) -> Value {
        let settings = &self.settings;
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
            "configFile": profile::path().map(|path| path.display().to_string()),
            "checked": self.checked.is_some(),
        })
    }

    fn blocks(&self) -> Vec<Block> {
        let settings = &self.settings;
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
        if let Some(environment) = settings.environment {
            let tone = match environment {
                Environment::Test => Tone::Plain,
                Environment::Live => Tone::Warn,
            };
            rows.push(("Environment", Cell::toned(environment.as_str(), tone)));
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
        let set = |(label, value): (_, &Option<String>)| Some((label, Cell::plain(value.clone()?)));
        rows.extend(defaults.into_iter().filter_map(set));
        if let Some(path) = profile::path() {
            let missing = if path.exists() { "" } else { " (not there)" };
            let path = format!("{}{missing}", path.display());
            rows.push(("Configuration file", Cell::plain(path)));
        }
        if let Some(answer) = &self.checked {
            let check = format!("Bango answered {answer}");
            rows.push(("Check", Cell::toned(check, Tone::Good)));
        }
        vec![Block::record(rows)]
    }
}
