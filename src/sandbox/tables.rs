//! What the state file holds and under which keys, within one transaction. It decides nothing about entitlements.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use redb::{ReadableTable, Table, TableDefinition, WriteTransaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::record::{Record, Status};

type Definition<K> = TableDefinition<'static, K, &'static [u8]>;

const ENTITLEMENTS: Definition<&str> = TableDefinition::new("entitlements");
const NEWEST: Definition<u64> = TableDefinition::new("newest");
const CUSTOMERS: Definition<(&str, u64)> = TableDefinition::new("customers");
const ANSWERS: Definition<&str> = TableDefinition::new("answers");
const LINKS: Definition<&str> = TableDefinition::new("links");
const TIMERS: Definition<(i64, u64)> = TableDefinition::new("timers");
const NOTIFICATIONS: Definition<u64> = TableDefinition::new("notifications");
const META: Definition<&str> = TableDefinition::new("meta");

/// An answer kept under its `X-RequestIdentifier`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answered {
    /// A digest of method, path and body.
    pub digest: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: serde_json::Map<String, serde_json::Value>,
}

/// A registration link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    /// The entitlement that it activates.
    pub entitlement: String,
    /// When it stops working, in milliseconds since 1970.
    pub expires: i64,
}

/// Something to do at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Due {
    /// Send the notification of this number.
    Deliver(u64),
    /// The merchant ends this entitlement, as it said it would.
    Terminate(String, Status),
    /// A date that the entitlement carries is reached.
    Reached(String),
}

/// When a [`Due`] is due, in milliseconds since 1970, with a number that makes it unique.
pub type DueKey = (i64, u64);

/// What is planned and has come, and when the next thing comes after it.
pub type Planned = (Vec<(DueKey, Due)>, Option<i64>);

/// All tables within one transaction.
#[derive(Debug)]
pub struct Tables<'t> {
    entitlements: Table<'t, &'static str, &'static [u8]>,
    newest: Table<'t, u64, &'static [u8]>,
    customers: Table<'t, (&'static str, u64), &'static [u8]>,
    answers: Table<'t, &'static str, &'static [u8]>,
    links: Table<'t, &'static str, &'static [u8]>,
    timers: Table<'t, DueKey, &'static [u8]>,
    notifications: Table<'t, u64, &'static [u8]>,
    meta: Table<'t, &'static str, &'static [u8]>,
    changed: bool,
}

impl<'t> Tables<'t> {
    /// Opens the tables, making those that are not there.
    pub fn open(transaction: &'t WriteTransaction) -> Result<Self> {
        Ok(Self {
            entitlements: transaction.open_table(ENTITLEMENTS)?,
            newest: transaction.open_table(NEWEST)?,
            customers: transaction.open_table(CUSTOMERS)?,
            answers: transaction.open_table(ANSWERS)?,
            links: transaction.open_table(LINKS)?,
            timers: transaction.open_table(TIMERS)?,
            notifications: transaction.open_table(NOTIFICATIONS)?,
            meta: transaction.open_table(META)?,
            changed: false,
        })
    }

    /// Says whether anything was changed through these tables.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.changed
    }

    /// Returns a number that is kept by name.
    pub fn number(&self, name: &str) -> Result<Option<u64>> {
        let found = self.meta.get(name)?;
        found.map(|bytes| decode(bytes.value())).transpose()
    }

    /// Keeps a number by name.
    pub fn set_number(&mut self, name: &str, number: u64) -> Result<()> {
        self.changed = true;
        self.meta.insert(name, encode(&number)?.as_slice())?;
        Ok(())
    }

    /// Returns a number that was never returned before.
    pub fn next(&mut self) -> Result<u64> {
        let next = self.number("sequence")?.unwrap_or(0) + 1;
        self.set_number("sequence", next)?;
        Ok(next)
    }

    /// Returns a random text that stays the same for the life of the file.
    pub fn secret(&mut self) -> Result<String> {
        if let Some(known) = self.meta.get("secret")? {
            return decode(known.value());
        }
        let secret = uuid::Uuid::new_v4().simple().to_string();
        self.changed = true;
        self.meta.insert("secret", encode(&secret)?.as_slice())?;
        Ok(secret)
    }

    /// Finds an entitlement.
    pub fn entitlement(&self, id: &str) -> Result<Option<Record>> {
        let found = self.entitlements.get(id)?;
        found.map(|bytes| decode(bytes.value())).transpose()
    }

    /// Keeps an entitlement that is new, and numbers it.
    pub fn add(&mut self, record: &mut Record) -> Result<()> {
        record.sequence = self.next()?;
        let id = record.id().as_bytes();
        self.newest.insert(record.sequence, id)?;
        self.customers
            .insert((record.customer(), record.sequence), id)?;
        self.save(record)
    }

    /// Keeps an entitlement that has changed.
    pub fn save(&mut self, record: &Record) -> Result<()> {
        self.changed = true;
        self.entitlements
            .insert(record.id(), encode(record)?.as_slice())?;
        Ok(())
    }

    /// Files an entitlement under the customer that it belongs to now.
    pub fn refile(&mut self, record: &Record, previous: &str) -> Result<()> {
        self.customers.remove((previous, record.sequence))?;
        self.customers
            .insert((record.customer(), record.sequence), record.id().as_bytes())?;
        self.save(record)
    }

    /// Returns the entitlements of one customer, oldest first.
    pub fn of_customer(&self, customer: &str) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        for entry in self.customers.range((customer, 0)..=(customer, u64::MAX))? {
            let (_, id) = entry?;
            records.extend(self.entitlement(std::str::from_utf8(id.value())?)?);
        }
        Ok(records)
    }

    /// Returns the entitlements made last, newest first.
    pub fn newest(&self, count: usize) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        for entry in self.newest.iter()?.rev().take(count) {
            let (_, id) = entry?;
            records.extend(self.entitlement(std::str::from_utf8(id.value())?)?);
        }
        Ok(records)
    }

    /// Counts all entitlements.
    pub fn count(&self) -> Result<u64> {
        Ok(redb::ReadableTableMetadata::len(&self.entitlements)?)
    }

    /// Finds the answer given under a request identifier.
    pub fn answered(&self, identifier: &str) -> Result<Option<Answered>> {
        let found = self.answers.get(identifier)?;
        found.map(|bytes| decode(bytes.value())).transpose()
    }

    /// Keeps the answer given under a request identifier.
    pub fn keep_answer(&mut self, identifier: &str, answered: &Answered) -> Result<()> {
        self.changed = true;
        self.answers
            .insert(identifier, encode(answered)?.as_slice())?;
        Ok(())
    }

    /// Finds a registration link by its token.
    pub fn link(&self, token: &str) -> Result<Option<Link>> {
        let found = self.links.get(token)?;
        found.map(|bytes| decode(bytes.value())).transpose()
    }

    /// Keeps a registration link.
    pub fn keep_link(&mut self, token: &str, link: &Link) -> Result<()> {
        self.changed = true;
        self.links.insert(token, encode(link)?.as_slice())?;
        Ok(())
    }

    /// Finds a notification by its number; the caller names its type.
    pub fn notification<T: DeserializeOwned>(&self, number: u64) -> Result<Option<T>> {
        let found = self.notifications.get(number)?;
        found.map(|bytes| decode(bytes.value())).transpose()
    }

    /// Keeps a notification.
    pub fn keep_notification(&mut self, number: u64, notification: &impl Serialize) -> Result<()> {
        self.changed = true;
        self.notifications
            .insert(number, encode(notification)?.as_slice())?;
        Ok(())
    }

    /// Plans something.
    pub fn plan(&mut self, at: Timestamp, due: &Due) -> Result<()> {
        let key = (at.as_millisecond(), self.next()?);
        self.timers.insert(key, encode(due)?.as_slice())?;
        Ok(())
    }

    /// Strikes out something that was planned.
    pub fn done(&mut self, key: DueKey) -> Result<()> {
        self.changed = true;
        self.timers.remove(key)?;
        Ok(())
    }

    /// Returns up to `count` things whose time has come, earliest first, and when the next one comes after them.
    pub fn planned(&self, now: Timestamp, count: usize) -> Result<Planned> {
        let mut come = Vec::new();
        for entry in self.timers.iter()? {
            let (key, due) = entry?;
            let key = key.value();
            if key.0 > now.as_millisecond() || come.len() == count {
                return Ok((come, Some(key.0)));
            }
            come.push((key, decode(due.value())?));
        }
        Ok((come, None))
    }
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(value)?)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes)
        .context("the sandbox's state file holds something unreadable; delete it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::store::Store;

    #[test]
    fn what_fails_changes_nothing() {
        let store = Store::open(None).unwrap();
        let failed = store.transact(|tables| {
            tables.set_number("x", 1)?;
            anyhow::bail!("no") as Result<()>
        });
        assert!(failed.is_err());
        let kept = store.transact(|tables| tables.number("x")).unwrap();
        assert_eq!(kept, None);
    }

    #[test]
    fn plans_come_in_the_order_of_their_times() {
        let store = Store::open(None).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let planned = store.transact(|tables| {
            for second in [30, 10, 20, 10] {
                tables.plan(at(second), &Due::Reached(second.to_string()))?;
            }
            tables.planned(at(20), 10)
        });
        let (come, next) = planned.unwrap();
        let seconds: Vec<i64> = come.iter().map(|((time, _), _)| time / 1000).collect();
        assert_eq!((seconds, next), (vec![10, 10, 20], Some(30_000)));
    }
}
