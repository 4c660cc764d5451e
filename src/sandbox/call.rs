//! What every operation and page receives: the request, the state, the settings; and the few acts that they share. It answers nothing.

use jiff::Timestamp;
use uuid::Uuid;

use super::answer::{Code, Refusal};
use super::catalog::{Product, Start};
use super::lifecycle::{self, Status};
use super::notifications;
use super::recent::Recent;
use super::record::{Record, wire_time};
use super::settings::{Settings, later};
use super::state::{Link, State, Thing};
use crate::server::Request;

/// One request on its way through the sandbox.
pub struct Call<'c> {
    pub request: &'c Request,
    /// The argument in its path, decoded, or an empty text.
    pub argument: &'c str,
    pub state: &'c mut State,
    pub settings: &'c Settings,
    /// One time for everything that this request dates.
    pub now: Timestamp,
    /// What was asked of the sandbox lately.
    pub recent: &'c Recent,
    /// What a fault makes of the product's own way to start.
    pub forced: Option<Start>,
}

impl<'c> Call<'c> {
    /// Finds an entitlement.
    pub fn entitlement(&self, id: &str) -> Result<Record, Refusal> {
        let found = self.state.entitlement(id).cloned();
        found.ok_or_else(|| {
            Refusal::new(Code::NotFound, format!("no entitlement has the id '{id}'"))
        })
    }

    /// Finds the product of an entitlement; one that the catalog no longer has behaves plainly.
    pub fn product(&self, record: &Record) -> Option<&'c Product> {
        let shown = &record.shown;
        let catalog = &self.settings.options.catalog;
        catalog.find(&shown.merchant_account_key, &shown.product_key)
    }

    /// Refuses if the customer has an entitlement at the merchant that has not ended, other than this one.
    pub fn check_limit(&self, customer: &str, record: &Record) -> Result<(), Refusal> {
        let merchant = &record.shown.merchant_account_key;
        let mut others = self.state.live_of(customer);
        if others
            .any(|other| other.shown.merchant_account_key == *merchant && other.id() != record.id())
        {
            let message = "Maximum number of subscriptions for user reached";
            return Err(Refusal::new(Code::BadRequest, message));
        }
        Ok(())
    }

    /// Makes a registration link and returns its URL and when it expires.
    pub fn new_link(&mut self, record: &Record) -> (String, String) {
        let token = Uuid::new_v4().simple().to_string();
        let expires = later(self.now, self.settings.options.link_lifetime);
        let url = format!("{}/register/{token}", self.settings.origin(self.request));
        let link = Link {
            token,
            entitlement: record.id().to_owned(),
            expires: expires.as_millisecond(),
        };
        self.state.add(Thing::Link(link));
        (url, wire_time(expires))
    }

    /// Moves an entitlement to another status and queues the notification of it; the caller saves it.
    pub fn enter(&mut self, record: &mut Record, to: Status, by: &str) -> Result<(), Refusal> {
        let from = record.status();
        if !from.is_live() {
            return Err(ended(record));
        }
        if !lifecycle::allows(from, to) {
            return Err(forbidden(from, to));
        }
        let reason = lifecycle::enter(record, to, self.now, by);
        self.notify(record, reason);
        Ok(())
    }

    /// Queues a notification about an entitlement.
    pub fn notify(&mut self, record: &Record, reason: &str) {
        notifications::queue(self.state, self.settings, record, reason, self.now);
    }
}

/// Refuses because an entitlement has ended.
pub fn ended(record: &Record) -> Refusal {
    let status = record.status().name();
    Refusal::new(
        Code::Conflict,
        format!("the entitlement has ended: it is {status}"),
    )
}

/// Refuses a change of status that is not possible.
pub fn forbidden(from: Status, to: Status) -> Refusal {
    let (from, to) = (from.name(), to.name());
    Refusal::new(
        Code::Conflict,
        format!("an entitlement that is {from} cannot become {to}"),
    )
}
