//! What every command receives: the terminal, the settings, and an API client on demand.

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{ArgAction, Args, ValueEnum};

use crate::api::{self, Client, Network, retry};
use crate::failure::Failure;
use crate::profile::{self, ConfigFile, Settings};
use crate::sandbox::{self, Reached, Running};
use crate::terminal::{self, Manner, Terminal, Trace, Verbosity, ask};

const BASE_URL_HELP: &str = "Reach the API here [default: https://resale.api.bango.net/v1]";

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
#[group(skip)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct Globals {
    /// Print one JSON document instead of a table, also for errors
    #[arg(long, global = true)]
    pub json: bool,

    /// Use this profile of the configuration file, before the environment
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// Use the sandbox on this machine, or start one for this command; no profile is read
    #[arg(long, global = true, conflicts_with_all = ["profile", "base_url"])]
    pub sandbox: bool,

    #[arg(long, global = true, value_name = "URL", value_parser = base_url, help = BASE_URL_HELP)]
    pub base_url: Option<String>,

    /// Show the request and open no connection
    #[arg(long, global = true)]
    pub dry_run: bool,

    /// Use this X-RequestIdentifier: repeats a request safely [default: a new one]
    #[arg(long, global = true, value_name = "ID", value_parser = request_identifier)]
    pub request_id: Option<String>,

    /// End the call, with all its retries, after this time (60, 90s, 2m)
    #[arg(long, global = true, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub timeout: Duration,

    /// Repeat a request up to N times after a passing trouble
    #[arg(
        long,
        global = true,
        value_name = "N",
        default_value_t = 3,
        allow_negative_numbers = true
    )]
    pub retries: u32,

    /// Trust the PEM certificates in this file as well as the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,

    /// Show the exchange on standard error; -vv shows the bodies too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// Append each attempt to this file as a JSON line
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "BANGO_LOG_FILE",
        hide_env_values = true
    )]
    pub log_file: Option<PathBuf>,

    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// At a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn base_url(text: &str) -> Result<String, String> {
    api::BaseUrl::parse(text).map(|_| text.to_owned())
}

fn request_identifier(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.len() > 128 || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err("it must be 1 to 128 printable ASCII characters without spaces");
    }
    Ok(text.to_owned())
}

/// Reads a time such as `60`, `90s`, `2m` or `1h 30m`; a bare number is seconds.
///
/// # Errors
///
/// Says what it must be.
pub fn duration(text: &str) -> Result<Duration, String> {
    let explain = || "it must be a time such as 60, 90s or 2m, more than zero".to_owned();
    let time = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|time| Duration::try_from(time).ok())
            .ok_or_else(explain)?,
    };
    let a_year = Duration::from_secs(366 * 24 * 3600);
    if time.is_zero() || time > a_year {
        Err(explain())
    } else {
        Ok(time)
    }
}

/// What every command receives.
pub struct Context {
    /// The person.
    pub terminal: Terminal,
    globals: Globals,
    settings: OnceCell<Settings>,
    client: OnceCell<Client>,
    answers: RefCell<Vec<String>>,
    embedded: OnceCell<Embedded>,
}

/// A sandbox of this process's own. Its notifications are given a moment before it ends.
struct Embedded(Running);

impl Drop for Embedded {
    fn drop(&mut self) {
        self.0.settle(Duration::from_secs(1));
    }
}

impl Context {
    /// Reads nothing yet but the streams' kinds.
    #[must_use]
    pub fn new(globals: Globals) -> Self {
        let color = match globals.color {
            Color::Auto => None,
            Color::Always => Some(true),
            Color::Never => Some(false),
        };
        let manner = Manner {
            json: globals.json,
            quiet: globals.quiet,
            color,
        };
        Self {
            terminal: Terminal::new(manner),
            globals,
            settings: OnceCell::new(),
            client: OnceCell::new(),
            answers: RefCell::default(),
            embedded: OnceCell::new(),
        }
    }

    /// The settings of this run, read when first asked for.
    ///
    /// # Errors
    ///
    /// If the configuration file or a setting cannot be used.
    pub fn settings(&self) -> anyhow::Result<&Settings> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = if self.globals.sandbox {
            self.sandbox_settings()?
        } else {
            Settings::resolve(self.flags(), ConfigFile::load()?)?
        };
        for warning in &settings.warnings {
            self.terminal.warn(warning);
        }
        Ok(self.settings.get_or_init(|| settings))
    }

    /// The settings for the sandbox: the one that answers, or one that runs in this process until the command ends.
    ///
    /// No profile is read, so that nothing of a real account gets into a rehearsal or the other way round.
    fn sandbox_settings(&self) -> anyhow::Result<Settings> {
        let options = sandbox::Options::from_environment()?;
        let (username, password) = (options.username.clone(), options.password.clone());
        let base_url = match sandbox::reach(options)? {
            Reached::Found(base_url) => base_url,
            Reached::Started(running) => {
                let base_url = running.base_url();
                let _ = self.embedded.set(Embedded(running));
                base_url
            }
        };
        Ok(Settings::for_sandbox(&base_url, username, password.into())?)
    }

    /// Whether a sandbox runs in this process, and ends with it.
    #[must_use]
    pub fn has_embedded_sandbox(&self) -> bool {
        self.embedded.get().is_some()
    }

    /// What the command line says about settings.
    #[must_use]
    pub fn flags(&self) -> profile::Flags {
        profile::Flags {
            profile: self.globals.profile.clone(),
            base_url: self.globals.base_url.clone(),
        }
    }

    /// The API client, made when first asked for; Ctrl-C stops its calls.
    ///
    /// # Errors
    ///
    /// If credentials are missing, or the log, the CA file or the proxy cannot be used.
    pub fn client(&self) -> anyhow::Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let options = (1, self.policy());
        let client = self.new_client(self.settings()?, options, |trace| Box::new(trace))?;
        stop_on_interrupt(&client);
        Ok(self.client.get_or_init(|| client))
    }

    /// A client with settings of its own, whose wire is watched by what is made of the usual trace; Ctrl-C stops its calls.
    ///
    /// # Errors
    ///
    /// Like [`client`](Self::client).
    pub fn client_for(
        &self,
        settings: &Settings,
        watch: impl FnOnce(Trace) -> Box<dyn api::Observer>,
    ) -> anyhow::Result<Client> {
        let client = self.new_client(settings, (1, self.policy()), watch)?;
        stop_on_interrupt(&client);
        Ok(client)
    }

    /// A client for many threads, each with a connection of its own. It repeats nothing by itself, and Ctrl-C does not stop it:
    /// whoever asks for it sees to both.
    ///
    /// # Errors
    ///
    /// Like [`client`](Self::client); and a usage error if one identifier was given for all requests.
    pub fn shared_client(&self, connections: usize) -> anyhow::Result<Client> {
        if self.globals.request_id.is_some() {
            let why = "--request-id is for one request; each row of a batch has its own";
            return Err(Failure::usage(why).into());
        }
        let options = (connections, retry::Policy { retries: 0 });
        self.new_client(self.settings()?, options, |trace| Box::new(trace))
    }

    /// Says once that real users are about to be affected, if they are.
    ///
    /// # Errors
    ///
    /// If the settings cannot be used.
    pub fn warn_if_live(&self) -> anyhow::Result<()> {
        let settings = self.settings()?;
        if settings.environment == Some(profile::Environment::Live) {
            let user = settings
                .username
                .as_ref()
                .map_or("", |user| user.value.as_str());
            let host = settings.base_url.value.host();
            self.terminal
                .live(&format!("{} at {host}", terminal::clean(user)));
        }
        Ok(())
    }

    fn new_client(
        &self,
        settings: &Settings,
        (connections, policy): (usize, retry::Policy),
        watch: impl FnOnce(Trace) -> Box<dyn api::Observer>,
    ) -> anyhow::Result<Client> {
        let (username, password) = self.credentials(settings)?;
        let globals = &self.globals;
        let verbosity = match globals.verbose {
            0 => Verbosity::Normal,
            1 => Verbosity::Exchange,
            _ => Verbosity::Bodies,
        };
        let live = settings.environment == Some(profile::Environment::Live) && connections == 1;
        let log = globals.log_file.as_deref();
        let log = log.filter(|path| !globals.dry_run && !path.as_os_str().is_empty());
        let trace = Trace::new(self.terminal.clone(), verbosity, live, log).with_context(|| {
            format!(
                "the log file {} cannot be opened",
                log.unwrap_or("".as_ref()).display()
            )
        })?;
        let base_url = settings.base_url.value.clone();
        if globals.verbose > 0 {
            self.terminal.remark(&settings.summary());
        }
        let options = api::Options {
            network: self.network(&base_url, connections)?,
            paths: settings.paths.clone(),
            base_url,
            username,
            password,
            policy,
            timeout: globals.timeout,
            request_identifier: globals.request_id.clone(),
            dry_run: globals.dry_run,
        };
        Ok(Client::new(options, watch(trace))?)
    }

    /// How a server is reached: through the environment's proxy, trusting the flag's authority.
    ///
    /// # Errors
    ///
    /// If the proxy setting cannot be read.
    pub fn network(
        &self,
        base_url: &api::BaseUrl,
        connections: usize,
    ) -> Result<Network, profile::Error> {
        Ok(Network {
            ca_cert: self.globals.ca_cert.clone(),
            proxy: profile::proxy_for(base_url)?.map(|proxy| proxy.value),
            connections,
        })
    }

    /// How often what was sent is sent again.
    #[must_use]
    pub fn policy(&self) -> retry::Policy {
        retry::Policy {
            retries: self.globals.retries,
        }
    }

    /// The time for one call, with all its retries.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.globals.timeout
    }

    /// User name and password. A dry run needs neither and fetches no password.
    fn credentials(&self, settings: &Settings) -> anyhow::Result<(String, secrecy::SecretString)> {
        let username = settings
            .username
            .as_ref()
            .map(|username| username.value.clone());
        // Basic authentication cannot carry a colon there, and what follows one is often the password.
        if let Some(Err(why)) = username.as_deref().map(profile::check_username) {
            return Err(profile::Error::new(format!("the user name {why}"))
                .hint("correct BANGO_USERNAME, or the profile with bango-ent auth login")
                .into());
        }
        if self.globals.dry_run {
            if username.is_none() || settings.password.is_none() {
                self.terminal.remark(
                    "no credentials are set; the request itself would be refused (exit code 3)",
                );
            }
            return Ok((username.unwrap_or_default(), String::new().into()));
        }
        let missing = |what: &str| {
            Failure::Configuration {
            message: format!("no {what} is set"),
            hint: Some(
                "run bango-ent auth login, or set BANGO_USERNAME and BANGO_PASSWORD, or choose a profile with --profile"
                    .to_owned(),
            ),
        }
        };
        let username = username.ok_or_else(|| missing("user name"))?;
        let password = settings
            .password
            .as_ref()
            .ok_or_else(|| missing("password"))?;
        Ok((username, password.value.fetch()?))
    }

    /// Whether `--sandbox` takes the place of every profile.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.globals.sandbox
    }

    /// Whether the request is only to be shown.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.globals.dry_run
    }

    /// Lets more than one change of a live account pass only if that is confirmed, in words that name the account.
    ///
    /// # Errors
    ///
    /// If it is not confirmed: nothing has been sent then.
    pub fn allow_changes(&self, count: u32, yes: bool) -> anyhow::Result<()> {
        let settings = self.settings()?;
        let is_live = settings.environment == Some(profile::Environment::Live);
        if yes || count < 2 || !is_live || self.globals.dry_run {
            return Ok(());
        }
        let user = settings.username.as_ref();
        let user = terminal::clean(user.map_or("nobody", |user| user.value.as_str()));
        let host = settings.base_url.value.host();
        let what = format!("{count} changes of the live account {user} at {host}");
        let question = format!("{what}. Send them?");
        if self.terminal.can_ask() && asked(terminal::ask::yes(&self.terminal, &question))? {
            return Ok(());
        }
        Err(Failure::RefusedLocally {
            message: format!("{what} need a confirmation; nothing was sent"),
            hint: Some("--yes confirms; --dry-run shows what would be sent".to_owned()),
        }
        .into())
    }

    /// Keeps a flag that the user has answered, so that the command can be repeated without asking.
    pub fn remember(&self, flag: &[&str]) {
        let mut answers = self.answers.borrow_mut();
        answers.extend(flag.iter().map(|word| (*word).to_owned()));
    }

    /// Asks the user for the value of a flag, and keeps it, so that the command can be repeated without asking.
    ///
    /// # Errors
    ///
    /// If the terminal is gone or the user ends it there.
    pub fn ask(
        &self,
        flag: &str,
        question: &str,
        default: Option<&str>,
        check: fn(&str) -> Result<(), &'static str>,
    ) -> anyhow::Result<String> {
        let answer = asked(ask::text(&self.terminal, question, default, check))?;
        self.remember(&[flag, &answer]);
        Ok(answer)
    }

    /// The command line that repeats this one under the same request identifier, quoted for a shell.
    #[must_use]
    pub fn repeat_command(&self, request_identifier: &str) -> String {
        let mut words: Vec<_> = std::env::args_os()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let mut added = self.answers.borrow().clone();
        if self.globals.request_id.is_none() {
            added.extend(["--request-id".to_owned(), request_identifier.to_owned()]);
        }
        let end = words
            .iter()
            .position(|word| word == "--")
            .unwrap_or(words.len());
        words.splice(end..end, added);
        shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
    }
}

/// Lets Ctrl-C stop a client's calls.
fn stop_on_interrupt(client: &Client) {
    let canceller = client.canceller();
    terminal::on_interrupt(move || canceller.cancel());
}

/// What a question came to: an interrupt there is no error of the terminal's.
///
/// # Errors
///
/// If the terminal is gone or the user ended it there.
pub fn asked<T>(answer: std::io::Result<T>) -> anyhow::Result<T> {
    answer.map_err(|e| {
        if e.kind() == std::io::ErrorKind::Interrupted {
            anyhow::Error::from(Failure::Interrupted)
        } else {
            anyhow::Error::from(e).context("the question could not be asked")
        }
    })
}
