//! `doctor`: looks at everything that a call needs, and says what is wrong and what to do. Changes nothing.

use secrecy::SecretString;

use crate::context::Context;
use crate::doctor::{self, Check, Evidence, Examination, Verdict};
use crate::profile::{PasswordSource, Setting, Settings};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent doctor\n  bango-ent doctor --json | jq -r '.checks[].finding'\n\n\
    Looks at the configuration file, the credentials and their sources, the proxy, DNS, TCP, TLS, the echo call and the \
    clock. If Bango refuses the credentials it says which of the two causes is likelier; for that it calls echo once more \
    without credentials. The exit code is 0 if nothing failed, else that of the first failure."
)]
pub struct Args {}

/// Looks at everything and shows what was found. The first check that failed decides how it ends.
pub fn run(cx: &Context, _: &Args) -> Report {
    let mut found = Examination::default();
    doctor::configuration(&mut found);
    match cx.settings() {
        Ok(settings) => examine(cx, settings, &mut found),
        Err(e) => found.fail("settings", e),
    }
    let ending = found.cause.take();
    Report {
        ending,
        is_beside: true,
        ..Report::new(shown(&found))
    }
}

fn examine(cx: &Context, settings: &Settings, found: &mut Examination) {
    let mut evidence = Evidence::default();
    let secret = if cx.is_dry_run() {
        found.skip("credentials", "dry run: no password is fetched");
        None
    } else {
        doctor::credentials(found, settings, &mut evidence, |password| {
            cx.fetch(password)
        })
    };
    let base_url = &settings.base_url.value;
    let network = match doctor::proxy(found, base_url).and_then(|()| cx.network(base_url, 1)) {
        Ok(network) => network,
        Err(e) => return found.fail("proxy", e),
    };
    evidence.through_proxy = network.proxy.is_some();
    if cx.is_dry_run() {
        return found.skip("echo", "dry run: no connection is opened");
    }
    let _spinner = cx.waiting();
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
    let fetched = |known: &Setting<PasswordSource>| {
        Setting::new(PasswordSource::Given(secret.clone()), known.source.clone())
    };
    let settings = Settings {
        password: settings.password.as_ref().map(fetched),
        ..settings.clone()
    };
    match cx.client_for(&settings) {
        Ok(client) => doctor::service(found, &client, evidence),
        Err(e) => found.fail("echo", e),
    }
}

fn shown(found: &Examination) -> Shown {
    let row = |check: &Check| {
        let (word, tone) = match check.verdict {
            Verdict::Ok => ("ok", Tone::Good),
            Verdict::Warning => ("warning", Tone::Warn),
            Verdict::Failed => ("failed", Tone::Bad),
            Verdict::Skipped => ("skipped", Tone::Dim),
        };
        [
            Cell::toned(check.name, Tone::Title),
            Cell::toned(word, tone),
            Cell::plain(&check.finding),
            Cell::optional(check.advice.as_deref()),
        ]
    };
    let heading = ["Check", "Verdict", "Finding", "What to do"];
    Shown::new(found, [Block::table(heading, found.checks.iter().map(row))])
}
