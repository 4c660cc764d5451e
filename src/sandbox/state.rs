//! Everything that the sandbox keeps, in memory and within bounds; each change can be taken back. It writes no file.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::notifications::Notification;
use super::record::Record;

/// An answer kept under its `X-RequestIdentifier`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answered {
    pub identifier: String,
    /// A digest of method, path and body.
    pub digest: String,
    pub status: u16,
    pub body: Box<RawValue>,
}

/// A registration link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    pub token: String,
    /// The id of the entitlement that it activates.
    pub entitlement: String,
    /// When it stops working, in milliseconds since 1970.
    pub expires: i64,
}

/// One thing in the state, kept under the number that it was given when it was made. Numbers rise.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thing {
    /// What form tokens are made with.
    Secret(String),
    Entitlement(Box<Record>),
    Notification(Box<Notification>),
    Answer(Answered),
    Link(Link),
}

/// The number of the secret: the first thing in every log.
pub const SECRET: u64 = 0;

/// What finds one thing.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Name {
    Entitlement(String),
    Answer(String),
    Link(String),
}

/// What finds several things, in the order of a time and then of their numbers.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Set {
    Entitlements,
    /// Those of a customer that have not ended.
    Live(String),
    /// By when they ended: those of a customer, and all.
    Ended(String),
    AllEnded,
    /// Entitlements, by when time alone changes them.
    Timers,
    /// Those of an entitlement.
    Notifications(u64),
    /// Settled ones first.
    AllNotifications,
    /// Notifications, by when they are sent.
    Deliveries,
    Answers,
    /// By when they expire: those of an entitlement, and all.
    Links(String),
    AllLinks,
}

impl Set {
    /// How many things it holds at most; the first go first. `docs/sandbox.md` lists these bounds.
    fn bound(&self) -> usize {
        match self {
            Self::Ended(_) => 1_000,
            Self::Notifications(_) | Self::Links(_) => 100,
            Self::AllNotifications => 50_000,
            Self::AllEnded | Self::Answers | Self::AllLinks => 100_000,
            Self::Entitlements | Self::Live(_) | Self::Timers | Self::Deliveries => usize::MAX,
        }
    }
}

impl Thing {
    fn name(&self) -> Option<Name> {
        match self {
            Self::Entitlement(record) => Some(Name::Entitlement(record.id().to_owned())),
            Self::Answer(answered) => Some(Name::Answer(answered.identifier.clone())),
            Self::Link(link) => Some(Name::Link(link.token.clone())),
            Self::Secret(_) | Self::Notification(_) => None,
        }
    }

    /// The sets that it is in, and at what time.
    fn sets(&self) -> Vec<(Set, i64)> {
        match self {
            Self::Secret(_) => Vec::new(),
            Self::Entitlement(record) => {
                let customer = record.customer().to_owned();
                let mut sets = vec![(Set::Entitlements, 0)];
                match record.ended() {
                    Some(at) => sets.extend([(Set::Ended(customer), at), (Set::AllEnded, at)]),
                    None => sets.push((Set::Live(customer), 0)),
                }
                sets.extend(record.due().map(|at| (Set::Timers, at)));
                sets
            }
            Self::Notification(notification) => {
                let waits = i64::from(notification.next.is_some());
                let mut sets = vec![(Set::AllNotifications, waits)];
                sets.push((Set::Notifications(notification.entitlement), 0));
                sets.extend(notification.next.map(|at| (Set::Deliveries, at)));
                sets
            }
            Self::Answer(_) => vec![(Set::Answers, 0)],
            Self::Link(link) => vec![
                (Set::Links(link.entitlement.clone()), link.expires),
                (Set::AllLinks, link.expires),
            ],
        }
    }
}

/// The state.
#[derive(Debug, Default)]
pub struct State {
    last: u64,
    things: BTreeMap<u64, Thing>,
    names: HashMap<Name, u64>,
    sets: HashMap<Set, BTreeSet<(i64, u64)>>,
    /// What each change replaced.
    undo: Vec<(u64, Option<Thing>)>,
}

impl State {
    fn numbers<'s>(&'s self, set: &Set) -> impl DoubleEndedIterator<Item = u64> + use<'s> {
        let numbers = self.sets.get(set).into_iter().flatten();
        numbers.map(|(_, number)| *number)
    }

    fn first(&self, set: &Set) -> Option<(i64, u64)> {
        self.sets.get(set)?.first().copied()
    }

    fn named(&self, name: &Name) -> Option<&Thing> {
        self.things.get(self.names.get(name)?)
    }

    fn record(&self, number: u64) -> Option<&Record> {
        match self.things.get(&number)? {
            Thing::Entitlement(record) => Some(record),
            _ => None,
        }
    }

    pub fn secret(&self) -> &str {
        match self.things.get(&SECRET) {
            Some(Thing::Secret(secret)) => secret,
            _ => "",
        }
    }

    pub fn entitlement(&self, id: &str) -> Option<&Record> {
        match self.named(&Name::Entitlement(id.to_owned()))? {
            Thing::Entitlement(record) => Some(record),
            _ => None,
        }
    }

    /// The entitlements of one customer that have not ended, oldest first.
    pub fn live_of(&self, customer: &str) -> impl Iterator<Item = &Record> {
        let numbers = self.numbers(&Set::Live(customer.to_owned()));
        numbers.filter_map(|number| self.record(number))
    }

    /// All entitlements of one customer, oldest first.
    pub fn of_customer(&self, customer: &str) -> impl DoubleEndedIterator<Item = &Record> {
        let live = self.numbers(&Set::Live(customer.to_owned()));
        let ended = self.numbers(&Set::Ended(customer.to_owned()));
        let numbers: BTreeSet<u64> = live.chain(ended).collect();
        numbers.into_iter().filter_map(|number| self.record(number))
    }

    /// All entitlements, newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Record> {
        let numbers = self.numbers(&Set::Entitlements).rev();
        numbers.filter_map(|number| self.record(number))
    }

    /// How many entitlements there are.
    pub fn count(&self) -> usize {
        self.sets.get(&Set::Entitlements).map_or(0, BTreeSet::len)
    }

    /// An entitlement that time alone changes by now.
    pub fn due(&self, now: Timestamp) -> Option<&Record> {
        let (at, number) = self.first(&Set::Timers)?;
        self.record(number).filter(|_| at <= now.as_millisecond())
    }

    /// When time alone changes the next entitlement, in milliseconds since 1970.
    pub fn next_timer(&self) -> Option<i64> {
        Some(self.first(&Set::Timers)?.0)
    }

    pub fn notification(&self, number: u64) -> Option<&Notification> {
        match self.things.get(&number)? {
            Thing::Notification(notification) => Some(notification),
            _ => None,
        }
    }

    /// The notifications of an entitlement, newest first.
    pub fn notifications_of(&self, record: &Record) -> impl Iterator<Item = &Notification> {
        let numbers = self.numbers(&Set::Notifications(record.number)).rev();
        numbers.filter_map(|number| self.notification(number))
    }

    /// When the next notification is to be sent, in milliseconds since 1970.
    pub fn next_delivery(&self) -> Option<i64> {
        Some(self.first(&Set::Deliveries)?.0)
    }

    /// Takes a notification that is to be sent by now; it is due again when it is saved, or a change of it is taken back.
    pub fn take_delivery(&mut self, now: Timestamp) -> Option<u64> {
        let deliveries = self.sets.get_mut(&Set::Deliveries)?;
        let (at, _) = deliveries.first()?;
        if *at > now.as_millisecond() {
            return None;
        }
        deliveries.pop_first().map(|(_, number)| number)
    }

    pub fn answer(&self, identifier: &str) -> Option<&Answered> {
        match self.named(&Name::Answer(identifier.to_owned()))? {
            Thing::Answer(answered) => Some(answered),
            _ => None,
        }
    }

    pub fn link(&self, token: &str) -> Option<&Link> {
        match self.named(&Name::Link(token.to_owned()))? {
            Thing::Link(link) => Some(link),
            _ => None,
        }
    }

    /// Keeps something new, and returns its number.
    pub fn add(&mut self, thing: Thing) -> u64 {
        let number = self.last + 1;
        self.change(number, Some(thing));
        number
    }

    /// Keeps an entitlement, and numbers it if it is new.
    pub fn save(&mut self, record: &mut Record) {
        if record.number == 0 {
            record.number = self.last + 1;
        }
        let thing = Thing::Entitlement(Box::new(record.clone()));
        self.change(record.number, Some(thing));
    }

    /// Puts something under a number, and forgets what is then too much.
    pub fn change(&mut self, number: u64, thing: Option<Thing>) {
        self.last = self.last.max(number);
        let sets = thing.as_ref().map(Thing::sets).unwrap_or_default();
        // After an id was forgotten, another entitlement may have it.
        if let Some(name) = thing.as_ref().and_then(Thing::name)
            && let Some(other) = self.names.get(&name).copied()
            && other != number
        {
            self.change(other, None);
        }
        let old = self.put(number, thing);
        self.undo.push((number, old));
        for (set, _) in sets {
            while let Some(held) = self.sets.get(&set)
                && held.len() > set.bound()
                && let Some((_, first)) = held.first().copied()
            {
                self.change(first, None);
            }
        }
    }

    /// Keeps the indexes right.
    fn put(&mut self, number: u64, mut thing: Option<Thing>) -> Option<Thing> {
        if let Some(Thing::Entitlement(record)) = &mut thing {
            record.number = number;
        }
        let old = self.things.remove(&number);
        if let Some(old) = &old {
            if let Some(name) = old.name() {
                self.names.remove(&name);
            }
            for (set, at) in old.sets() {
                if let Some(held) = self.sets.get_mut(&set) {
                    held.remove(&(at, number));
                    if held.is_empty() {
                        self.sets.remove(&set);
                    }
                }
            }
        }
        if let Some(thing) = thing {
            if let Some(name) = thing.name() {
                self.names.insert(name, number);
            }
            for (set, at) in thing.sets() {
                self.sets.entry(set).or_default().insert((at, number));
            }
            self.things.insert(number, thing);
        }
        old
    }

    /// A point to which changes can be taken back.
    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Takes back every change since a mark.
    pub fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark
            && let Some((number, old)) = self.undo.pop()
        {
            self.put(number, old);
        }
    }

    /// Lets all changes stand.
    pub fn settle(&mut self) {
        self.undo.clear();
    }

    /// What has changed since a mark, as it is now. What was forgotten is not among it: reading the rest again forgets it too.
    pub fn changes_since(&self, mark: usize) -> Vec<(u64, &Thing)> {
        let changed = self.undo[mark..].iter().map(|(number, _)| *number);
        let numbers: BTreeSet<u64> = changed.collect();
        let things = numbers.into_iter();
        things
            .filter_map(|number| Some((number, self.things.get(&number)?)))
            .collect()
    }

    /// Everything, in the order in which it was made.
    pub fn everything(&self) -> impl ExactSizeIterator<Item = (u64, &Thing)> {
        self.things.iter().map(|(number, thing)| (*number, thing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(token: usize, expires: i64) -> Thing {
        let (token, entitlement) = (token.to_string(), "e".to_owned());
        Thing::Link(Link {
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
