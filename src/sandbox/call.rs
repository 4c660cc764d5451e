//! What every operation and page receives: the request, the state, the settings; and the few acts that they share. It answers nothing.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::answer::{ApiRefusal, ResponseCode};
use super::catalog::{Product, Start};
use super::delivery::QueuedNotification;
use super::entity::{Entity, Link};
use super::record::{Status, StoredEntitlement, later, wire_time};
use super::settings::Config;
use super::state::State;
use crate::server::Request;

/// The longest time that a notification is held back when they are shuffled, in milliseconds.
const LONGEST_HOLD: u64 = 3_000;

/// What is remembered between requests, for the life of the process.
pub struct Memory {
    /// Never the same for two states of the dashboard.
    pub version: u64,
    /// Whether a request has replaced the state as a whole, so that nothing of the old one shall stay in the log.
    pub is_replaced: bool,
    /// The import of which more parts are to come.
    pub import: ImportParts,
    /// How often each counted fault was met.
    pub faults: HashMap<String, u32>,
    /// When the second began that the rate limit counts, and how many requests came in it.
    pub second: (Instant, u32),
}

/// How long the parts of an import wait for the next one.
const IMPORT_PATIENCE: Duration = Duration::from_secs(60);

/// What has come of an import so far. Nothing of it is in the state before its last part.
#[derive(Default)]
pub struct ImportParts {
    /// What its sender calls it.
    pub id: String,
    pub bodies: Vec<Vec<u8>>,
    /// When the last of them came.
    pub since: Option<Instant>,
}

impl Memory {
    /// Forgets an import that its sender has given up, or that is done.
    pub fn forget_import(&mut self, is_done: bool) {
        let since = self.import.since;
        if is_done || since.is_some_and(|since| since.elapsed() > IMPORT_PATIENCE) {
            self.import = ImportParts::default();
        }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            // A page that outlives a restart must not take the new state for the old one.
            version: fastrand::u64(..1 << 40),
            is_replaced: false,
            import: ImportParts::default(),
            faults: HashMap::new(),
            second: (Instant::now(), 0),
        }
    }
}

/// One request on its way through the sandbox.
pub struct Call<'c> {
    pub request: &'c Request,
    /// Its body, if that is JSON; whoever takes it is the last.
    pub body: Option<Value>,
    /// The argument in its path, decoded, or an empty text.
    pub argument: &'c str,
    pub state: &'c mut State,
    pub config: &'c Config,
    pub memory: &'c mut Memory,
    /// One time for everything that this request dates.
    pub now: Timestamp,
    /// What a fault makes of the product's own way to start.
    pub forced: Option<Start>,
}

impl<'c> Call<'c> {
    /// Acts, and takes back what it changed if it is refused.
    pub fn attempt<T, E>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let mark = self.state.mark();
        let done = act(self);
        if done.is_err() {
            self.state.undo_to(mark);
        }
        done
    }

    /// A parameter of the query, or an empty text.
    pub fn parameter(&self, name: &str) -> String {
        let query = self.request.query.as_deref().unwrap_or("");
        let mut fields = url::form_urlencoded::parse(query.as_bytes());
        let found = fields.find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, value)| value.into_owned())
    }

    /// Finds an entitlement.
    pub fn entitlement(&self, id: &str) -> Result<StoredEntitlement, ApiRefusal> {
        let found = self.state.entitlement(id).cloned();
        found.ok_or_else(|| {
            let message = format!("no entitlement has the id '{id}'");
            ApiRefusal::new(ResponseCode::NotFound, message)
        })
    }

    /// Finds the product of an entitlement; one that the catalog no longer has behaves plainly.
    pub fn product(&self, record: &StoredEntitlement) -> Option<&'c Product> {
        let shown = &record.shown;
        let catalog = &self.config.options.catalog;
        catalog.find(&shown.merchant_account_key, &shown.product_key)
    }

    /// Refuses if the customer has an entitlement at the merchant that has not ended, other than this one.
    pub fn check_limit(
        &self,
        customer: &str,
        record: &StoredEntitlement,
    ) -> Result<(), ApiRefusal> {
        let merchant = &record.shown.merchant_account_key;
        let mut others = self.state.live_of(customer);
        if others
            .any(|other| other.shown.merchant_account_key == *merchant && other.id() != record.id())
        {
            let message = "Maximum number of subscriptions for user reached";
            return Err(ApiRefusal::new(ResponseCode::BadRequest, message));
        }
        Ok(())
    }

    /// Makes a registration link and returns its URL and when it expires.
    pub fn new_link(&mut self, record: &StoredEntitlement) -> (String, String) {
        let token = Uuid::new_v4().simple().to_string();
        let expires = later(self.now, self.config.options.link_lifetime);
        let config = self.config;
        let public = config.public_origin();
        let origin = public.unwrap_or_else(|| config.origin(self.request));
        let url = format!("{origin}/register/{token}");
        let link = Link {
            token,
            entitlement: record.id().to_owned(),
            expires: expires.as_millisecond(),
        };
        self.state.add(Entity::Link(link));
        (url, wire_time(expires))
    }

    /// Moves an entitlement to another status and queues the notification of it; the caller saves it.
    pub fn transition(
        &mut self,
        record: &mut StoredEntitlement,
        to: Status,
        by: &str,
    ) -> Result<(), ApiRefusal> {
        let from = record.status();
        if !from.can_become(to) {
            return Err(forbidden(from, to));
        }
        let reason = record.transition(to, self.now, by);
        self.notify(record, reason);
        Ok(())
    }

    /// Queues the notification that an entitlement has changed.
    pub fn notify(&mut self, record: &StoredEntitlement, reason: &str) {
        notify(self.state, self.config, record, reason, self.now);
    }
}

/// Queues the notification that an entitlement has changed, if it has a notification URL.
pub fn notify(
    state: &mut State,
    config: &Config,
    record: &StoredEntitlement,
    reason: &str,
    now: Timestamp,
) {
    let Some(url) = &record.notification_url else {
        return;
    };
    for _ in 0..=u8::from(config.options.duplicate_notifications) {
        let longest = u64::from(config.options.shuffle_notifications) * LONGEST_HOLD;
        let hold = Duration::from_millis(fastrand::u64(..=longest));
        let notification = QueuedNotification::new(record, url, reason, now, hold);
        state.save_notification(notification);
    }
}

/// Refuses because an entitlement has ended.
pub fn check_live(record: &StoredEntitlement) -> Result<(), ApiRefusal> {
    if record.status().is_live() {
        return Ok(());
    }
    let message = format!("the entitlement has ended: it is {}", record.status());
    Err(ApiRefusal::new(ResponseCode::Conflict, message))
}

/// Refuses a change of status that is not possible.
pub fn forbidden(from: Status, to: Status) -> ApiRefusal {
    let message = format!("an entitlement that is {from} cannot become {to}");
    ApiRefusal::new(ResponseCode::Conflict, message)
}
