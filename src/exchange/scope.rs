//! What is compared: which fields, which days, and how much of what Bango has its files show. Pure.

use super::entitlement::Field;
use super::hashes::IdHasher;
use super::period::Period;
use super::records::Records;
use super::report_name::{Content, ReportName};
use super::values::is_ended;
use crate::api::types::Status;

/// What is to be compared, and how far.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The dates as well.
    pub dates: bool,
    /// What is expected of Bango and of us is what was active or changed then.
    pub period: Option<Period>,
    /// What changed then alone.
    pub events_only: bool,
    /// Ours are only a part of our records.
    pub is_partial: bool,
}

impl Scope {
    /// Whether an entitlement counts within the period.
    pub fn holds(&self, status: Option<Status>, updated: i64) -> bool {
        self.period.is_none_or(|period| {
            let is_over = status.is_some_and(is_ended);
            period.holds(updated) || (!self.events_only && !is_over)
        })
    }
}

/// What files can be compared by.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The fields that are wanted, and that every file has.
    pub fields: Vec<Field>,
    /// Those that one of them has not.
    pub missing: Vec<Field>,
    /// Whether every file knows the merchant, so that it tells entitlements apart.
    pub by_merchant: bool,
    /// Whether the dates say when an entitlement was last touched.
    pub by_time: bool,
    /// Whether an entitlement may have no id, so that it is found in another way.
    pub lacks_id: bool,
    pub keys: IdHasher,
}

impl Compared {
    /// What the files of both sides, or of one, have of what is wanted.
    pub fn of(ours: &[Records], bango: &[Records], scope: &Scope, by_time: bool) -> Self {
        let files = || ours.iter().chain(bango);
        let have = |field: &Field| files().all(|file| file.has(*field));
        let dates = Field::DATES.into_iter().filter(|_| scope.dates);
        let wanted = [Field::Customer, Field::Product, Field::Status];
        let (fields, missing) = wanted.into_iter().chain(dates).partition(have);
        Self {
            fields,
            missing,
            by_merchant: have(&Field::Merchant),
            by_time,
            lacks_id: files().any(|file| !file.kind.is_strict()),
            keys: IdHasher::default(),
        }
    }
}

/// How much of what Bango has its files show, told from their names.
#[derive(Debug, Default)]
pub struct Coverage {
    everything: bool,
    /// All that are active.
    active: bool,
    /// What changed in these periods.
    pub changes: Vec<Period>,
}

impl Coverage {
    pub fn of(names: &[Option<ReportName>]) -> Self {
        let mut shows = Self::default();
        for name in names {
            match name {
                None => shows.everything = true,
                Some(name) if name.content == Content::Active => shows.active = true,
                Some(name) => shows.changes.extend(name.period()),
            }
        }
        shows
    }

    /// Whether the files would show an entitlement that Bango has.
    pub fn holds(&self, status: Option<Status>, updated: i64) -> bool {
        let active = [Some(Status::Active), Some(Status::ActiveEnding), None];
        self.everything
            || (self.active && active.contains(&status))
            || self.changes.iter().any(|period| period.holds(updated))
    }
}
