//! `auth status`: which settings are in force, where each came from, and what it shadows; never a secret.

use serde_json::{Value, json};

use super::super::echo;
use crate::context::Context;
use crate::profile::{self, Environment, Password, Setting, Settings, Source};
use crate::terminal::{Block, Cell, Show, Tone};

/// The flags of `auth status`.
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

/// Shows the settings.
///
/// # Errors
///
/// If a setting cannot be used, or the check fails.
pub fn run(cx: &Context, args: &Args) -> anyhow::Result<()> {
    let settings = cx.settings()?;
    let mut status = Status {
        settings,
        checked: false,
    };
    if args.check {
        if !cx.terminal.is_json() {
            cx.terminal.show(&status)?;
        }
        let answer = echo::call(cx, cx.client()?)?;
        status.checked = true;
        if !cx.terminal.is_json() {
            let text = format!("Bango answered {}", answer.code.as_str());
            return Ok(cx.terminal.show(&Checked(text))?);
        }
    } else if settings.username.is_none() || settings.password.is_none() {
        cx.terminal
            .remark("no credentials are set; bango-ent auth login sets them up");
    }
    Ok(cx.terminal.show(&status)?)
}

struct Status<'a> {
    settings: &'a Settings,
    checked: bool,
}

/// Where the password is, in words.
fn place(password: &Setting<Password>) -> String {
    let of_profile = matches!(password.source, Source::Profile(_));
    password.value.place(of_profile)
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

impl serde::Serialize for Status<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { settings, checked } = self;
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
            "configFile": profile::path(),
            "checked": checked,
        })
        .serialize(serializer)
    }
}

fn cell<T>(setting: Option<&Setting<T>>, value: impl Fn(&Setting<T>) -> String) -> Cell {
    let Some(setting) = setting else {
        return Cell::toned("not set", Tone::Warn);
    };
    let names: Vec<_> = setting.shadows.iter().map(ToString::to_string).collect();
    let over = if names.is_empty() {
        String::new()
    } else {
        format!(", over {}", names.join(" and "))
    };
    let (value, source) = (value(setting), &setting.source);
    Cell::plain(format!("{value} (from {source}{over})"))
}

impl Show for Status<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let settings = self.settings;
        let text = |setting: &Setting<String>| setting.value.clone();
        let profile = settings.profile.as_ref();
        let mut rows = vec![
            (
                "Profile",
                profile.map_or_else(|| Cell::plain("none"), |profile| cell(Some(profile), text)),
            ),
            ("User", cell(settings.username.as_ref(), text)),
            ("Password", cell(settings.password.as_ref(), place)),
            (
                "Base URL",
                cell(Some(&settings.base_url), |url| {
                    url.value.as_str().to_owned()
                }),
            ),
        ];
        if let Some(kind) = settings.environment {
            let tone = match kind {
                Environment::Test => Tone::Plain,
                Environment::Live => Tone::Warn,
            };
            rows.push(("Environment", Cell::toned(kind.as_str(), tone)));
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
            rows.push((
                "Configuration file",
                Cell::plain(format!("{}{missing}", path.display())),
            ));
        }
        vec![Block::Record(rows)]
    }
}

#[derive(serde::Serialize)]
struct Checked(String);

impl Show for Checked {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::Record(vec![(
            "Check",
            Cell::toned(&self.0, Tone::Good),
        )])]
    }
}
