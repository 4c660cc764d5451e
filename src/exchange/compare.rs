//! Compares our entitlements with Bango's: which match, which differ and in what, which only one side has.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::thread;

use super::difference::{Difference, Totals, Verdict};
use super::hashes::NO_ID;
use super::record_set::{Pages, RecordDigest, RecordSet};
use super::records::Records;
use super::report_name::ReportName;
use super::scope::{Compared, Coverage, Scope};
use super::values;
use crate::ending::Ending;

/// A pair that differs, or one without its other half.
type Pair = (Option<u32>, Option<u32>);

/// Two sides, compared.
pub struct Comparison<'a> {
    ours: RecordSet<'a>,
    bango: RecordSet<'a>,
    /// What is still to be told.
    pairs: Pages<Pair>,
    pub summary: Totals,
}

impl<'a> Comparison<'a> {
    /// Reads both sides and compares them. Bango's files come with what their names say.
    pub fn new(
        ours: Vec<Records<'a>>,
        bango: Vec<Records<'a>>,
        names: &[Option<ReportName>],
        scope: &Scope,
    ) -> Result<Self, Ending> {
        let shows = Coverage::of(names);
        let by_time = scope.period.is_some() || !shows.changes.is_empty();
        let compared = Compared::of(&ours, &bango, scope, by_time);
        let (ours, bango) = both(
            || RecordSet::read(ours, &compared),
            || RecordSet::read(bango, &compared),
        )?;
        let mut comparison = Self {
            summary: Totals {
                bango: bango.entries.len() as u64,
                replaced_bango: bango.replaced,
                ..Totals::of(&ours)
            },
            ours,
            bango,
            pairs: Pages::new(),
        };
        comparison.join(scope, &shows);
        Ok(comparison)
    }

    fn join(&mut self, scope: &Scope, shows: &Coverage) {
        let (mut ours, mut bango) = (Side::of(&self.ours), Side::of(&self.bango));
        let mut matching = vec![0; self.ours.products.names.len()];
        let pairs = &mut self.pairs.items;
        let mut pair = |index: u32, other: u32| {
            let entry = &self.ours.entries[index as usize];
            if entry.digest == self.bango.entries[other as usize].digest {
                matching[usize::from(entry.product)] += 1;
            } else {
                pairs.push((Some(index), Some(other)));
            }
        };
        match_by_id(&mut ours, &mut bango, &mut pair);
        match_by(|entry| entry.external, &mut ours, &mut bango, &mut pair);
        match_by(|entry| entry.owner, &mut ours, &mut bango, &mut pair);
        for (product, count) in self.ours.products.names.iter().zip(matching) {
            self.summary.add(product, Verdict::Matches, count);
        }
        let counts = |entry: &RecordDigest| scope.holds(entry.status, entry.updated.into());
        self.summary.not_judged =
            ours.retain(|entry| shows.holds(entry.status, entry.updated.into()) && counts(entry));
        self.summary.not_expected = bango.retain(|entry| !scope.is_partial && counts(entry));
        pairs.extend(ours.left.into_iter().map(|index| (Some(index), None)));
        pairs.extend(bango.left.into_iter().map(|index| (None, Some(index))));
        let order = |pair: &Pair| {
            let ours = pair.0.map_or(u64::MAX, |index| self.ours.order(index));
            (ours, pair.1.map(|index| self.bango.order(index)))
        };
        pairs.sort_by_cached_key(order);
    }

    /// The next differences, in the order of our files and then of Bango's; `None` once all are told. The summary is whole then.
    pub fn next_differences(&mut self) -> Result<Option<Vec<Difference>>, Ending> {
        let Some(pairs) = self.pairs.next_page() else {
            return Ok(None);
        };
        let ours: Vec<_> = pairs.iter().filter_map(|pair| pair.0).collect();
        let bango: Vec<_> = pairs.iter().filter_map(|pair| pair.1).collect();
        let (ours, bango) = both(|| self.ours.rows_of(&ours), || self.bango.rows_of(&bango))?;
        let (mut ours, mut bango) = (ours.into_iter(), bango.into_iter());
        let compared = pairs.iter().map(|pair| {
            let ours = pair.0.and_then(|_| ours.next());
            let bango = pair.1.and_then(|_| bango.next());
            Ok(Difference::of(ours, bango, &self.ours.compared.fields))
        });
        self.summary.add_all(compared).map(Some)
    }
}

/// Does two things at once, one for each side.
fn both<A: Send, B>(
    ours: impl FnOnce() -> Result<A, Ending> + Send,
    bango: impl FnOnce() -> Result<B, Ending>,
) -> Result<(A, B), Ending> {
    thread::scope(|scope| {
        let reading = thread::Builder::new().spawn_scoped(scope, ours);
        let bango = bango();
        let ours = match reading.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(ours)) => ours,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(e) => Err(Ending::failed("no thread can be started", e)),
        };
        Ok((ours?, bango?))
    })
}

/// A side while it is joined.
struct Side<'e> {
    entries: &'e [RecordDigest],
    /// Those that have no partner yet.
    left: Vec<u32>,
}

impl<'e> Side<'e> {
    fn of(records: &'e RecordSet) -> Self {
        Self {
            entries: &records.entries,
            left: Vec::new(),
        }
    }

    fn lacks_id(&self) -> bool {
        self.entries.first().is_some_and(|entry| entry.id == NO_ID)
    }

    /// Leaves out all others, and tells how many.
    fn retain(&mut self, keep: impl Fn(&RecordDigest) -> bool) -> u64 {
        let before = self.left.len();
        self.left
            .retain(|index| keep(&self.entries[*index as usize]));
        (before - self.left.len()) as u64
    }
}

/// Goes through both sides in the order of their ids; what has no partner is left over.
fn match_by_id(ours: &mut Side, bango: &mut Side, pair: &mut impl FnMut(u32, u32)) {
    let mut entries = (0_u32..).zip(ours.entries).peekable();
    let mut others = (0_u32..).zip(bango.entries).peekable();
    loop {
        let order = match (entries.peek(), others.peek()) {
            (None, None) => return,
            (Some((_, entry)), _) if entry.id == NO_ID => Ordering::Less,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((_, entry)), Some((_, other))) => entry.id.cmp(&other.id),
        };
        let entry = entries.next_if(|_| order.is_le()).map(|(index, _)| index);
        let other = others.next_if(|_| order.is_ge()).map(|(index, _)| index);
        if let (Some(index), Some(other)) = (entry, other) {
            pair(index, other);
        } else {
            ours.left.extend(entry);
            bango.left.extend(other);
        }
    }
}

/// Pairs what is left over by another key, if one of the two has no id; the newest goes first.
fn match_by(
    key: fn(&RecordDigest) -> u64,
    ours: &mut Side,
    bango: &mut Side,
    pair: &mut impl FnMut(u32, u32),
) {
    if !ours.lacks_id() && !bango.lacks_id() {
        return;
    }
    let other_of = |index: u32| &bango.entries[index as usize];
    let mut by_key: HashMap<u64, Vec<u32>> = HashMap::new();
    for index in &bango.left {
        by_key
            .entry(key(other_of(*index)))
            .or_default()
            .push(*index);
    }
    by_key.remove(&0);
    for candidates in by_key.values_mut() {
        candidates.sort_by_key(|index| {
            let other = other_of(*index);
            (!other.status.is_some_and(values::is_ended), other.updated)
        });
    }
    let mut taken = vec![false; bango.entries.len()];
    ours.left.retain(|index| {
        let entry = &ours.entries[*index as usize];
        let fits = |other: &u32| entry.id == NO_ID || other_of(*other).id == NO_ID;
        let candidates = by_key.get_mut(&key(entry));
        let other = candidates.and_then(|candidates| {
            let at = candidates.iter().rposition(fits)?;
            Some(candidates.remove(at))
        });
        let Some(other) = other else {
            return true;
        };
        taken[other as usize] = true;
        pair(*index, other);
        false
    });
    bango.left.retain(|index| !taken[*index as usize]);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::api::types::Status;
    use crate::tables::source_of;

    /// One entitlement, in numbers.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct One {
        user: u32,
        product: u32,
        status: Status,
        expiry: Option<i64>,
    }

    /// What is done to one on Bango's side.
    #[derive(Debug, Clone)]
    enum Change {
        Nothing,
        Remove,
        User,
        Product,
        Status(usize),
        Expiry,
        UserAndStatus(usize),
    }

    fn one() -> impl Strategy<Value = One> {
        let date = prop::option::of(1_600_000_000_i64..2_000_000_000);
        (0_u32..4, 0_u32..3, 0_usize..7, date).prop_map(|(user, product, status, expiry)| One {
            user,
            product,
            status: Status::DOCUMENTED[status],
            expiry,
        })
    }

    fn change() -> impl Strategy<Value = Change> {
        prop_oneof![
            6 => Just(Change::Nothing),
            1 => Just(Change::Remove),
            1 => Just(Change::User),
            1 => Just(Change::Product),
            1 => (1_usize..7).prop_map(Change::Status),
            1 => Just(Change::Expiry),
            1 => (1_usize..7).prop_map(Change::UserAndStatus),
        ]
    }

    /// What Bango then has, and what is to be found.
    fn apply(one: &One, change: &Change) -> (Option<One>, Verdict) {
        let other = |by: usize| Status::DOCUMENTED[(one.status as usize + by) % 7];
        let mut changed = one.clone();
        let verdict = match change {
            Change::Nothing => Verdict::Matches,
            Change::Remove => return (None, Verdict::Missing),
            Change::User => {
                changed.user += 100;
                Verdict::Customer
            }
            Change::Product => {
                changed.product += 100;
                Verdict::Product
            }
            Change::Status(by) => {
                changed.status = other(*by);
                Verdict::Status
            }
            Change::Expiry => {
                changed.expiry = Some(one.expiry.map_or(1_600_000_000, |seconds| seconds + 1));
                Verdict::Dates
            }
            Change::UserAndStatus(by) => {
                changed.user += 100;
                changed.status = other(*by);
                Verdict::Multiple
            }
        };
        (Some(changed), verdict)
    }

    fn correlation(rows: &[(usize, One)]) -> String {
        let mut text = "ExternalEntitlementId,CustomerIdentifier,EntitlementId,Status,MerchantAccountKey,ProductKey,CreatedDate,ExpiryDate\n".to_owned();
        for (id, one) in rows {
            let (status, expiry) = (
                one.status.as_str(),
                one.expiry.map_or(String::new(), values::iso),
            );
            let _ = writeln!(
                text,
                ",u{},E-{id},{status},M,\"p{}\",,{expiry}",
                one.user, one.product
            );
        }
        text
    }

    /// The same, spelt as a report spells it.
    fn report(rows: &[(usize, One)]) -> String {
        let mut text = "ResellerCustomerId,BangoEntitlementId,Status,MerchantAccountKey,ProductKey,LastUpdated,ExpiryDate\r\n".to_owned();
        for (id, one) in rows {
            let expiry = one.expiry.map_or(String::new(), |seconds| {
                let iso = values::iso(seconds);
                let (day, time) = iso.trim_end_matches('Z').split_once('T').unwrap();
                let day: Vec<_> = day.split('-').rev().collect();
                format!("{} {time}", day.join("/"))
            });
            let (user, product) = (one.user, one.product);
            let status = values::spelt(one.status);
            let _ = write!(
                text,
                "\"u{user}\",E-{id},{status},M,p{product},24/11/2026 00:00:00,{expiry}\r\n"
            );
        }
        text
    }

    fn found(ours: &str, bango: &str) -> (BTreeSet<(String, Verdict)>, Totals) {
        let (ours, bango) = (source_of(ours.as_bytes()), source_of(bango.as_bytes()));
        let ours = vec![Records::open(&ours, &[]).unwrap()];
        let bango = vec![Records::open(&bango, &[]).unwrap()];
        let scope = Scope {
            dates: true,
            ..Scope::default()
        };
        let mut comparison = Comparison::new(ours, bango, &[None], &scope).unwrap();
        let mut found = BTreeSet::new();
        while let Some(differences) = comparison.next_differences().unwrap() {
            for difference in differences {
                let id = difference.entitlement_id().to_owned();
                assert!(found.insert((id, difference.verdict)), "told twice");
            }
        }
        (found, comparison.summary)
    }

    proptest! {
        #[test]
        fn it_finds_exactly_the_changes(
            ours in prop::collection::vec((one(), change()), 1..60),
            extra in prop::collection::vec(one(), 0..5),
            seed in any::<u64>(),
        ) {
            let mut wanted = BTreeSet::new();
            let mut bango = Vec::new();
            for (id, (one, change)) in ours.iter().enumerate() {
                let (changed, verdict) = apply(one, change);
                bango.extend(changed.map(|one| (id, one)));
                if verdict != Verdict::Matches {
                    wanted.insert((format!("E-{id}"), verdict));
                }
            }
            for (at, one) in extra.into_iter().enumerate() {
                bango.push((1000 + at, one));
                wanted.insert((format!("E-{}", 1000 + at), Verdict::Extra));
            }
            let mut ours: Vec<_> = ours.into_iter().map(|(one, _)| one).enumerate().collect();
            let mut random = fastrand::Rng::with_seed(seed);
            random.shuffle(&mut ours);
            random.shuffle(&mut bango);
            let (found, summary) = found(&correlation(&ours), &report(&bango));
            prop_assert_eq!(&found, &wanted);
            prop_assert_eq!(summary.differing(), wanted.len() as u64);
            let all: u64 = summary.results.values().sum();
            let extra = wanted.iter().filter(|(_, verdict)| *verdict == Verdict::Extra).count();
            prop_assert_eq!(all, (ours.len() + extra) as u64);
        }
    }
}
