//! What every command receives: the terminal, the settings, and an API client on demand.

pub mod globals;
mod hook;
mod preview;
mod repeat;

pub use crate::api::value::duration;
pub use crate::program::Argv;
pub use globals::Globals;
pub use repeat::quoted;

use std::cell::{OnceCell, RefCell};
use std::path::Path;
use std::sync::Arc;

use crate::api::{self, Answer, Client, Request};
use crate::ending::{Code, Ending};
use crate::history::{self, Recorder};
use crate::http::{Network, retry};
use crate::profile::{self, ConfigFile, PasswordSource, Settings};
use crate::report::Report;
use crate::sandbox::{self, Reached, Sandbox};
use crate::terminal::{self, OutputOptions, Spinner, Terminal, Trace, Verbosity};

use globals::Color;

pub struct Context {
    pub terminal: Terminal,
    pub globals: Globals,
    settings: OnceCell<Settings>,
    client: OnceCell<Client>,
    answers: RefCell<Vec<String>>,
    embedded: OnceCell<Embedded>,
}

/// A sandbox of this process's own. Its notifications are given a moment before it ends.
struct Embedded(Sandbox);

impl Drop for Embedded {
    fn drop(&mut self) {
        self.0.wait_for_others();
        self.0.wait_for_delivery();
    }
}

impl Context {
    /// Reads nothing yet but the streams' kinds.
    pub fn new(globals: Globals) -> Self {
        let color = match globals.color {
            Color::Auto => None,
            Color::Always => Some(true),
            Color::Never => Some(false),
        };
        let options = OutputOptions {
            json: globals.json,
            quiet: globals.quiet,
            color,
        };
        Self {
            terminal: Terminal::new(options),
            globals,
            settings: OnceCell::new(),
            client: OnceCell::new(),
            answers: RefCell::default(),
            embedded: OnceCell::new(),
        }
    }

    /// The settings of this run, read when first asked for.
    pub fn settings(&self) -> Result<&Settings, Ending> {
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
    fn sandbox_settings(&self) -> Result<Settings, Ending> {
        let mut options = sandbox::SandboxOptions::from_environment(None)
            .map_err(|e| Ending::configuration(format!("{e:#}")))?;
        let terminal = self.terminal.clone();
        options.observer = Arc::new(move |event| {
            if let sandbox::SandboxEvent::State(what) = event {
                terminal.warn(what);
            }
        });
        let (username, password) = (options.username.clone(), options.password.clone());
        let origin = match sandbox::reach(&options).map_err(Ending::machine)? {
            Reached::Found(origin) => {
                self.terminal
                    .remark(&format!("using the sandbox at {origin}"));
                origin
            }
            Reached::Started(sandbox) => {
                if options.state.is_none() {
                    self.terminal
                        .remark("there is no home directory, so the sandbox keeps nothing");
                }
                let origin = sandbox.origin().to_owned();
                let _ = self.embedded.set(Embedded(sandbox));
                origin
            }
        };
        let base_url = sandbox::base_url(&origin);
        Settings::for_sandbox(&self.flags(), &base_url, username, password.into())
    }

    /// The origin that `--base-url` names, or `BANGO_BASE_URL` if that is on this machine: where a sandbox may run.
    pub fn local_origin(&self) -> Result<Option<String>, Ending> {
        let named = self.globals.base_url.clone();
        let is_flag = named.is_some();
        let named = named.or_else(|| std::env::var("BANGO_BASE_URL").ok());
        let Some(named) = named.filter(|url| !url.is_empty() && !self.globals.sandbox) else {
            return Ok(None);
        };
        let url = api::BaseUrl::parse(&named).map_err(Ending::configuration)?;
        let is_here = is_flag || url.is_loopback();
        Ok(is_here.then(|| url.origin()))
    }

    /// Whether a sandbox runs in this process, and ends with it.
    pub fn has_embedded_sandbox(&self) -> bool {
        self.embedded.get().is_some()
    }

    /// Sends a request and goes on with its answer; a dry run shows the request instead.
    pub fn call(
        &self,
        request: impl FnOnce(&Client) -> Request,
        then: impl FnOnce(Answer) -> Result<Report, Ending>,
    ) -> Result<Report, Ending> {
        let client = self.client()?;
        if self.globals.dry_run {
            return self.preview(client, request(client));
        }
        then(self.send(request(client))?)
    }

    /// The result of a dry run: the request that was not sent.
    pub fn preview(&self, client: &Client, request: Request) -> Result<Report, Ending> {
        self.preview_all(client, [request])
    }

    /// The result of a dry run of several requests.
    pub fn preview_all(
        &self,
        client: &Client,
        requests: impl IntoIterator<Item = Request>,
    ) -> Result<Report, Ending> {
        let requests = requests.into_iter().map(|request| client.preview(request));
        let requests: Result<Vec<_>, _> = requests.collect();
        let requests = requests.map_err(|e| self.ending(e))?;
        Ok(Report::new(preview::shown(&requests)).remark("dry run: nothing was sent"))
    }

    pub fn send(&self, request: Request) -> Result<Answer, Ending> {
        let client = self.client()?;
        let _spinner = self.waiting();
        client.send(request).map_err(|error| self.ending(error))
    }

    /// Shows that an answer is waited for, once that takes long enough to be noticed.
    pub fn waiting(&self) -> Spinner {
        Spinner::start_if_long(&self.terminal, "waiting for the answer")
    }

    /// The ending that an error of the API is, with what is known of this machine.
    pub fn ending(&self, error: api::Error) -> Ending {
        let ending = Ending::from(error);
        let base_url = self.settings.get().map(|settings| &settings.base_url.value);
        let is_here = base_url.is_some_and(|url| url.is_loopback() && !url.is_https());
        match ending.code {
            Code::NotSent if is_here => {
                const START: &str = "is the sandbox running? this starts it";
                let port = base_url.map(api::BaseUrl::port);
                match port.filter(|port| *port != sandbox::PORT) {
                    None => ending.run(START, ["sandbox"]),
                    Some(port) => ending.run(START, ["sandbox", "--port", &port.to_string()]),
                }
            }
            Code::NotSent => ending.run(
                "correct what the message names; this looks for the cause",
                ["doctor"],
            ),
            _ => ending,
        }
    }

    /// The API client, made when first asked for; Ctrl-C stops its calls.
    pub fn client(&self) -> Result<&Client, Ending> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let options = (1, self.policy());
        let client = self.new_client(self.settings()?, options)?;
        stop_on_interrupt(&client);
        Ok(self.client.get_or_init(|| client))
    }

    /// A client with settings of its own; Ctrl-C stops its calls.
    pub fn client_for(&self, settings: &Settings) -> Result<Client, Ending> {
        let client = self.new_client(settings, (1, self.policy()))?;
        stop_on_interrupt(&client);
        Ok(client)
    }

    /// A client for many threads, each with a connection of its own. It repeats nothing by itself, and Ctrl-C does not stop it:
    /// whoever asks for it sees to both.
    pub fn shared_client(&self, connections: usize) -> Result<Client, Ending> {
        if self.globals.request_id.is_some() {
            let why = "--request-id is for one request; each row of a batch has its own";
            return Err(Ending::usage(why));
        }
        #[cfg(unix)]
        self.warn_of_few_files(connections);
        let options = (connections, retry::Policy { retries: 0 });
        self.new_client(self.settings()?, options)
    }

    /// Says so if the system does not let this program have so many connections; whoever uses them makes do with fewer.
    #[cfg(unix)]
    fn warn_of_few_files(&self, connections: usize) {
        use rustix::process::{Resource, getrlimit};
        // Standard streams, the input, the journal, results and what a name is looked up with.
        const OTHERS: u64 = 16;
        let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        if most < connections as u64 + OTHERS {
            self.terminal.warn(&format!(
                "this system lets a program have {most} open files (ulimit -n): fewer than {connections} requests are under way at once"
            ));
        }
    }

    fn new_client(
        &self,
        settings: &Settings,
        (connections, policy): (usize, retry::Policy),
    ) -> Result<Client, Ending> {
        let (username, password) = self.credentials(settings)?;
        let globals = &self.globals;
        let verbosity = match globals.verbose {
            0 => Verbosity::Normal,
            1 => Verbosity::Exchange,
            _ => Verbosity::Bodies,
        };
        let live = settings.environment == Some(profile::Environment::Live) && connections == 1;
        let log = self.log_file().filter(|_| !globals.dry_run);
        // A batch has its journal.
        let is_kept = settings.history && connections == 1 && !globals.dry_run;
        let history = is_kept.then(history::path);
        if history == Some(None) {
            self.terminal.warn(
                "no history is kept: this system names no home directory; --log-file names a file",
            );
        }
        let profile = settings.profile.as_ref().map(|named| named.value.clone());
        let recorder = Recorder::open(log, history.flatten(), profile).map_err(|e| {
            let name = log.unwrap_or("".as_ref()).display();
            let what = format!("the log file {name} cannot be opened");
            Ending::failed(what, e)
        })?;
        let trace = Trace::new(self.terminal.clone(), verbosity, live, recorder);
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
        };
        let client = Client::new(options, Box::new(trace))?;
        self.terminal.redact(client.redactor());
        Ok(client)
    }

    /// How a server is reached: through the environment's proxy, trusting the flag's authority.
    pub fn network(&self, base_url: &api::BaseUrl, connections: usize) -> Result<Network, Ending> {
        Ok(Network {
            ca_cert: self.globals.ca_cert.clone(),
            proxy: profile::proxy_for(base_url)?.map(|proxy| proxy.value),
            connections,
        })
    }

    /// User name and password. A dry run needs neither and fetches no password.
    fn credentials(&self, settings: &Settings) -> Result<(String, secrecy::SecretString), Ending> {
        let username = settings
            .username
            .as_ref()
            .map(|username| username.value.clone());
        // Basic authentication cannot carry a colon there, and what follows one is often the password.
        if let Some(Err(why)) = username.as_deref().map(profile::check_username) {
            return Err(Ending::configuration(format!("the user name {why}"))
                .next("correct BANGO_USERNAME, or the profile with bango-ent auth login"));
        }
        if self.globals.dry_run {
            if username.is_none() || settings.password.is_none() {
                self.terminal.remark(
                    "no credentials are set; the request itself would be refused (exit code 3)",
                );
            }
            self.warn_of_other_origin(settings);
            return Ok((username.unwrap_or_default(), String::new().into()));
        }
        let username = username.ok_or_else(|| missing("user name", settings))?;
        let password = settings
            .password
            .as_ref()
            .ok_or_else(|| missing("password", settings))?;
        settings.check_origin()?;
        let password = self.fetch(&password.value)?;
        Ok((username, password))
    }

    /// Fetches a password, until an interrupt: a program, a keyring or a pipe may take as long as a person.
    pub fn fetch(&self, password: &PasswordSource) -> Result<secrecy::SecretString, Ending> {
        if let PasswordSource::Given(_) = password {
            return password.fetch();
        }
        // A program may ask at the terminal itself.
        let is_keyring = matches!(password, PasswordSource::Keyring(_));
        let what = "waiting for the keyring";
        let _spinner = is_keyring.then(|| Spinner::start_if_long(&self.terminal, what));
        let slow = password.clone();
        asked(terminal::unless_interrupted(move || slow.fetch()))?
    }

    /// Says, where no password is fetched, that it would not be sent to this origin.
    pub fn warn_of_other_origin(&self, settings: &Settings) {
        if let Some(why) = settings.other_origin() {
            let refused = format!("{why}; a request would be refused (exit code 4)");
            self.terminal.warn(&refused);
        }
    }

    pub fn flags(&self) -> profile::Flags {
        profile::Flags {
            profile: self.globals.profile.clone(),
            base_url: self.globals.base_url.clone(),
            read_only: self.globals.read_only,
        }
    }

    /// Refuses a command that may change something at Bango if nothing may be changed; a dry run only says so.
    pub fn permit_change(&self) -> Result<(), Ending> {
        match self.settings()?.why_read_only() {
            None => Ok(()),
            Some(why) if self.globals.dry_run => {
                let refused = format!("{why}; the request would be refused (exit code 4)");
                self.terminal.warn(&refused);
                Ok(())
            }
            Some(why) => Err(Ending::refused_locally(format!("{why}; nothing was sent"))
                .next("add --dry-run to see the request; to change something, run it without that setting")),
        }
    }

    /// The beginning of a question that is about real users: `LIVE account …: `; empty for others.
    pub fn live_account(&self) -> Result<String, Ending> {
        let settings = self.settings()?;
        if settings.environment != Some(profile::Environment::Live) {
            return Ok(String::new());
        }
        let user = settings.username.as_ref();
        let user = user.map_or("without a user name", |user| user.value.as_str());
        let host = settings.base_url.value.host();
        Ok(format!("LIVE account {user} ({host}): "))
    }

    pub fn api_is_here(&self) -> Result<bool, Ending> {
        Ok(self.settings()?.base_url.value.is_loopback())
    }

    pub fn is_dry_run(&self) -> bool {
        self.globals.dry_run
    }

    pub fn log_file(&self) -> Option<&Path> {
        let log = self.globals.log_file.as_deref();
        log.filter(|log| !log.as_os_str().is_empty())
    }

    pub fn policy(&self) -> retry::Policy {
        retry::Policy {
            retries: self.globals.retries,
        }
    }
}

fn stop_on_interrupt(client: &Client) {
    let canceller = client.canceller();
    terminal::on_interrupt(move || canceller.cancel());
}

/// Says what is not set, and the likeliest way to set it.
fn missing(what: &str, settings: &Settings) -> Ending {
    let ending = Ending::configuration(format!("no {what} is set"));
    let profiles = ConfigFile::load().map(|config| config.profiles);
    let names: Vec<_> = profiles
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    match names.first() {
        Some(first) if settings.profile.is_none() => {
            let names = names.join(", ");
            let say = format!(
                "--profile names one of the profiles ({names}); this makes one the default"
            );
            ending.run(say, ["profile", "use", first])
        }
        _ => ending.next(profile::SET_UP),
    }
}

/// What a question came to: an interrupt there is no error of the terminal's.
pub fn asked<T>(answer: std::io::Result<T>) -> Result<T, Ending> {
    answer.map_err(|e| match e.kind() {
        std::io::ErrorKind::Interrupted => Ending::interrupted(),
        _ => Ending::failed("the question could not be asked", e),
    })
}
