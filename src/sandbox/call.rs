//! What every operation receives: the request, the tables, the settings; and the few acts that operations share. It answers nothing.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::answer::{Code, Stop};
use super::catalog::{Product, Start};
use super::lifecycle::{self, Reason};
use super::log::Recent;
use super::outbox;
use super::record::{Record, Status, wire_time};
use super::settings::Settings;
use super::tables::{Link, Tables};
use crate::server::Request;

/// One request on its way through the sandbox.
pub struct Call<'c, 't> {
    /// The request.
    pub request: &'c Request,
    /// The argument in its path, decoded, or an empty text.
    pub argument: &'c str,
    /// The tables of the transaction that this request shares with others.
    pub tables: &'c mut Tables<'t>,
    /// How the sandbox is set up.
    pub settings: &'c Settings,
    /// One time for everything that this request dates.
    pub now: Timestamp,
    /// What was asked of the sandbox lately.
    pub recent: &'c Recent,
    /// What a fault makes of the product's own way to start.
    pub forced: Option<Start>,
}

impl Call<'_, '_> {
    /// Finds an entitlement.
    pub fn entitlement(&self, id: &str) -> Result<Record, Stop> {
        let found = self.tables.entitlement(id)?;
        found.ok_or_else(|| {
            Stop::Refused(Code::NotFound, format!("no entitlement has the id '{id}'"))
        })
    }

    /// Finds the product of an entitlement; one that the catalog no longer has behaves plainly.
    #[must_use]
    pub fn product(&self, record: &Record) -> Option<&Product> {
        self.settings
            .catalog
            .find(record.text("merchantAccountKey"), record.text("productKey"))
    }

    /// Makes a registration link and returns its URL and when it expires.
    pub fn new_link(&mut self, record: &Record) -> Result<(String, String), Stop> {
        let token = Uuid::new_v4().simple().to_string();
        let expires = later(self.now, self.settings.link_lifetime);
        let link = Link {
            entitlement: record.id().to_owned(),
            expires: expires.as_millisecond(),
        };
        self.tables.keep_link(&token, &link)?;
        let url = format!("{}/register/{token}", self.settings.origin(self.request));
        Ok((url, wire_time(expires)))
    }

    /// Moves an entitlement to another status and queues the notification of it; the caller saves it.
    pub fn enter(&mut self, record: &mut Record, to: Status, by: &str) -> Result<(), Stop> {
        let from = record.status();
        if !lifecycle::allows(from, to) {
            let message = if from.is_live() {
                format!(
                    "an entitlement that is {} cannot become {}",
                    from.name(),
                    to.name()
                )
            } else {
                format!("the entitlement has ended: it is {}", from.name())
            };
            return Err(Stop::Refused(Code::Conflict, message));
        }
        let reason = lifecycle::enter(record, to, self.now, by);
        self.notify(record, reason)
    }

    /// Queues a notification about an entitlement; the caller saves it.
    pub fn notify(&mut self, record: &mut Record, reason: Reason) -> Result<(), Stop> {
        outbox::queue(self.tables, self.settings, record, reason, self.now)?;
        Ok(())
    }
}

/// Adds a duration to a time; one too far ahead becomes the last that there is.
#[must_use]
pub fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
