//! What every command receives: the terminal, the settings, and an API client on demand.

mod clients;
mod globals;
mod repeat;

pub use globals::{Globals, duration};
pub use repeat::asked;

use std::cell::{OnceCell, RefCell};
use std::time::Duration;

use crate::api::{Client, retry};
use crate::profile::{self, ConfigFile, Settings};
use crate::sandbox::{self, Reached, Running};
use crate::terminal::{OutputOptions, Terminal};

use globals::Color;

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
}
