//! Making API clients: credentials, network, observer; for one command or for many threads.

use super::{Context, NOTICEABLE, asked};
use crate::api::{self, Client};
use crate::ending::Ending;
use crate::http::{Network, retry};
use crate::profile::{self, ConfigFile, PasswordSource, Settings};
use crate::terminal::{self, Spinner, Trace, Verbosity};

impl Context {
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
        let options = (connections, retry::Policy { retries: 0 });
        self.new_client(self.settings()?, options)
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
        let log = globals.log_file.as_deref();
        let log = log.filter(|log| !globals.dry_run && !log.as_os_str().is_empty());
        let trace = Trace::new(self.terminal.clone(), verbosity, live, log).map_err(|e| {
            let name = log.unwrap_or("".as_ref()).display();
            let what = format!("the log file {name} cannot be opened");
            Ending::machine(anyhow::Error::from(e).context(what))
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
        let _spinner = is_keyring.then(|| Spinner::start_after(&self.terminal, what, NOTICEABLE));
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
}

/// Lets Ctrl-C stop a client's calls.
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
            let say = format!("--profile names one of the profiles ({names}); this makes one the default");
            ending.run(say, ["profile", "use", first])
        }
        _ => ending.next(
            "without an account add --sandbox; else run bango-ent auth login, or set BANGO_USERNAME and BANGO_PASSWORD",
        ),
    }
}
