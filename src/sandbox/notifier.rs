//! Posts notifications from a few threads of its own and reports how each try went. It decides nothing about retries.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

use super::tables::DueKey;

/// How many receivers may be slow at the same time.
const THREADS: usize = 4;
const TIMEOUT: Duration = Duration::from_secs(10);

/// One try to make.
#[derive(Debug)]
pub struct Parcel {
    /// What planned it.
    pub key: DueKey,
    /// The number of the notification.
    pub number: u64,
    /// Where it goes.
    pub url: String,
    /// The JSON.
    pub body: String,
}

/// How a try went: the HTTP status, or why there was none.
pub type Outcome = Result<u16, String>;

/// The threads that post. They end when this is dropped and their current try is over.
#[derive(Debug)]
pub struct Notifier {
    parcels: Sender<Parcel>,
}

impl Notifier {
    /// Starts the threads; `report` is called from them after each try.
    ///
    /// # Errors
    ///
    /// If a thread cannot be started.
    pub fn start(
        header: Option<&(&'static str, String)>,
        report: impl Fn(Parcel, Outcome) + Send + Clone + 'static,
    ) -> std::io::Result<Self> {
        let (parcels, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..THREADS {
            let (waiting, header, report) = (Arc::clone(&waiting), header.cloned(), report.clone());
            std::thread::Builder::new()
                .name("notifier".to_owned())
                .spawn(move || deliver(&waiting, header.as_ref(), &report))?;
        }
        Ok(Self { parcels })
    }

    /// Hands over one try.
    pub fn send(&self, parcel: Parcel) {
        self.parcels.send(parcel).ok();
    }
}

fn deliver(
    waiting: &Mutex<Receiver<Parcel>>,
    header: Option<&(&'static str, String)>,
    report: &impl Fn(Parcel, Outcome),
) {
    let mut agent = None;
    loop {
        let next = waiting.lock().map(|parcels| parcels.recv());
        let Ok(Ok(parcel)) = next else {
            return;
        };
        let agent = agent.get_or_insert_with(agent_for_receivers);
        let outcome = post(agent, &parcel, header);
        report(parcel, outcome);
    }
}

fn agent_for_receivers() -> ureq::Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .tls_config(tls)
        .user_agent("bango-ent-sandbox")
        .build()
        .into()
}

fn post(agent: &ureq::Agent, parcel: &Parcel, header: Option<&(&'static str, String)>) -> Outcome {
    let mut request = agent.post(&parcel.url).content_type("application/json");
    if let Some((name, value)) = header {
        request = request.header(*name, value);
    }
    match request.send(&parcel.body) {
        Ok(response) => Ok(response.status().as_u16()),
        Err(error) => Err(error.to_string()),
    }
}
