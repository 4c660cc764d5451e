//! What every command receives: the terminal, the settings, and an API client on demand.

mod clients;
pub mod globals;
mod preview;
mod repeat;

pub use crate::api::value::duration;
pub use globals::Globals;
pub use repeat::asked;

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use crate::api::{self, Answer, Client, Request};
use crate::ending::{Code, Ending, Report};
use crate::http::retry;
use crate::profile::{self, ConfigFile, Settings};
use crate::sandbox::{self, Reached, Sandbox};
use crate::terminal::{OutputOptions, Spinner, Terminal};

use globals::Color;
use preview::Preview;

/// A person notices a wait that is longer than this.
const NOTICEABLE: Duration = Duration::from_secs(1);

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
        Settings::for_sandbox(&base_url, username, password.into())
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
        let preview = client.preview(request).map_err(|e| self.ending(e))?;
        Ok(Report::new(Preview(preview)).remark("dry run: nothing was sent"))
    }

    /// Sends a request.
    pub fn send(&self, request: Request) -> Result<Answer, Ending> {
        let client = self.client()?;
        let _spinner = Spinner::start_after(&self.terminal, "waiting for the answer", NOTICEABLE);
        client.send(request).map_err(|error| self.ending(error))
    }

    /// The ending that an error of the API is, with what is known of this machine.
    pub fn ending(&self, error: api::Error) -> Ending {
        let ending = Ending::from(error);
        let base_url = self.settings.get().map(|settings| &settings.base_url.value);
        let is_here = base_url.is_some_and(|url| url.is_loopback() && !url.is_https());
        match ending.code {
            Code::NotSent if is_here => {
                ending.run("is the sandbox running? this starts it", ["sandbox"])
            }
            Code::NotSent => ending.run(
                "correct what the message names; this looks for the cause",
                ["doctor"],
            ),
            _ => ending,
        }
    }

    /// What the command line says about settings.
    pub fn flags(&self) -> profile::Flags {
        profile::Flags {
            profile: self.globals.profile.clone(),
            base_url: self.globals.base_url.clone(),
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

    /// Whether the API is on this machine.
    pub fn api_is_here(&self) -> Result<bool, Ending> {
        Ok(self.settings()?.base_url.value.is_loopback())
    }

    /// Whether `--sandbox` takes the place of every profile.
    pub fn is_sandbox(&self) -> bool {
        self.globals.sandbox
    }

    /// Whether the user wants to see what happens below.
    pub fn is_verbose(&self) -> bool {
        self.globals.verbose > 0
    }

    /// Whether the request is only to be shown.
    pub fn is_dry_run(&self) -> bool {
        self.globals.dry_run
    }

    /// How often what was sent is sent again.
    pub fn policy(&self) -> retry::Policy {
        retry::Policy {
            retries: self.globals.retries,
        }
    }

    /// The time for one call, with all its retries.
    pub fn timeout(&self) -> Duration {
        self.globals.timeout
    }
}
