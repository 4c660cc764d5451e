//! One row of the input: its action, its fields, its identity and shard, and what is wrong with it. Never reads a file and never sends.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;

use ring::digest::{Context, SHA256};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::api::types::field;
use crate::ending::Ending;

/// Problems shown one by one; the rest is counted.
const SHOWN: usize = 20;

/// What a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowAction {
    Create,
    Update,
    Suspend,
    Resume,
    Cancel,
    Revoke,
    /// Reads and changes nothing.
    Get,
}

impl RowAction {
    pub const ALL: [Self; 7] = [
        Self::Create,
        Self::Update,
        Self::Suspend,
        Self::Resume,
        Self::Cancel,
        Self::Revoke,
        Self::Get,
    ];

    /// The name of its command, as a row spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::Revoke => "revoke",
            Self::Get => "get",
        }
    }

    /// Whether it changes nothing: it may be repeated at any time, and needs no look-up.
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get)
    }

    /// Reads an action in any case, because Bango's files have them in capitals.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|action| action.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("is not an action; there are {names}")
        })
    }
}

/// A row as the input has it, to be written out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowSource {
    /// The cells of a CSV record.
    Cells(Vec<String>),
    /// A line of JSON.
    Line(String),
}

/// A row that was read and is valid.
#[derive(Debug)]
pub struct InputRow {
    /// Its number; 1 is the first.
    pub number: u32,
    /// The line on which it begins.
    pub line: u64,
    /// By which it is known again within this process.
    pub fingerprint: u32,
    pub action: RowAction,
    /// The entitlement to change; empty for a create.
    pub entitlement_id: String,
    /// The user and the merchant of a create, or of a change of the status that names them.
    pub customer: Option<[String; 2]>,
    /// The body of the request, without the id of a change.
    pub body: Map<String, Value>,
    /// Empty if it is not kept.
    pub source: RowSource,
}

impl InputRow {
    /// The things that the row is about, and what it asks of each, as hashes: its entitlement, and the user at the merchant. Rows
    /// about one thing are done in the order of the input.
    pub fn touches(&self) -> impl Iterator<Item = (u64, u64)> {
        let text = |name: &str| self.body.get(name).and_then(Value::as_str);
        let (is_create, action) = (self.action == RowAction::Create, self.action.as_str());
        let id = match self.action {
            RowAction::Create => text(field::ENTITLEMENT_ID),
            // What changes nothing has no place in the order.
            RowAction::Get => None,
            _ => Some(self.entitlement_id.as_str()),
        };
        let of_id = id.map(|id| {
            // The same UUID, however it is spelled.
            let body = (self.action == RowAction::Update).then_some(&self.body);
            let thing = Uuid::try_parse(id)
                .map_or_else(|_| hash(&(STATUS, id)), |id| hash(&(STATUS, id.as_bytes())));
            (thing, hash(&(action, body)))
        });
        let of_customer = self.customer.as_ref().map(|[user, merchant]| {
            let what = if is_create {
                text(field::PRODUCT_KEY)
            } else {
                Some(self.entitlement_id.as_str())
            };
            let thing = hash(&(CUSTOMER, user, merchant));
            (thing, hash(&(action, what)))
        });
        of_customer.into_iter().chain(of_id)
    }

    /// By which the row has its shard, unless an earlier row of its chain has: user, merchant and product of a create, the
    /// entitlement of a change, and whether it is an update.
    ///
    /// The same on every machine and in every version of this tool, so that shards agree.
    pub fn identity(&self) -> u128 {
        let text = |name: &str| self.body.get(name).and_then(Value::as_str);
        match self.action {
            RowAction::Create => {
                let names = [
                    field::CUSTOMER_IDENTIFIER,
                    field::MERCHANT_ACCOUNT_KEY,
                    field::PRODUCT_KEY,
                ];
                let [user, merchant, product] = names.map(|name| text(name).unwrap_or_default());
                identity(&[RowAction::Create.as_str(), user, merchant, product])
            }
            RowAction::Update => identity(&[RowAction::Update.as_str(), &self.entitlement_id]),
            RowAction::Get => {
                let user = text(field::CUSTOMER_IDENTIFIER).unwrap_or_default();
                identity(&[RowAction::Get.as_str(), &self.entitlement_id, user])
            }
            _ => identity(&[STATUS, &self.entitlement_id]),
        }
    }
}

/// What a suspend, resume, cancel or revoke is about.
const STATUS: &str = "status";
/// A user at a merchant.
const CUSTOMER: &str = "customer";

fn identity(parts: &[&str]) -> u128 {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    let mut first = [0; 16];
    first.copy_from_slice(&context.finish().as_ref()[..16]);
    u128::from_be_bytes(first)
}

/// A hash by which something is known again within this process.
pub fn hash(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// One of several equal parts of an input: `2/4` is the second of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part; 1 is the first.
    pub index: u32,
    /// How many parts there are.
    pub count: u32,
}

impl Shard {
    /// All rows.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// Tells whether a row with this identity is in the shard.
    pub fn holds(self, identity: u128) -> bool {
        identity % u128::from(self.count) == u128::from(self.index - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let why = || "it must be I/N with I from 1 to N, such as 2/4".to_owned();
        let (index, count) = text.split_once('/').ok_or_else(why)?;
        let shard = Self {
            index: index.parse().map_err(|_| why())?,
            count: count.parse().map_err(|_| why())?,
        };
        if shard.index == 0 || shard.index > shard.count {
            return Err(why());
        }
        Ok(shard)
    }
}

/// Something wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// 1 is the first.
    pub line: u64,
    /// If it is one cell that is wrong.
    pub column: Option<String>,
    pub value: Option<String>,
    pub why: String,
}

impl Problem {
    pub fn new(
        line: u64,
        column: Option<&str>,
        value: Option<&str>,
        why: impl Into<String>,
    ) -> Self {
        Self {
            line,
            column: column.map(str::to_owned),
            value: value.map(str::to_owned),
            why: why.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        f.write_str(": ")?;
        if let Some(value) = &self.value {
            let short: String = value.chars().take(60).collect();
            let more = if short.len() < value.len() { "…" } else { "" };
            write!(f, "{short:?}{more} ")?;
        }
        let why = match self.value {
            Some(_) => self.why.strip_prefix("it ").unwrap_or(&self.why),
            None => &self.why,
        };
        f.write_str(why)
    }
}

/// What is wrong with an input: the first problems, and how many there are.
#[derive(Debug, Default)]
pub struct Problems {
    pub first: Vec<Problem>,
    pub count: u64,
}

impl Problems {
    pub fn add(&mut self, problem: Problem) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(problem);
        }
    }
}

impl From<Problem> for Ending {
    fn from(problem: Problem) -> Self {
        let mut problems = Problems::default();
        problems.add(problem);
        problems.into()
    }
}

impl From<Problems> for Ending {
    /// The input cannot be used, and nothing of it was sent.
    fn from(problems: Problems) -> Self {
        let (count, first) = (problems.count, &problems.first);
        let noun = if count == 1 { "problem" } else { "problems" };
        let mut points: Vec<_> = first.iter().map(ToString::to_string).collect();
        if count > first.len() as u64 {
            points.push(format!("and {} more", count - first.len() as u64));
        }
        Self {
            details: Some(json!({"count": count, "problems": first})),
            points,
            ..Self::usage(format!("the input has {count} {noun}; nothing was sent"))
        }
    }
}

/// The `X-RequestIdentifier` of a row: the same whenever the row is repeated, another one in each round.
///
/// A round ends when Bango has refused the row; what is asked after that is a new intent, and under the old identifier
/// the old answer could come back.
pub fn request_identifier(run: Uuid, row: u32, round: u32) -> String {
    let name = match round {
        0 => row.to_string(),
        _ => format!("{row}/{round}"),
    };
    Uuid::new_v5(&run, name.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(action: RowAction, entitlement_id: &str, body: &serde_json::Value) -> InputRow {
        InputRow {
            number: 1,
            line: 2,
            fingerprint: 0,
            action,
            entitlement_id: entitlement_id.to_owned(),
            customer: None,
            body: body.as_object().unwrap().clone(),
            source: RowSource::Line(String::new()),
        }
    }

    fn create(user: &str, merchant: &str, product: &str) -> InputRow {
        let body = json!({"customerIdentifier": user, "merchantAccountKey": merchant, "productKey": product});
        let customer = Some([user, merchant].map(str::to_owned));
        InputRow {
            customer,
            ..row(RowAction::Create, "", &body)
        }
    }

    /// The things that a row is about.
    fn things(row: &InputRow) -> Vec<u64> {
        row.touches().map(|touch| touch.0).collect()
    }

    #[test]
    fn the_identity_never_changes_between_versions() {
        let identity = create("cust-1", "BANGO", "BangoMusic").identity();
        assert_eq!(identity, 0x2271_0c0f_285a_51fa_2598_ca9d_578b_798d);
    }

    #[test]
    fn what_is_about_something_else_has_another_identity() {
        let own = create("a", "b", "c").identity();
        for other in [
            create("ab", "", "c"),
            create("a", "bc", ""),
            create("b", "a", "c"),
        ] {
            assert_ne!(own, other.identity());
        }
        let none = json!({});
        let change = |action, id| row(action, id, &none).identity();
        let cancel = change(RowAction::Cancel, "e");
        assert_eq!(cancel, change(RowAction::Resume, "e"), "whatever it is");
        assert_ne!(cancel, change(RowAction::Cancel, "f"));
        assert_ne!(cancel, change(RowAction::Update, "e"));
    }

    #[test]
    fn rows_are_about_an_entitlement_and_about_a_user_at_a_merchant() {
        let none = json!({});
        let cancel = row(RowAction::Cancel, "e", &none);
        for action in [RowAction::Update, RowAction::Resume] {
            assert_eq!(things(&row(action, "e", &none)), things(&cancel));
        }
        let mut with_id = create("a", "b", "c");
        let id = (field::ENTITLEMENT_ID.to_owned(), "e".into());
        with_id.body.extend([id]);
        let own = things(&create("a", "b", "another product"));
        assert_eq!(things(&with_id), [own.clone(), things(&cancel)].concat());
        assert_ne!(own, things(&create("a", "another merchant", "c")));
        let customer = Some(["a", "b"].map(str::to_owned));
        let of_user = InputRow { customer, ..cancel };
        assert_eq!(things(&of_user), things(&with_id));
        let uuid = "6F9619FF-8B86-D011-B42D-00CF4FC964FF";
        let spelled = |id| things(&row(RowAction::Cancel, id, &none));
        assert_eq!(spelled(uuid), spelled(&uuid.to_lowercase()));
    }

    #[test]
    fn what_rows_ask_for_is_told_apart() {
        let asks = |row: InputRow| row.touches().last().map(|touch| touch.1);
        let update = |value: i32| asks(row(RowAction::Update, "e", &json!({ "x": value })));
        assert_eq!(update(1), update(1));
        assert_ne!(update(1), update(2));
        let change = |action| asks(row(action, "e", &json!({})));
        assert_ne!(change(RowAction::Cancel), change(RowAction::Revoke));
        assert_ne!(asks(create("a", "b", "c")), asks(create("a", "b", "d")));
    }

    #[test]
    fn a_row_keeps_its_identifier_and_a_new_round_has_another() {
        let run = Uuid::from_u128(7);
        assert_eq!(request_identifier(run, 3, 0), request_identifier(run, 3, 0));
        let others = [(3, 1), (4, 0), (31, 0), (3, 10)];
        for (row, round) in others {
            assert_ne!(
                request_identifier(run, 3, 0),
                request_identifier(run, row, round)
            );
        }
        assert_ne!(
            request_identifier(run, 3, 0),
            request_identifier(Uuid::from_u128(8), 3, 0)
        );
    }

    #[test]
    fn only_a_part_of_a_whole_is_a_shard() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for bad in ["", "2", "0/4", "5/4", "0/0", "-1/4", "1/x", "1/4/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_identity_is_in_exactly_one_shard(identity: u128, count in 1u32..100) {
            let shards = (1..=count).map(|index| Shard { index, count });
            prop_assert_eq!(shards.filter(|shard| shard.holds(identity)).count(), 1);
        }
    }
}
