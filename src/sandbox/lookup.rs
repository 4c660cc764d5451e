//! Finds the rows of the dashboard's lists: by the beginning of a name as people type it, and by what they have in common. It keeps numbers alone.

use std::collections::{BTreeMap, BTreeSet};

/// A list of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    Entitlements,
    Requests,
    Notifications,
}

/// Names are told apart by so many characters.
const LONGEST_NAME: usize = 200;

/// What a row is found by.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    pub list: List,
    /// Each filter with the row's value.
    pub values: Vec<(&'static str, String)>,
    /// In any case: they are found in lower case.
    pub names: Vec<String>,
}

impl Listed {
    pub fn new(list: List, values: &[(&'static str, &str)], names: &[&str]) -> Self {
        let values = values.iter();
        let names = names.iter().filter(|name| !name.is_empty());
        Self {
            list,
            values: values
                .map(|(filter, value)| (*filter, (*value).to_owned()))
                .collect(),
            names: names.map(|name| folded(name)).collect(),
        }
    }
}

/// A name as it is compared.
fn folded(name: &str) -> String {
    let start = name.chars().take(LONGEST_NAME);
    start.flat_map(char::to_lowercase).collect()
}

/// Which rows of a list are wanted.
pub struct Wanted<'w> {
    pub list: List,
    /// The filters that are set, with their values.
    pub values: Vec<(&'static str, &'w str)>,
    /// What one of the row's names begins with, in any case.
    pub prefix: &'w str,
    /// Rows below this number only, newest first; or above it, oldest first.
    pub below: Option<u64>,
    pub above: Option<u64>,
}

/// The numbers of rows by what they are found by.
#[derive(Debug, Default)]
pub struct Lookup {
    rows: BTreeMap<List, BTreeSet<u64>>,
    values: BTreeMap<(List, &'static str, String), BTreeSet<u64>>,
    names: BTreeSet<(List, String, u64)>,
}

impl Lookup {
    pub fn add(&mut self, number: u64, row: Listed) {
        let list = row.list;
        self.rows.entry(list).or_default().insert(number);
        for (filter, value) in row.values {
            let held = self.values.entry((list, filter, value)).or_default();
            held.insert(number);
        }
        let names = row.names.into_iter();
        self.names.extend(names.map(|name| (list, name, number)));
    }

    pub fn remove(&mut self, number: u64, row: Listed) {
        let list = row.list;
        if let Some(held) = self.rows.get_mut(&list) {
            held.remove(&number);
        }
        for (filter, value) in row.values {
            let key = (list, filter, value);
            if let Some(held) = self.values.get_mut(&key) {
                held.remove(&number);
                if held.is_empty() {
                    self.values.remove(&key);
                }
            }
        }
        for name in row.names {
            self.names.remove(&(list, name, number));
        }
    }

    /// The rows of a list, oldest first.
    pub fn all(&self, list: List) -> impl DoubleEndedIterator<Item = u64> {
        self.rows.get(&list).into_iter().flatten().copied()
    }

    pub fn count(&self, list: List) -> usize {
        self.rows.get(&list).map_or(0, BTreeSet::len)
    }

    /// The values that rows of a list have for a filter, and how many rows have each.
    pub fn counts(&self, list: List, filter: &'static str) -> impl Iterator<Item = (&str, usize)> {
        let from = self.values.range((list, filter, String::new())..);
        from.take_while(move |((at, name, _), _)| (*at, *name) == (list, filter))
            .map(|((.., value), held)| (value.as_str(), held.len()))
    }

    /// Up to so many rows.
    pub fn find(&self, wanted: &Wanted, most: usize) -> Vec<u64> {
        let values = wanted.values.iter();
        let held = values.map(|(filter, value)| {
            let key = (wanted.list, *filter, (*value).to_owned());
            self.values.get(&key)
        });
        let sets = held.chain([self.rows.get(&wanted.list)]);
        let Some(mut sets) = sets.collect::<Option<Vec<_>>>() else {
            return Vec::new();
        };
        sets.sort_by_key(|set| set.len());
        let bounds = match (wanted.below, wanted.above) {
            (Some(below), _) => 0..below,
            (None, above) => above.map_or(0, |above| above.saturating_add(1))..u64::MAX,
        };
        let fitting: Box<dyn DoubleEndedIterator<Item = u64>> = match wanted.prefix {
            "" => Box::new(sets[0].range(bounds).copied()),
            prefix => {
                let begun = self.begun(wanted.list, &folded(prefix)).into_iter();
                Box::new(begun.filter(move |number| bounds.contains(number)))
            }
        };
        let rows = fitting.filter(|number| sets.iter().all(|set| set.contains(number)));
        match (wanted.below, wanted.above) {
            (None, Some(_)) => rows.take(most).collect(),
            _ => rows.rev().take(most).collect(),
        }
    }

    /// The rows of which a name begins so, oldest first.
    fn begun(&self, list: List, prefix: &str) -> Vec<u64> {
        // No name has this last of all characters. So the names themselves, which lie anywhere in memory, are not read.
        let end = (list, format!("{prefix}{}", char::MAX), 0);
        let names = self.names.range((list, prefix.to_owned(), 0)..end);
        let mut numbers: Vec<u64> = names.map(|(.., number)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(status: &str, name: &str) -> Listed {
        Listed::new(List::Entitlements, &[("status", status)], &[name, ""])
    }

    fn found(lookup: &Lookup, status: &str, prefix: &str) -> Vec<u64> {
        let values = Some(("status", status)).filter(|(_, status)| !status.is_empty());
        let wanted = Wanted {
            list: List::Entitlements,
            values: values.into_iter().collect(),
            prefix,
            below: None,
            above: None,
        };
        lookup.find(&wanted, 50)
    }

    #[test]
    fn rows_are_found_by_a_beginning_in_any_case_and_by_values() {
        let mut lookup = Lookup::default();
        let long = "x".repeat(3_000);
        let names = ["Alice", "Malice", "alan", "\u{c4}rger", long.as_str()];
        for (number, name) in (1..).zip(names) {
            lookup.add(number, row("ACTIVE", name));
        }
        lookup.remove(3, row("ACTIVE", "alan"));
        lookup.add(3, row("REVOKED", "alan"));
        assert_eq!(found(&lookup, "", "AL"), [3, 1]);
        assert_eq!(found(&lookup, "REVOKED", "al"), [3]);
        assert_eq!(found(&lookup, "ACTIVE", ""), [5, 4, 2, 1]);
        assert_eq!(found(&lookup, "", "\u{e4}r"), [4]);
        assert_eq!(found(&lookup, "", &long), [5]);
        assert!(found(&lookup, "FAILED", "").is_empty());
        assert!(found(&lookup, "", "lice").is_empty());
        let counts: Vec<_> = lookup.counts(List::Entitlements, "status").collect();
        assert_eq!(counts, [("ACTIVE", 4), ("REVOKED", 1)]);
        lookup.remove(3, row("REVOKED", "alan"));
        assert_eq!(lookup.counts(List::Entitlements, "status").count(), 1);
        assert_eq!(lookup.count(List::Entitlements), 4);
    }
}
