//! One side of a comparison: of each entitlement a few numbers, sorted by its id, in place of its row. The rows are read again where it matters.

use std::collections::HashMap;
use std::hash::Hasher as _;

use super::entitlement::{Field, FileKind, OwnedRecord, Record};
use super::hashes::{IdHash, NO_ID};
use super::records::{LATE, Records};
use super::scope::Compared;
use super::tally::{MOST_NAMES, OTHERS};
use super::values;
use crate::api::types::Status;
use crate::ending::Ending;

/// Rows that are in memory together.
const TOGETHER: usize = 1 << 14;
/// Where a file's number stands in a place.
const FILE_SHIFT: u32 = 48;
/// Of the products, as many are looked at one after the other.
const FIRST_PRODUCTS: usize = 8;

/// Items whose rows are read again, so many together that they fit into memory.
pub struct Pages<T> {
    pub items: Vec<T>,
    told: usize,
}

impl<T> Pages<T> {
    pub const fn new() -> Self {
        Self {
            items: Vec::new(),
            told: 0,
        }
    }

    /// Begins at the first item again.
    pub const fn restart(&mut self) {
        self.told = 0;
    }

    /// The next items; `None` after the last.
    pub fn next_page(&mut self) -> Option<&[T]> {
        let start = self.told;
        self.told = self.items.len().min(start + TOGETHER);
        (start < self.told).then(|| &self.items[start..self.told])
    }
}

/// What is known of an entitlement without its row.
#[derive(Debug, Clone, Copy)]
pub struct RecordDigest {
    /// Zero if it has none.
    pub id: IdHash,
    /// The key of the reseller's own id; zero if it has none.
    pub external: u64,
    /// The key of user, merchant and product.
    pub owner: u64,
    /// The key of all that is compared.
    pub digest: u64,
    /// File and byte.
    place: u64,
    /// Seconds since 1970, zero if that is not known.
    pub updated: u32,
    pub product: u16,
    pub status: Option<Status>,
}

impl RecordDigest {
    /// What tells entitlements of one side apart: the id, else the reseller's own, else whose it is.
    fn identity(&self) -> (IdHash, u64, u64) {
        match self {
            Self { id, .. } if *id != NO_ID => (*id, 0, 0),
            Self { external: 0, .. } => (NO_ID, 0, self.owner),
            _ => (NO_ID, self.external, 0),
        }
    }
}

/// The entitlements of one side.
pub struct RecordSet<'a> {
    files: Vec<Records<'a>>,
    pub compared: Compared,
    /// One for each entitlement: those without an id first, then by id.
    pub entries: Vec<RecordDigest>,
    pub products: Products,
    /// Rows that a later one of the same entitlement has replaced.
    pub replaced: u64,
    /// Rows of a batch that were not done.
    pub not_done: u64,
}

impl<'a> RecordSet<'a> {
    /// Reads all the files.
    pub fn read(mut files: Vec<Records<'a>>, compared: &Compared) -> Result<Self, Ending> {
        let mut all = Self {
            files: Vec::new(),
            compared: compared.clone(),
            entries: Vec::new(),
            products: Products::default(),
            replaced: 0,
            not_done: 0,
        };
        for (number, file) in (0_u64..).zip(&mut files) {
            all.read_file(number << FILE_SHIFT, file)?;
        }
        all.files = files;
        let count = all.entries.len();
        all.entries
            .sort_unstable_by_key(|entry| (entry.identity(), entry.updated, entry.place));
        // The last of several is the newest, and stays.
        all.entries.dedup_by(|next, kept| {
            let is_same = next.identity() == kept.identity();
            if is_same {
                *kept = *next;
            }
            is_same
        });
        all.replaced += (count - all.entries.len()) as u64;
        Ok(all)
    }

    /// The rows of these entries, in the order of the entries that were given.
    pub fn rows_of(&self, indices: &[u32]) -> Result<Vec<OwnedRecord>, Ending> {
        let mut order: Vec<_> = (0..indices.len()).collect();
        order.sort_unstable_by_key(|at| self.entries[indices[*at] as usize].place);
        let mut rows: Vec<Option<OwnedRecord>> = vec![None; indices.len()];
        let mut file: Option<(u64, Records<'_>)> = None;
        for at in order {
            let entry = &self.entries[indices[at] as usize];
            let number = entry.place >> FILE_SHIFT;
            if file.as_ref().is_none_or(|(open, _)| *open != number) {
                file = Some((number, self.file_of(entry).again()?));
            }
            let Some((_, records)) = &mut file else {
                continue;
            };
            let row = records.record_at(byte_of(entry))?.keep();
            if self
                .compared
                .keys
                .id(row.text(Field::EntitlementId).as_bytes())
                != entry.id
            {
                return Err(self.file_of(entry).changed());
            }
            rows[at] = Some(row);
        }
        Ok(rows.into_iter().flatten().collect())
    }

    /// Which comes first in the files.
    pub fn order(&self, index: u32) -> u64 {
        self.entries[index as usize].place
    }

    fn file_of(&self, entry: &RecordDigest) -> &Records<'a> {
        &self.files[usize::try_from(entry.place >> FILE_SHIFT).unwrap_or(usize::MAX)]
    }

    /// The entitlement of this id.
    pub fn find(&self, id: IdHash) -> Option<u32> {
        let found = self.entries.binary_search_by_key(&id, |entry| entry.id);
        let found = found.ok().filter(|_| id != NO_ID)?;
        u32::try_from(found).ok()
    }

    /// The product of an entitlement.
    pub fn product(&self, index: u32) -> &str {
        &self.products.names[usize::from(self.entries[index as usize].product)]
    }

    /// What is wrong with a field of an entitlement.
    pub fn wrong(&self, index: u32, field: Field, why: impl Into<String>) -> Ending {
        let entry = &self.entries[index as usize];
        self.file_of(entry).wrong(byte_of(entry), field, why)
    }
}

fn byte_of(entry: &RecordDigest) -> u64 {
    entry.place & ((1 << FILE_SHIFT) - 1)
}

impl RecordSet<'_> {
    fn read_file(&mut self, number: u64, file: &mut Records) -> Result<(), Ending> {
        let kind = file.kind;
        while let Some(record) = file.next_record()? {
            if kind == FileKind::Results && record.text(Field::Outcome) != "done" {
                self.not_done += 1;
                continue;
            }
            // Its date may be the same to the second.
            if kind == FileKind::Notifications && record.text(Field::Outcome) == LATE {
                self.replaced += 1;
                continue;
            }
            match self.entry(number, kind, &record) {
                Ok(entry) => self.entries.push(entry),
                Err((field, why)) => {
                    let place = record.place;
                    return Err(file.wrong(place, field, why));
                }
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        number: u64,
        kind: FileKind,
        record: &Record,
    ) -> Result<RecordDigest, (Field, String)> {
        let keys = &self.compared.keys;
        let id = record.bytes(Field::EntitlementId);
        let user = record.bytes(Field::Customer);
        let product = record.bytes(Field::Product);
        let spelt = record.bytes(Field::Status);
        if kind.is_strict() {
            let texts = [&id, &user, &product, &spelt].into_iter();
            if let Some((_, field)) = texts
                .zip(Field::ESSENTIAL)
                .find(|(text, _)| text.is_empty())
            {
                return Err((field, "is empty".to_owned()));
            }
        }
        let (mut external, mut owner) = (0, 0);
        if self.compared.lacks_id {
            external = keys.of([record.bytes(Field::ExternalId)]);
            if !user.is_empty() && !product.is_empty() {
                let merchant = record.bytes(Field::Merchant);
                let merchant = merchant.as_ref();
                let by = if self.compared.by_merchant {
                    merchant
                } else {
                    b""
                };
                owner = keys.of([user.as_ref(), by, product.as_ref()]);
            }
            if id.is_empty() && external == 0 && owner == 0 {
                let why = "is empty, and there is neither an external id nor a user with a product";
                return Err((Field::EntitlementId, why.to_owned()));
            }
        }
        let status = values::status(&spelt);
        Ok(RecordDigest {
            id: keys.id(&id),
            external,
            owner,
            digest: self.digest(record, [&user, &product, &spelt], status)?,
            place: number | record.place,
            updated: self.updated(record)?,
            product: self.products.number(&product),
            status,
        })
    }

    /// The key of what is compared, by what it means.
    fn digest(
        &self,
        record: &Record,
        [user, product, spelt]: [&[u8]; 3],
        status: Option<Status>,
    ) -> Result<u64, (Field, String)> {
        let mut hasher = self.compared.keys.hasher();
        for field in &self.compared.fields {
            match field {
                Field::Customer => hasher.write(user),
                Field::Product => hasher.write(product),
                Field::Status => match status {
                    Some(status) => hasher.write_u8(status as u8),
                    None => hasher.write(&spelt.to_ascii_uppercase()),
                },
                field => hasher.write_i64(date(record, *field)?.unwrap_or(i64::MIN)),
            }
            hasher.write_u8(0xff);
        }
        Ok(hasher.finish())
    }

    /// When it was last touched: as it says, or its last event.
    fn updated(&self, record: &Record) -> Result<u32, (Field, String)> {
        let mut last = date(record, Field::LastUpdated)?;
        if last.is_none() && self.compared.by_time {
            for field in Field::DATES {
                if field != Field::Expiry {
                    last = last.max(date(record, field)?);
                }
            }
        }
        let seconds = last.unwrap_or_default().max(0);
        Ok(u32::try_from(seconds).unwrap_or(u32::MAX))
    }
}

fn date(record: &Record, field: Field) -> Result<Option<i64>, (Field, String)> {
    let text = record.bytes(field);
    if text.is_empty() {
        return Ok(None);
    }
    match values::usual_date(&text) {
        Some(seconds) => Ok(Some(seconds)),
        None => values::date(&record.text(field)).map_err(|why| (field, why)),
    }
}

/// The products that there are, each with a number.
#[derive(Default)]
pub struct Products {
    pub names: Vec<String>,
    numbers: HashMap<Vec<u8>, u16>,
}

impl Products {
    fn number(&mut self, name: &[u8]) -> u16 {
        // There are few, as a rule.
        let mut first = (0_u16..).zip(&self.names).take(FIRST_PRODUCTS);
        if let Some((number, _)) = first.find(|(_, known)| known.as_bytes() == name) {
            return number;
        }
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        if self.names.len() >= MOST_NAMES && name != OTHERS.as_bytes() {
            return self.number(OTHERS.as_bytes());
        }
        let number = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        self.names.push(String::from_utf8_lossy(name).into_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }
}
