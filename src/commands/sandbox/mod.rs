//! `sandbox`: serves a local imitation of the Bango Platform until it is interrupted; its subcommands steer one that runs.

mod bango_files;
mod control;
mod journal;
mod steer;

use std::fs::File;
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use secrecy::SecretString;
use serde_json::json;
use url::Url;

pub use self::control::products;
use crate::api::value::{ip_address, notification_url, number};
use crate::api::with_scheme;
use crate::context::{Context, duration};
use crate::ending::{Code, Ending};
use crate::report::Report;
pub use crate::sandbox::fault_names;
use crate::sandbox::{
    self, AuthScheme, Catalog, LoggedRequest, RunningSandbox, Sandbox, SandboxEvent, StartError,
};
use crate::terminal::{self, Terminal, Tone};

/// The longest catalog, in bytes.
const LARGEST_CATALOG: u64 = 1 << 20;
const SECRET: &str = "BANGO_SANDBOX_NOTIFICATION_SECRET";

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Merchants and products:\n  \
    BANGO     BangoMusic            PENDING until the user registers\n  \
    BANGO_US  MUSIC, MUSIC_PREMIUM  likewise\n  \
    SANDBOX   ACTIVE_AT_ONCE        ACTIVE at once\n  \
    SANDBOX   CREATED               likewise, answered 201\n  \
    SANDBOX   SLOW_TERMINATION      ends five seconds after it is asked to (HTTP 202)\n  \
    SANDBOX   PERIOD_END            a cancel makes it ACTIVE-ENDING for thirty days\n  \
    SANDBOX   NEEDS_CONSENT         a change to it makes it PENDING\n  \
    SANDBOX   NEVER_AVAILABLE       refused with NOT_AVAILABLE\n\n\
    A user fault:SERVICE_UNAVAILABLE:2 fails twice, then succeeds; docs/sandbox.md has every fault.\n\
    The user name and the password are sandbox and sandbox, unless BANGO_SANDBOX_USERNAME and \
    BANGO_SANDBOX_PASSWORD say otherwise. \
    A --host that is not loopback needs BANGO_SANDBOX_PASSWORD. BANGO_SANDBOX_PORT is the port where --port gives none. \
    BANGO_SANDBOX_NOTIFICATION_SECRET holds the secret of --notification-auth.\n\n\
    Examples:\n  bango-ent sandbox\n  bango-ent sandbox --ephemeral --port 0 --json\n  bango-ent sandbox reset"
)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,

    /// Listen on this port; 0 picks a free one [default: 4242]
    #[arg(long, value_name = "N", value_parser = number::<u16>)]
    port: Option<u16>,

    /// Listen on this IP address; others than loopback let your network in, and need a password of your own
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = ip_address)]
    host: IpAddr,

    /// Keep the state in this file [default: sandbox.jsonl in the XDG state directory]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Forget everything at the end
    #[arg(long, conflicts_with = "state")]
    ephemeral: bool,

    /// Imitate the merchants and products of this TOML file instead
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,

    /// Put this URL into registration links, and answer under its host, where clients do not reach the sandbox by its address
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<Url>,

    /// Answer under this host name as well, as in a network of containers; may be given several times
    #[arg(long = "allow-host", value_name = "NAME")]
    hosts: Vec<String>,

    /// Give entitlements without a notificationUrl this one, as an account's default at Bango
    #[arg(long, value_name = "URL", value_parser = notification_url)]
    default_notification_url: Option<String>,

    /// Answer at most N API requests per second, and refuse the rest with HTTP 429
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate_limit: Option<u32>,

    /// Authenticate notifications; the secret comes from the environment, see below
    #[arg(long, value_name = "KIND")]
    notification_auth: Option<AuthScheme>,

    /// Send each notification twice
    #[arg(long)]
    duplicate_notifications: bool,

    /// Hold notifications back for up to three seconds, so that they overtake each other
    #[arg(long)]
    shuffle_notifications: bool,

    /// Let registration links expire after this time
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    link_lifetime: Duration,
}

// What can be done besides serving.
#[derive(Debug, Subcommand)]
enum Action {
    /// Forget everything: of the sandbox that runs, else of the state file
    #[command(
        after_help = "Examples:\n  bango-ent sandbox reset\n  bango-ent sandbox reset --dry-run"
    )]
    Reset {
        /// Empty this state file [default: that of the sandbox that runs, else sandbox.jsonl in the XDG state directory]
        #[arg(long, value_name = "FILE", conflicts_with = "port")]
        state: Option<PathBuf>,

        #[command(flatten)]
        target: control::Target,
    },
    /// Let the user complete a registration, or decline it
    #[command(after_help = "Examples:\n  bango-ent sandbox register ent-1\n  \
        bango-ent sandbox register ent-1 --decline")]
    Register(steer::RegisterArgs),
    /// Let the merchant change an entitlement, with its notification
    #[command(
        after_help = "Examples:\n  bango-ent sandbox trigger suspend ent-1\n  \
        bango-ent sandbox trigger product ent-1 --field productKey=MUSIC_PREMIUM\n  \
        bango-ent sandbox trigger metadata ent-1 --raw '{\"novelty\":1}'"
    )]
    Trigger(steer::TriggerArgs),
    /// Show the sandbox's clock
    #[command(after_help = "Examples:\n  bango-ent sandbox clock --json | jq -r .now")]
    Clock(control::Target),
    /// Move the sandbox's clock ahead: what the time brings happens in order
    #[command(
        after_help = "Ends at dateExpiry, paid periods, slow terminations, links and further tries of notifications happen as if the time had \
        passed. The clock goes on from there, over restarts too, until sandbox reset.\n\n\
        Examples:\n  bango-ent sandbox advance 30d\n  bango-ent sandbox advance --to 2027-01-31"
    )]
    Advance(steer::AdvanceArgs),
    /// Send a notification once more
    #[command(after_help = "Examples:\n  bango-ent sandbox resend 12")]
    Resend(steer::ResendArgs),
    /// List the faults that are switched on, or switch them on and off
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  bango-ent sandbox faults\n  bango-ent sandbox faults on SERVICE_UNAVAILABLE --share 10% --for 5m\n  \
        bango-ent sandbox faults off"
    )]
    Faults(steer::FaultsArgs),
    /// Make sample entitlements, one in every status or those of a file
    #[command(
        after_help = "A file holds a JSON list: creates, each with a status (ACTIVE without one). Customers that have one at the merchant \
        are left alone.\n\nExamples:\n  bango-ent sandbox seed\n  bango-ent sandbox seed customers.json"
    )]
    Seed(steer::SeedArgs),
    /// Write all that a running sandbox has into a file
    #[command(after_help = "Examples:\n  bango-ent sandbox export before.jsonl")]
    Export(steer::FileArgs),
    /// Put what was exported in the place of all that a running sandbox has
    #[command(after_help = "Examples:\n  bango-ent sandbox import before.jsonl")]
    Import(steer::FileArgs),
    /// Write the entitlement reports that Bango would, of what a running sandbox holds
    #[command(
        after_help = "The files lie as in the bucket: FOLDER/EntitlementReports/MERCHANT/Daily/AR_V1_D_20261124.csv.\n\n\
        Examples:\n  bango-ent sandbox report AR\n  bango-ent sandbox report ER --period 2026-11 --to bucket\n  \
        bango-ent sandbox report CR --to - | bango-ent reports show -"
    )]
    Report(bango_files::ReportArgs),
    /// Answer a correlation file as Bango would, by what a running sandbox holds
    #[command(
        after_help = "Examples:\n  bango-ent sandbox correlate CorrelationReports/SANDBOX/Input/20261124-20261125.csv --to answer.csv\n  \
        bango-ent reconcile read answer.csv"
    )]
    Correlate(bango_files::CorrelateArgs),
    /// Show the requests that a running sandbox has answered, with their answers in JSON
    #[command(
        after_help = "The sandbox keeps the last 10,000 calls of the API, over restarts too. --json has everything: headers (secrets are \
        taken out), body, answer, identifier, duration.\n\n\
        Examples:\n  bango-ent sandbox requests\n  bango-ent sandbox requests --customer alice --json | jq '.requests[-1].request.body'\n  \
        bango-ent sandbox requests --clear"
    )]
    Requests(journal::Args),
    /// Show the notifications of a running sandbox, with every try to deliver them in JSON
    #[command(
        after_help = "--json has the body that is posted and, for each try, time, duration, headers (secrets are taken out), status and answer.\n\n\
        Examples:\n  bango-ent sandbox notifications\n  bango-ent sandbox notifications --customer alice --json | jq -r '.notifications[].state'\n  \
        bango-ent sandbox notifications --clear"
    )]
    Notifications(journal::Args),
}

/// Serves, or empties the state.
pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    match args.action {
        Some(Action::Reset { state, target }) => reset(cx, state, &target),
        Some(Action::Register(args)) => steer::register(cx, &args),
        Some(Action::Trigger(args)) => steer::trigger(cx, args),
        Some(Action::Clock(target)) => steer::clock(cx, &target),
        Some(Action::Advance(args)) => steer::advance(cx, &args),
        Some(Action::Resend(args)) => steer::resend(cx, &args),
        Some(Action::Faults(args)) => steer::faults(cx, args),
        Some(Action::Seed(args)) => steer::seed(cx, &args),
        Some(Action::Export(args)) => steer::export(cx, &args),
        Some(Action::Import(args)) => steer::import(cx, &args),
        Some(Action::Report(args)) => bango_files::report(cx, &args),
        Some(Action::Correlate(args)) => bango_files::correlate(cx, &args),
        Some(Action::Requests(args)) => journal::run(cx, journal::Kind::Requests, &args),
        Some(Action::Notifications(args)) => journal::run(cx, journal::Kind::Notifications, &args),
        None => serve(cx, args),
    }
}

fn reset(cx: &Context, file: Option<PathBuf>, target: &control::Target) -> Result<Report, Ending> {
    if file.is_none() {
        match control::find(cx, target) {
            Ok(sandbox) => return reset_running(cx, &sandbox),
            // None runs: then it is the file that is meant.
            Err(ending) if ending.code == Code::NotSent && !target.is_named() => {}
            Err(ending) => return Err(ending),
        }
    }
    let is_ours = file.is_none();
    let state = file
        .map_or_else(sandbox::state_file, Ok)
        .map_err(Ending::machine)?;
    let name = state.display().to_string();
    if cx.is_dry_run() {
        return Ok(Report::dry_run("emptied", [("state", name.into())]));
    }
    sandbox::reset(&state, is_ours).map_err(Ending::machine)?;
    let document = json!({"state": name, "entitlements": 0});
    Ok(Report::told(document, format!("{name} is empty")))
}

fn reset_running(cx: &Context, sandbox: &RunningSandbox) -> Result<Report, Ending> {
    let origin = sandbox.origin();
    if cx.is_dry_run() {
        return Ok(Report::dry_run("forgotten", [("sandbox", origin.into())]));
    }
    sandbox.delete("/_sandbox/state")?;
    let document = json!({"sandbox": origin, "entitlements": 0});
    Ok(Report::told(
        document,
        format!("the sandbox at {origin} is empty"),
    ))
}

fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(&with_scheme(text)).map_err(|e| e.to_string())?;
    let is_origin = url.has_host() && url.path() == "/" && url.username().is_empty();
    if is_origin && matches!(url.scheme(), "http" | "https") {
        return Ok(url);
    }
    Err("it must be a URL without a path, such as http://sandbox:4242".to_owned())
}

fn serve(cx: &Context, args: Args) -> Result<Report, Ending> {
    let (stop, stopped) = channel();
    terminal::on_interrupt(move || {
        stop.send(()).ok();
    });
    let what = match args.catalog {
        Some(_) => "echo",
        None => "create --user alice --merchant BANGO --product BangoMusic",
    };
    let options = options(cx, args)?;
    let username = options.username.clone();
    let end = match &options.state {
        Some(file) => format!(
            "the sandbox has stopped; its state is in {}",
            file.display()
        ),
        None => "the sandbox has stopped; it has kept nothing".to_owned(),
    };
    let credentials = options.has_default_password().then(|| {
        format!("its user name is {username}, its password sandbox; in another terminal:")
    });
    let running = sandbox::start(options).map_err(Ending::machine)?;
    let origin = running.origin();
    let base_url = sandbox::base_url(origin);
    let printed = if cx.terminal.is_json() {
        let line = json!({"baseUrl": base_url, "dashboard": origin, "username": username});
        cx.terminal.print_json(line.to_string())
    } else {
        cx.terminal.print(&format!("{base_url}\n"))
    };
    match printed {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(Report::default()),
        printed => printed.map_err(Ending::machine)?,
    }
    cx.terminal.remark(&format!(
        "the dashboard is at {origin}; Ctrl-C stops the sandbox"
    ));
    if let Some(credentials) = credentials {
        cx.terminal.remark(&format!(
            "{credentials} {}",
            trial(running.address().port(), what)
        ));
    }
    if !running.address().ip().is_loopback() {
        cx.terminal
            .warn("everyone on your network can see this sandbox's dashboard; whoever has its credentials can let it post to any address");
    }
    // An error means that no handler could be set; then a signal ends the process without our help.
    stopped.recv().ok();
    running.wait_for_delivery();
    cx.terminal.remark(&end);
    Ok(Report::default())
}

/// A command line that finds the sandbox at this port.
fn trial(port: u16, what: &str) -> String {
    match port {
        sandbox::PORT => format!("bango-ent --sandbox {what}"),
        _ => format!("BANGO_SANDBOX_PORT={port} bango-ent --sandbox {what}"),
    }
}

/// Starts a sandbox beside another command, on the port and with the state of a usual one. What is created there without a
/// URL of its own sends its notifications to this one.
pub fn beside(cx: &Context, notification_url: &str) -> Result<Sandbox, Ending> {
    let unusable = |e: anyhow::Error| Ending::configuration(format!("{e:#}"));
    let mut options = sandbox::SandboxOptions::from_environment(None).map_err(unusable)?;
    options.notification_url = Some(notification_url.to_owned());
    options.observer = observer(cx);
    sandbox::start(options).map_err(|error| match error {
        // Its own words name --state and --port, which this command does not have.
        StartError::Running(_) => {
            Ending::new(Code::Bug, "a sandbox is running already").next(format!(
                "leave out --with-sandbox, and create with --notification-url {notification_url}"
            ))
        }
        error => Ending::machine(error),
    })
}

/// Logs what the sandbox does.
fn observer(cx: &Context) -> Arc<dyn Fn(SandboxEvent) + Send + Sync> {
    let terminal = cx.terminal.clone();
    Arc::new(move |event| match event {
        SandboxEvent::Request(line) => log(&terminal, line),
        SandboxEvent::State(what) => terminal.warn(what),
    })
}

fn options(cx: &Context, args: Args) -> Result<sandbox::SandboxOptions, Ending> {
    let unusable = |e: anyhow::Error| Ending::configuration(format!("{e:#}"));
    let mut options = sandbox::SandboxOptions::from_environment(args.port).map_err(unusable)?;
    options.address.set_ip(args.host);
    if args.ephemeral {
        options.state = None;
    } else {
        options.state = args.state.or(options.state);
        if options.state.is_none() {
            let why = "this system names no home directory for the state file";
            return Err(Ending::configuration(why).next("give --state FILE, or --ephemeral"));
        }
    }
    if !args.host.is_loopback() && options.has_default_password() {
        let message = "a sandbox that your network can reach needs a password of its own";
        return Err(Ending::configuration(message).next(
            "set BANGO_SANDBOX_PASSWORD: whoever knows it can let this machine post to any address",
        ));
    }
    if let Some(file) = args.catalog {
        options.catalog = catalog(&file)
            .with_context(|| format!("{} cannot be used", file.display()))
            .map_err(unusable)?;
    }
    options.rate_limit = args.rate_limit;
    options.notification_auth = match args.notification_auth {
        Some(scheme) => Some((scheme, secret()?)),
        None => None,
    };
    options.notification_url = args.default_notification_url;
    options.public_url = args.public_url;
    options.hosts = args.hosts;
    options.duplicate_notifications = args.duplicate_notifications;
    options.shuffle_notifications = args.shuffle_notifications;
    options.link_lifetime = args.link_lifetime;
    options.observer = observer(cx);
    Ok(options)
}

/// Reads a catalog from a regular file, so that it neither waits nor reads without an end.
fn catalog(file: &Path) -> anyhow::Result<Catalog> {
    ensure!(file.metadata()?.is_file(), "it is not a regular file");
    let mut text = String::new();
    let mut part = File::open(file)?.take(LARGEST_CATALOG + 1);
    part.read_to_string(&mut text)?;
    ensure!(part.limit() > 0, "it is larger than 1 MiB");
    Catalog::parse(&text)
}

fn secret() -> Result<SecretString, Ending> {
    std::env::var(SECRET).map(SecretString::from).map_err(|_| {
        Ending::configuration(format!("{SECRET} is not set"))
            .next("it holds what --notification-auth sends; for basic, user:password")
    })
}

/// One line of the log: time, method, path, customer, response code, status, duration.
fn log(terminal: &Terminal, line: &LoggedRequest) {
    let tone = match line.answer.http_status {
        Some(..400) => Tone::Good,
        Some(_) => Tone::Bad,
        None => Tone::Warn,
    };
    let peer = Some(line.peer).filter(|peer| !peer.is_loopback());
    let peer = peer.map(|peer| peer.to_string()).unwrap_or_default();
    terminal.event(&[
        (line.time.get(11..23).unwrap_or(&line.time), Tone::Dim),
        (&peer, Tone::Dim),
        (&line.request.method, Tone::Plain),
        (&line.request.path, Tone::Plain),
        (&line.customer_identifier, Tone::Title),
        (&line.outcome(), tone),
        (&line.answer.status, Tone::Plain),
        (&format!("{:.0} ms", line.duration_ms), Tone::Dim),
    ]);
}
