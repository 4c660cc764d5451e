//! `doctor`: looks at everything that a call needs, and says what is wrong and what to do. Changes nothing.

use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::doctor::{self, Check, Evidence, Examination, Verdict, Watch};
use crate::failure::Findings;
use crate::profile::{Password, Setting, Settings};
use crate::terminal::{Block, Cell, Show, Tone};

/// The flags of `doctor`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent doctor\n  bango-ent doctor --json | jq -r '.checks[].finding'\n\n\
    Looks at the configuration file, the credentials and their sources, the proxy, DNS, TCP, TLS, the echo call and the \
    clock. If Bango refuses the credentials it says which of the two causes is likelier; for that it calls echo once more \
    without credentials. The exit code is 0 if nothing failed, else that of the first failure."
)]
pub struct Args {}

/// Looks at everything and shows what was found.
///
/// # Errors
///
/// The cause of the first check that failed.
pub fn run(cx: &Context, _: &Args) -> anyhow::Result<()> {
    let mut found = Examination::default();
    doctor::configuration(&mut found);
    match cx.settings() {
        Ok(settings) => examine(cx, settings, &mut found),
        Err(e) => {
            let advice = e.next.as_ref().map(|next| next.say.to_string());
            found.fail("settings", e.to_string(), advice, e);
        }
    }
    finish(cx, found)
}

fn examine(cx: &Context, settings: &Settings, found: &mut Examination) {
    let mut evidence = Evidence::default();
    let secret = doctor::credentials(found, settings, &mut evidence);
    let base_url = &settings.base_url.value;
    let network = match doctor::proxy(found, base_url).and_then(|()| cx.network(base_url, 1)) {
        Ok(network) => network,
        Err(e) => return found.fail("proxy", e.to_string(), None, e),
    };
    evidence.through_proxy = network.proxy.is_some();
    if cx.is_dry_run() {
        return found.skip("echo", "dry run: no connection is opened");
    }
    let is_open = doctor::connection(found, base_url, &network);
    match secret {
        None => found.skip("echo", "not tried: there are no credentials"),
        Some(_) if !is_open => found.skip("echo", "not tried: there is no connection"),
        Some(secret) => call(cx, settings, &secret, found, evidence),
    }
}

fn call(
    cx: &Context,
    settings: &Settings,
    secret: &SecretString,
    found: &mut Examination,
    evidence: Evidence,
) {
    // What was fetched once is not fetched again: that may ask the user.
    let fetched = |known: &Setting<Password>| {
        Setting::new(Password::Given(secret.clone()), known.source.clone())
    };
    let settings = Settings {
        password: settings.password.as_ref().map(fetched),
        ..settings.clone()
    };
    let mut ahead = None;
    let client = cx.client_for(&settings, |trace| {
        let (watch, seen) = Watch::new(trace);
        ahead = Some(seen);
        Box::new(watch)
    });
    match client {
        Ok(client) => doctor::service(found, &client, &ahead.unwrap_or_default(), evidence),
        Err(e) => found.fail("echo", e.to_string(), None, e),
    }
}

/// Shows what was found; a failure's JSON document holds it beside the error.
fn finish(cx: &Context, mut found: Examination) -> anyhow::Result<()> {
    let cause = found.cause.take();
    let shown = Found(&found);
    let Some(cause) = cause else {
        return Ok(cx.terminal.show(&shown)?);
    };
    if !cx.terminal.is_json() {
        cx.terminal.show(&shown)?;
    }
    Err(cause.context(Findings(shown.document())))
}

struct Found<'a>(&'a Examination);

impl Found<'_> {
    fn document(&self) -> Map<String, Value> {
        let mut document = Map::from_iter([("checks".to_owned(), json!(self.0.checks))]);
        if let Some(refusal) = &self.0.refusal {
            document.insert("refusal".to_owned(), json!(refusal));
        }
        document
    }
}

impl Serialize for Found<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document().serialize(serializer)
    }
}

impl Show for Found<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let row = |check: &Check| {
            let (word, tone) = match check.verdict {
                Verdict::Ok => ("ok", Tone::Good),
                Verdict::Warning => ("warning", Tone::Warn),
                Verdict::Failed => ("failed", Tone::Bad),
                Verdict::Skipped => ("skipped", Tone::Dim),
            };
            vec![
                Cell::toned(check.name, Tone::Title),
                Cell::toned(word, tone),
                Cell::plain(&check.finding),
                Cell::plain(check.advice.as_deref().unwrap_or_default()),
            ]
        };
        vec![Block::Table {
            heading: vec!["Check", "Verdict", "Finding", "What to do"],
            rows: self.0.checks.iter().map(row).collect(),
        }]
    }
}
