//! Compares our entitlements with Bango's: which match, which differ and in what, which only one side has.

use std::collections::{BTreeMap, HashMap};
use std::thread;

use jiff::Timestamp;
use serde::Serialize;

use super::entitlement::{Field, Kind, OwnedRecord};
use super::hashes::{IdHash, IdHasher, NO_ID};
use super::period::Period;
use super::record_set::{Compared, Pages, RecordDigest, RecordSet};
use super::records::Records;
use super::report::{Content, ReportName};
use super::values;
use crate::api::types::Status;
use crate::ending::Ending;

/// What a comparison says about one entitlement, in Bango's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Matches,
    Missing,
    Extra,
    Customer,
    Product,
    Status,
    Multiple,
    /// Bango compares no dates, so these words are our own.
    Dates,
    /// Bango was asked and gave no usable answer: nothing is concluded, in our own words too.
    Unknown,
}

impl Verdict {
    pub const ALL: [Self; 9] = [
        Self::Matches,
        Self::Missing,
        Self::Extra,
        Self::Customer,
        Self::Product,
        Self::Status,
        Self::Multiple,
        Self::Dates,
        Self::Unknown,
    ];

    /// The words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matches => "OK: Entitlement data matches",
            Self::Missing => "Error: Missing Entitlement detected in Bango system",
            Self::Extra => "Error: Extra Entitlement detected in Bango system",
            Self::Customer => "Error: CustomerIdentifier is different",
            Self::Product => "Error: ProductKey is different",
            Self::Status => "Error: Status is different",
            Self::Multiple => "Error: Multiple differences",
            Self::Dates => "Error: Dates are different",
            Self::Unknown => "Unknown: Bango gave no usable answer",
        }
    }

    /// Reads the words, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str().eq_ignore_ascii_case(text))
    }

    /// What a difference in these fields is called.
    pub(super) fn of(fields: &[Field]) -> Self {
        match fields {
            [] => Self::Matches,
            [Field::Customer] => Self::Customer,
            [Field::Product] => Self::Product,
            [Field::Status] => Self::Status,
            fields if fields.iter().all(|field| field.is_date()) => Self::Dates,
            _ => Self::Multiple,
        }
    }
}

/// What is compared, and how far.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The dates as well.
    pub dates: bool,
    /// What is expected of Bango and of us is what was active or changed then.
    pub period: Option<Period>,
    /// What changed then alone.
    pub events_only: bool,
    /// Ours are only a part of our records.
    pub is_partial: bool,
}

impl Options {
    /// The fields that are compared where both sides have them.
    pub(super) fn wanted(&self) -> impl Iterator<Item = Field> {
        let dates = Field::DATES.into_iter().filter(|_| self.dates);
        [Field::Customer, Field::Product, Field::Status]
            .into_iter()
            .chain(dates)
    }
}

/// One entitlement about which the two sides disagree.
#[derive(Debug, Clone)]
pub struct Difference {
    pub verdict: Verdict,
    pub ours: Option<OwnedRecord>,
    pub bango: Option<OwnedRecord>,
    /// In what they differ, if both have it.
    pub fields: Vec<Field>,
    /// Why it is not known, or not wholly, what Bango has: then no change follows from it.
    pub why: String,
}

impl Difference {
    /// What one of our records and Bango's come to.
    pub(super) fn of(
        ours: Option<OwnedRecord>,
        bango: Option<OwnedRecord>,
        compared: &Compared,
    ) -> Self {
        let (verdict, fields) = match (&ours, &bango) {
            (Some(ours), Some(bango)) => {
                let fields = compared.differing(ours, bango);
                (Verdict::of(&fields), fields)
            }
            (Some(_), None) => (Verdict::Missing, Vec::new()),
            (None, _) => (Verdict::Extra, Vec::new()),
        };
        Self {
            verdict,
            ours,
            bango,
            fields,
            why: String::new(),
        }
    }

    /// A field, as we have it or, if we have none, as Bango has it.
    pub fn text(&self, field: Field) -> &str {
        let rows = [&self.ours, &self.bango].into_iter().flatten();
        let mut texts = rows.map(|row| row.text(field));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The id: Bango's goes before ours.
    pub fn entitlement_id(&self) -> &str {
        let bango = self.bango.as_ref();
        let id = bango.map(|row| row.text(Field::EntitlementId));
        let id = id.filter(|id| !id.is_empty());
        id.unwrap_or_else(|| self.text(Field::EntitlementId))
    }
}

/// How many of each.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Entitlements of ours, and of Bango's.
    pub ours: u64,
    pub bango: u64,
    /// By result.
    pub results: BTreeMap<&'static str, u64>,
    /// By product, then by result.
    pub products: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// Ours that Bango's files need not have: nothing is said about them.
    pub not_judged: u64,
    /// Bango's that are outside of what is compared.
    pub not_expected: u64,
    /// Rows that a later one of the same entitlement has replaced.
    pub replaced_ours: u64,
    pub replaced_bango: u64,
    /// Rows of a batch that were not done.
    pub not_done: u64,
    /// Since when Bango was asked, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_since: Option<Timestamp>,
    /// The fields that were compared.
    pub compared: Vec<&'static str>,
    /// The fields that were to be compared, and that not every file has.
    #[serde(skip)]
    pub not_compared: Vec<&'static str>,
}

impl Summary {
    /// Begins with what was read of our records, and what of them is compared.
    pub(super) fn of(ours: &RecordSet, compared: &Compared) -> Self {
        let names = |fields: &[Field]| fields.iter().map(|field| field.name()).collect();
        Self {
            ours: ours.entries.len() as u64,
            replaced_ours: ours.replaced,
            not_done: ours.not_done,
            compared: names(&compared.fields),
            not_compared: names(&compared.missing),
            ..Self::default()
        }
    }

    /// How many entitlements the two sides disagree about.
    pub fn differing(&self) -> u64 {
        let all: u64 = self.results.values().sum();
        all - self.count(Verdict::Matches) - self.count(Verdict::Unknown)
    }

    /// How many there are of a result.
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.results.get(verdict.as_str()).copied().unwrap_or(0)
    }

    /// Counts what was compared, and leaves the differences. What one side does not say is none.
    pub(super) fn add_all(
        &mut self,
        compared: impl Iterator<Item = Result<Difference, Ending>>,
    ) -> Result<Vec<Difference>, Ending> {
        let mut differences = Vec::new();
        for difference in compared {
            let difference = difference?;
            self.add(difference.text(Field::Product), difference.verdict, 1);
            if difference.verdict != Verdict::Matches {
                differences.push(difference);
            }
        }
        Ok(differences)
    }

    /// Counts entitlements of a product.
    pub fn add(&mut self, product: &str, verdict: Verdict, count: u64) {
        if count == 0 {
            return;
        }
        *self.results.entry(verdict.as_str()).or_default() += count;
        let results = self.products.entry(product.to_owned()).or_default();
        *results.entry(verdict.as_str()).or_default() += count;
    }
}

/// How much of what Bango has its files show, told from their names.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Coverage {
    everything: bool,
    /// All that are active.
    active: bool,
    /// What changed in these periods.
    changes: Vec<Period>,
}

impl Coverage {
    fn of(names: &[Option<ReportName>]) -> Self {
        let mut shows = Self::default();
        for name in names {
            match name {
                None => shows.everything = true,
                Some(name) if name.content == Content::Active => shows.active = true,
                Some(name) => shows.changes.extend(Period::of_report(*name)),
            }
        }
        shows
    }
}

/// A pair that differs, or one without its other half.
type Pair = (Option<u32>, Option<u32>);

/// Two sides, compared.
pub struct Comparison<'a> {
    keys: IdHasher,
    ours: RecordSet<'a>,
    bango: RecordSet<'a>,
    compared: Compared,
    /// What is still to be told.
    pairs: Pages<Pair>,
    pub summary: Summary,
}

impl<'a> Comparison<'a> {
    /// Reads both sides and compares them. Bango's files come with what their names say.
    pub fn new(
        ours: Vec<Records<'a>>,
        bango: Vec<Records<'a>>,
        names: &[Option<ReportName>],
        options: &Options,
    ) -> Result<Self, Ending> {
        let shows = Coverage::of(names);
        let compared = compared(&ours, &bango, options, &shows);
        let keys = IdHasher::default();
        let (ours, bango) = both(
            || RecordSet::read(ours, &compared, &keys),
            || RecordSet::read(bango, &compared, &keys),
        )?;
        let mut comparison = Self {
            summary: Summary {
                bango: bango.entries.len() as u64,
                replaced_bango: bango.replaced,
                ..Summary::of(&ours, &compared)
            },
            keys,
            ours,
            bango,
            compared,
            pairs: Pages::new(),
        };
        comparison.join(options, &shows);
        Ok(comparison)
    }

    fn join(&mut self, options: &Options, shows: &Coverage) {
        let mut matching = vec![0; self.ours.products.len()];
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut pair = |ours: (u32, &RecordDigest), bango: (u32, &RecordDigest)| {
            if ours.1.digest == bango.1.digest {
                matching[usize::from(ours.1.product)] += 1;
            } else {
                self.pairs.items.push((Some(ours.0), Some(bango.0)));
            }
        };
        merge(
            &self.ours.entries,
            &self.bango.entries,
            &mut pair,
            (&mut left, &mut right),
        );
        for key in [
            |entry: &RecordDigest| entry.external,
            |entry: &RecordDigest| entry.owner,
        ] {
            let (ours, bango) = (&self.ours.entries, &self.bango.entries);
            match_by(key, (ours, &mut left), (bango, &mut right), &mut pair);
        }
        for (product, count) in self.ours.products.iter().zip(matching) {
            self.summary.add(product, Verdict::Matches, count);
        }
        for index in left {
            let entry = &self.ours.entries[index as usize];
            if is_missed(entry, options, shows) {
                self.pairs.items.push((Some(index), None));
            } else {
                self.summary.not_judged += 1;
            }
        }
        for index in right {
            let entry = &self.bango.entries[index as usize];
            if is_in_scope(entry, options) {
                self.pairs.items.push((None, Some(index)));
            } else {
                self.summary.not_expected += 1;
            }
        }
        let order = |pair: &Pair| {
            let ours = pair.0.map_or(u64::MAX, |index| self.ours.order(index));
            (ours, pair.1.map(|index| self.bango.order(index)))
        };
        self.pairs.items.sort_by_cached_key(order);
    }

    /// The next differences, in the order of our files and then of Bango's; `None` once all are told. The summary is whole then.
    pub fn next_differences(&mut self) -> Result<Option<Vec<Difference>>, Ending> {
        let Some(pairs) = self.pairs.next_page() else {
            return Ok(None);
        };
        let ours: Vec<_> = pairs.iter().filter_map(|pair| pair.0).collect();
        let bango: Vec<_> = pairs.iter().filter_map(|pair| pair.1).collect();
        let (ours, bango) = both(
            || self.ours.rows_of(&ours, &self.keys),
            || self.bango.rows_of(&bango, &self.keys),
        )?;
        let (mut ours, mut bango) = (ours.into_iter(), bango.into_iter());
        let compared = pairs.iter().map(|pair| {
            let ours = pair.0.and_then(|_| ours.next());
            let bango = pair.1.and_then(|_| bango.next());
            Ok(Difference::of(ours, bango, &self.compared))
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

/// What both sides can be compared by.
fn compared(ours: &[Records], bango: &[Records], options: &Options, shows: &Coverage) -> Compared {
    let have = |field: Field| ours.iter().chain(bango).all(|file| file.has(field));
    let (fields, missing) = options.wanted().partition(|field| have(*field));
    Compared {
        fields,
        missing,
        by_merchant: have(Field::Merchant),
        lacks_id: !ours.iter().chain(bango).all(|file| file.kind.is_strict()),
        by_time: options.period.is_some() || !shows.changes.is_empty(),
    }
}

impl Compared {
    /// In what two rows differ. What one of them leaves open is no difference, but for a date: none is none.
    pub(super) fn differing(&self, ours: &OwnedRecord, bango: &OwnedRecord) -> Vec<Field> {
        let differs = |field: &&Field| {
            let (ours, bango) = (ours.text(**field), bango.text(**field));
            match field {
                field if field.is_date() => values::date(ours) != values::date(bango),
                _ if ours.is_empty() || bango.is_empty() => false,
                Field::Status => values::status_key(ours) != values::status_key(bango),
                _ => ours != bango,
            }
        };
        self.fields.iter().filter(differs).copied().collect()
    }
}

/// Goes through both sides in the order of their ids; what has no partner is left over.
fn merge(
    ours: &[RecordDigest],
    bango: &[RecordDigest],
    pair: &mut impl FnMut((u32, &RecordDigest), (u32, &RecordDigest)),
    (left, right): (&mut Vec<u32>, &mut Vec<u32>),
) {
    let (mut a, mut b) = (
        (0_u32..).zip(ours).peekable(),
        (0_u32..).zip(bango).peekable(),
    );
    loop {
        let id = |entry: Option<&(u32, &RecordDigest)>| entry.map(|(_, entry)| entry.id);
        let (first, second): (Option<IdHash>, Option<IdHash>) = (id(a.peek()), id(b.peek()));
        match (first, second) {
            (None, None) => return,
            (Some(id), Some(other)) if id == other && id != NO_ID => {
                if let (Some(a), Some(b)) = (a.next(), b.next()) {
                    pair(a, b);
                }
            }
            (Some(id), other) if other.is_none_or(|other| id <= other) => {
                left.extend(a.next().map(|(index, _)| index));
            }
            _ => right.extend(b.next().map(|(index, _)| index)),
        }
    }
}

/// Pairs what is left over by another key, if one of the two has no id; the newest goes first.
fn match_by(
    key: fn(&RecordDigest) -> u64,
    (ours, left): (&[RecordDigest], &mut Vec<u32>),
    (bango, right): (&[RecordDigest], &mut Vec<u32>),
    pair: &mut impl FnMut((u32, &RecordDigest), (u32, &RecordDigest)),
) {
    let lacks_id =
        |entries: &[RecordDigest]| entries.first().is_some_and(|entry| entry.id == NO_ID);
    if !lacks_id(ours) && !lacks_id(bango) {
        return;
    }
    let mut by_key: HashMap<u64, Vec<u32>> = HashMap::new();
    for index in right.iter() {
        let key = key(&bango[*index as usize]);
        if key != 0 {
            by_key.entry(key).or_default().push(*index);
        }
    }
    for candidates in by_key.values_mut() {
        candidates.sort_by_key(|index| {
            let entry = &bango[*index as usize];
            (!entry.status.is_some_and(values::is_ended), entry.updated)
        });
    }
    let mut taken = vec![false; bango.len()];
    left.retain(|index| {
        let entry = &ours[*index as usize];
        let Some(candidates) = by_key.get_mut(&key(entry)) else {
            return true;
        };
        let fits = |other: &u32| entry.id == NO_ID || bango[*other as usize].id == NO_ID;
        let Some(at) = candidates.iter().rposition(fits) else {
            return true;
        };
        let other = candidates.remove(at);
        taken[other as usize] = true;
        pair((*index, entry), (other, &bango[other as usize]));
        false
    });
    right.retain(|index| !taken[*index as usize]);
}

/// Whether Bango should have this one of ours.
fn is_missed(entry: &RecordDigest, options: &Options, shows: &Coverage) -> bool {
    let in_period = |period: &Period| period.holds(i64::from(entry.updated));
    let is_over = entry.status.is_some_and(values::is_ended);
    let active = [Some(Status::Active), Some(Status::ActiveEnding), None];
    let by_files = shows.everything
        || (shows.active && active.contains(&entry.status))
        || shows.changes.iter().any(in_period);
    let by_period = options
        .period
        .as_ref()
        .is_none_or(|period| in_period(period) || (!options.events_only && !is_over));
    by_files && by_period
}

/// Whether one counts within the period, and with a part of our records: of Bango's, we should have it.
pub(super) fn is_in_scope(entry: &RecordDigest, options: &Options) -> bool {
    if options.is_partial {
        return false;
    }
    let is_over = entry.status.is_some_and(values::is_ended);
    options.period.as_ref().is_none_or(|period| {
        period.holds(i64::from(entry.updated)) || (!options.events_only && !is_over)
    })
}

/// Files of ours, or of Bango's, that cannot be compared.
pub fn refuse_kind(records: &Records, is_bango: bool) -> Option<String> {
    let allowed = match records.kind {
        Kind::Answer => false,
        Kind::Results | Kind::Notifications => !is_bango,
        Kind::Report | Kind::OlderReport | Kind::Correlation => true,
        Kind::Other => !is_bango || records.has(Field::EntitlementId),
    };
    let what = records.kind.name();
    (!allowed).then(|| format!("is {what}, which is nothing that can be compared here"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
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

    fn found(ours: &str, bango: &str) -> (BTreeSet<(String, Verdict)>, Summary) {
        let (ours, bango) = (source_of(ours.as_bytes()), source_of(bango.as_bytes()));
        let ours = vec![Records::open(&ours, &[]).unwrap()];
        let bango = vec![Records::open(&bango, &[]).unwrap()];
        let options = Options {
            dates: true,
            ..Options::default()
        };
        let mut comparison = Comparison::new(ours, bango, &[None], &options).unwrap();
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
