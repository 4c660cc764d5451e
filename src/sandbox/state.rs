//! Everything that the sandbox keeps, in memory and within bounds; each change can be taken back. It writes no file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use super::delivery::QueuedNotification;
use super::entity::{Clock, Entity, Index, KeptAnswer, Link, SECRET};
use super::faults::FaultRule;
use super::lookup::{List, Lookup};
use super::record::{StoredEntitlement, later};
use super::requests::LoggedRequest;

/// The state.
#[derive(Debug, Default)]
pub struct State {
    last: u64,
    entities: BTreeMap<u64, Entity>,
    indexes: HashMap<Index, BTreeSet<(i64, u64)>>,
    lookup: Lookup,
    /// What each change replaced.
    undo: Vec<(u64, Option<Entity>)>,
    /// How many of these changes were taken to be written.
    taken: usize,
}

impl State {
    fn numbers<'s>(&'s self, index: &Index) -> impl DoubleEndedIterator<Item = u64> + use<'s> {
        let numbers = self.indexes.get(index).into_iter().flatten();
        numbers.map(|(_, number)| *number)
    }

    fn first(&self, index: &Index) -> Option<(i64, u64)> {
        self.indexes.get(index)?.first().copied()
    }

    fn find(&self, index: &Index) -> Option<&Entity> {
        self.entities.get(&self.first(index)?.1)
    }

    pub fn record(&self, number: u64) -> Option<&StoredEntitlement> {
        match self.entities.get(&number)? {
            Entity::Entitlement(record) => Some(record),
            _ => None,
        }
    }

    pub fn secret(&self) -> &str {
        match self.entities.get(&SECRET) {
            Some(Entity::Secret(secret)) => secret,
            _ => "",
        }
    }

    pub fn clock(&self) -> Clock {
        match self.find(&Index::Clock) {
            Some(Entity::Clock(clock)) => *clock,
            _ => Clock::default(),
        }
    }

    /// The sandbox's time, from which everything is dated.
    pub fn now(&self) -> Timestamp {
        later(
            Timestamp::now(),
            Duration::from_millis(self.clock().ahead.unsigned_abs()),
        )
    }

    /// The faults that are switched on, oldest first.
    pub fn faults(&self) -> impl Iterator<Item = (u64, &FaultRule)> {
        let numbers = self.numbers(&Index::Faults);
        numbers.filter_map(|number| match self.entities.get(&number)? {
            Entity::Fault(rule) => Some((number, rule)),
            _ => None,
        })
    }

    pub fn entitlement(&self, id: &str) -> Option<&StoredEntitlement> {
        match self.find(&Index::EntitlementId(id.to_owned()))? {
            Entity::Entitlement(record) => Some(record),
            _ => None,
        }
    }

    /// The entitlements of one customer that have not ended, oldest first.
    pub fn live_of(&self, customer: &str) -> impl Iterator<Item = &StoredEntitlement> {
        let numbers = self.numbers(&Index::Live(customer.to_owned()));
        numbers.filter_map(|number| self.record(number))
    }

    /// All entitlements of one customer, oldest first.
    pub fn of_customer(&self, customer: &str) -> impl Iterator<Item = &StoredEntitlement> {
        let live = self.numbers(&Index::Live(customer.to_owned()));
        let ended = self.numbers(&Index::Ended(customer.to_owned()));
        let numbers: BTreeSet<u64> = live.chain(ended).collect();
        numbers.into_iter().filter_map(|number| self.record(number))
    }

    /// The rows of the dashboard's lists.
    pub fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    /// An entitlement that time alone changes by now.
    pub fn due(&self, now: Timestamp) -> Option<&StoredEntitlement> {
        let (at, number) = self.first(&Index::Timers)?;
        self.record(number).filter(|_| at <= now.as_millisecond())
    }

    /// When time alone changes the next entitlement, in milliseconds since 1970.
    pub fn next_timer(&self) -> Option<i64> {
        Some(self.first(&Index::Timers)?.0)
    }

    pub fn notification(&self, number: u64) -> Option<&QueuedNotification> {
        match self.entities.get(&number)? {
            Entity::Notification(notification) => Some(notification),
            _ => None,
        }
    }

    /// The notifications of an entitlement, newest first.
    pub fn notifications_of(
        &self,
        record: &StoredEntitlement,
    ) -> impl Iterator<Item = &QueuedNotification> {
        let numbers = self.numbers(&Index::Notifications(record.number)).rev();
        numbers.filter_map(|number| self.notification(number))
    }

    /// All notifications, newest first.
    pub fn notifications(&self) -> impl DoubleEndedIterator<Item = &QueuedNotification> {
        let numbers = self.lookup.all(List::Notifications).rev();
        numbers.filter_map(|number| self.notification(number))
    }

    pub fn request(&self, number: u64) -> Option<&LoggedRequest> {
        match self.entities.get(&number)? {
            Entity::Request(request) => Some(request),
            _ => None,
        }
    }

    /// The requests that are kept, newest first.
    pub fn requests(&self) -> impl DoubleEndedIterator<Item = &LoggedRequest> {
        let numbers = self.lookup.all(List::Requests).rev();
        numbers.filter_map(|number| self.request(number))
    }

    /// When the next notification is to be sent, in milliseconds since 1970.
    pub fn next_delivery(&self) -> Option<i64> {
        Some(self.first(&Index::Deliveries)?.0)
    }

    /// Takes a notification that is to be sent by now; it is due again when it is saved, or a change of it is taken back.
    pub fn take_delivery(&mut self, now: Timestamp) -> Option<u64> {
        let deliveries = self.indexes.get_mut(&Index::Deliveries)?;
        let (at, _) = deliveries.first()?;
        if *at > now.as_millisecond() {
            return None;
        }
        deliveries.pop_first().map(|(_, number)| number)
    }

    pub fn answer(&self, identifier: &str) -> Option<&KeptAnswer> {
        match self.find(&Index::RequestIdentifier(identifier.to_owned()))? {
            Entity::Answer(kept) => Some(kept),
            _ => None,
        }
    }

    pub fn link(&self, token: &str) -> Option<&Link> {
        match self.find(&Index::LinkToken(token.to_owned()))? {
            Entity::Link(link) => Some(link),
            _ => None,
        }
    }

    /// The number that was given last.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Keeps something new.
    pub fn add(&mut self, entity: Entity) {
        self.change(self.last + 1, Some(entity));
    }

    /// Keeps an entitlement, a new one under a new number.
    pub fn save(&mut self, record: &StoredEntitlement) {
        let entity = Entity::Entitlement(Box::new(record.clone()));
        match record.number {
            0 => self.add(entity),
            number => self.change(number, Some(entity)),
        }
    }

    /// Keeps a notification, a new one under a new number.
    pub fn save_notification(&mut self, notification: QueuedNotification) {
        let number = notification.number;
        let entity = Entity::Notification(Box::new(notification));
        match number {
            0 => self.add(entity),
            number => self.change(number, Some(entity)),
        }
    }

    /// Puts something under a number, and forgets what is then too much.
    pub fn change(&mut self, number: u64, entity: Option<Entity>) {
        self.last = self.last.max(number);
        let indexes = entity.as_ref().map(Entity::indexes).unwrap_or_default();
        let old = self.put(number, entity);
        self.undo.push((number, old));
        for (index, _) in indexes {
            while let Some(held) = self.indexes.get(&index)
                && held.len() > index.bound()
                && let Some((_, first)) = held.first().copied()
            {
                self.change(first, None);
            }
        }
    }

    /// Keeps the indexes right.
    fn put(&mut self, number: u64, mut entity: Option<Entity>) -> Option<Entity> {
        match &mut entity {
            Some(Entity::Entitlement(record)) => record.number = number,
            Some(Entity::Notification(notification)) => notification.number = number,
            Some(Entity::Request(request)) => request.number = number,
            _ => {}
        }
        let old = self.entities.remove(&number);
        for (index, at) in old.iter().flat_map(Entity::indexes) {
            if let Some(held) = self.indexes.get_mut(&index) {
                held.remove(&(at, number));
                if held.is_empty() {
                    self.indexes.remove(&index);
                }
            }
        }
        let listed = |entity: &Option<Entity>| entity.as_ref().and_then(Entity::listed);
        let (was, is) = (listed(&old), listed(&entity));
        if was != is {
            if let Some(was) = was {
                self.lookup.remove(number, was);
            }
            if let Some(is) = is {
                self.lookup.add(number, is);
            }
        }
        if let Some(entity) = entity {
            for (index, at) in entity.indexes() {
                self.indexes.entry(index).or_default().insert((at, number));
            }
            self.entities.insert(number, entity);
        }
        old
    }

    /// A point to which changes can be taken back.
    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Takes back every change since a mark.
    pub fn undo_to(&mut self, mark: usize) {
        self.taken = self.taken.min(mark);
        while self.undo.len() > mark
            && let Some((number, old)) = self.undo.pop()
        {
            self.put(number, old);
        }
    }

    /// Makes all changes final.
    pub fn commit(&mut self) {
        self.taken = 0;
        self.undo.clear();
    }

    /// What has changed since this was last asked, as it is now: nothing in the place of what was forgotten.
    pub fn take_changes(&mut self) -> Vec<(u64, Option<&Entity>)> {
        let changes = &self.undo[std::mem::replace(&mut self.taken, self.undo.len())..];
        let numbers: BTreeSet<u64> = changes.iter().map(|(number, _)| *number).collect();
        let entities = numbers.into_iter();
        entities
            .map(|number| (number, self.entities.get(&number)))
            .collect()
    }

    /// Everything, in the order in which it was made.
    pub fn everything(&self) -> impl ExactSizeIterator<Item = (u64, &Entity)> {
        self.entities
            .iter()
            .map(|(number, entity)| (*number, entity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(token: usize, expires: i64) -> Entity {
        let (token, entitlement) = (token.to_string(), "e".to_owned());
        Entity::Link(Link {
            token,
            entitlement,
            expires,
        })
    }

    #[test]
    fn what_is_too_much_is_forgotten_and_comes_back_when_that_is_undone() {
        let mut state = State::default();
        for number in 0..100 {
            state.add(link(number, 1_000 - i64::try_from(number).unwrap()));
        }
        let mark = state.mark();
        state.add(link(100, 2_000));
        assert!(state.link("99").is_none(), "the first to expire goes first");
        assert!(state.link("0").is_some() && state.link("100").is_some());
        state.undo_to(mark);
        assert!(state.link("99").is_some() && state.link("100").is_none());
        assert_eq!(state.everything().len(), 100);
    }
}
