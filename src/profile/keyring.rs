//! The operating system's keyring: one entry for a profile's password. It answers in time or is given up.
//!
//! On Linux it is asked through libsecret's own program, `secret-tool`: the libraries that speak to it directly would
//! make this program a third larger. macOS and Windows are asked directly.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use secrecy::SecretString;

use super::setting::is_set;
use crate::ending::Ending;

/// A keyring that has not answered by then is given up, where nobody can be asked to unlock it.
const TIMEOUT: Duration = Duration::from_secs(3);
/// A person unlocks a keyring, types a passphrase or touches a key within this.
const A_MINUTE: Duration = Duration::from_secs(60);
const SERVICE: &str = "bango-ent";

/// The entry of one profile's user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyring {
    account: String,
}

impl Keyring {
    /// The entry of a user in a profile: a password does not follow a user name that was changed by hand.
    pub fn entry(profile: &str, username: &str) -> Self {
        Self {
            account: format!("{profile}/{username}"),
        }
    }

    pub fn account(&self) -> &str {
        &self.account
    }

    pub fn read(&self) -> Result<SecretString, Ending> {
        system::read(&self.account)?.ok_or_else(|| {
            Ending::configuration(format!("the keyring has no entry {}", self.account))
                .next("run bango-ent auth login to store the password again")
        })
    }

    /// Stores the password, in place of one that is there.
    pub fn store(&self, password: &SecretString) -> Result<(), Ending> {
        system::store(&self.account, password)
    }

    /// Removes the password; one that is not there is no error.
    pub fn remove(&self) -> Result<(), Ending> {
        system::remove(&self.account)
    }
}

/// How long a program is waited for: longer where a person may be asked, at a terminal or a display.
pub fn patience(unattended: Duration) -> Duration {
    let has_display = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    if has_display || cfg!(any(target_os = "macos", windows)) || io::stdin().is_terminal() {
        A_MINUTE
    } else {
        unattended
    }
}

fn unavailable(why: &str) -> Ending {
    Ending::configuration(format!("the keyring {why}"))
        .next("unlock or start it, or keep the password with --password-command or --store file")
}

fn late() -> Ending {
    let seconds = patience(TIMEOUT).as_secs();
    unavailable(&format!("did not answer within {seconds} seconds"))
}

#[cfg(not(any(target_os = "macos", windows)))]
mod system {
    use std::io;
    use std::process::Stdio;

    use secrecy::{ExposeSecret, SecretString};

    use super::{Ending, SERVICE, TIMEOUT, late, patience, unavailable};
    use crate::program::{self, Limits, Output};

    const LONGEST: usize = 64 * 1024;

    pub(super) fn read(account: &str) -> Result<Option<SecretString>, Ending> {
        let output = ask(&["lookup"], account, "")?;
        if !output.is_success() && complaint(&output).is_none() {
            return Ok(None);
        }
        let output = succeeded(output)?;
        let text = String::from_utf8(output.stdout).map_err(|_| unavailable("holds no text"))?;
        Ok(Some(text.into()))
    }

    pub(super) fn store(account: &str, password: &SecretString) -> Result<(), Ending> {
        let label = format!("--label=bango-ent: {account}");
        let stored = ask(&["store", &label], account, password.expose_secret())?;
        succeeded(stored).map(drop)
    }

    pub(super) fn remove(account: &str) -> Result<(), Ending> {
        let output = ask(&["clear"], account, "")?;
        if complaint(&output).is_none() {
            return Ok(());
        }
        succeeded(output).map(drop)
    }

    /// What the program complains about; the warnings of its libraries say nothing about the entry.
    fn complaint(output: &Output) -> Option<String> {
        let text = String::from_utf8_lossy(&output.stderr);
        let is_said = |line: &&str| !line.trim().is_empty() && !line.contains("-WARNING");
        text.lines().find(is_said).map(str::to_owned)
    }

    fn ask(verb: &[&str], account: &str, input: &str) -> Result<Output, Ending> {
        let attributes = ["service", SERVICE, "account", account];
        let argv = [&["secret-tool"], verb, &attributes].concat();
        let limits = Limits {
            input: input.as_bytes().to_vec(),
            timeout: patience(TIMEOUT),
            output_limit: LONGEST,
            kills_children: false,
            is_stopped: &|| false,
        };
        program::command(&argv)
            .and_then(|mut command| program::run(command.stderr(Stdio::piped()), limits))
            .map_err(|e| match e.kind() {
                io::ErrorKind::TimedOut => late(),
                io::ErrorKind::NotFound => unavailable(
                    "is asked through secret-tool, which is not installed (Debian: libsecret-tools, Fedora: libsecret)",
                ),
                _ => unavailable(&format!("could not be asked through secret-tool: {e}")),
            })
    }

    fn succeeded(output: Output) -> Result<Output, Ending> {
        if output.is_success() {
            return Ok(output);
        }
        let why = complaint(&output).unwrap_or_else(|| output.status.to_string());
        Err(unavailable(&format!("failed: {why}")))
    }
}

#[cfg(any(target_os = "macos", windows))]
mod system {
    use std::sync::mpsc;

    use keyring::v1::Entry;
    use secrecy::{ExposeSecret, SecretString};

    use super::{Ending, SERVICE, TIMEOUT, late, patience, unavailable};

    type Asked<T> = Result<T, keyring::v1::Error>;

    pub(super) fn read(account: &str) -> Result<Option<SecretString>, Ending> {
        Ok(ask(account, Entry::get_password)?.map(Into::into))
    }

    pub(super) fn store(account: &str, password: &SecretString) -> Result<(), Ending> {
        let password = password.clone();
        ask(account, move |entry| {
            entry.set_password(password.expose_secret())
        })
        .map(drop)
    }

    pub(super) fn remove(account: &str) -> Result<(), Ending> {
        ask(account, Entry::delete_credential).map(drop)
    }

    /// Asks from a thread of its own, because nothing else ends a call that never comes back. `None`: no such entry.
    fn ask<T: Send + 'static>(
        account: &str,
        act: impl FnOnce(&Entry) -> Asked<T> + Send + 'static,
    ) -> Result<Option<T>, Ending> {
        let account = account.to_owned();
        let (sender, receiver) = mpsc::channel();
        let aside = std::thread::Builder::new().name("keyring".to_owned());
        let asked = aside.spawn(move || {
            // Nobody listens any more if it came too late.
            let _ = sender.send(Entry::new(SERVICE, &account).and_then(|entry| act(&entry)));
        });
        asked.map_err(|e| unavailable(&format!("could not be asked: {e}")))?;
        match receiver.recv_timeout(patience(TIMEOUT)) {
            Ok(Ok(value)) => Ok(Some(value)),
            Ok(Err(keyring::v1::Error::NoEntry)) => Ok(None),
            Ok(Err(e)) => Err(unavailable(&format!("failed: {e}"))),
            Err(_) => Err(late()),
        }
    }
}
