//! The columns that an input may have, and how the cells of a record become a row. Pure.

use serde_json::{Map, Value};

use super::row::{InputRow, Problem, RowAction, RowSource};
use crate::api::types::{BENEFITS_NORMAL, BENEFITS_SUSPENDED, field};
use crate::api::{check_text, json, value};

/// A column that stands for a field of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// The name of the flag, with underscores.
    pub name: &'static str,
    /// The field that the API knows; for a reason, the first of its two.
    wire: &'static str,
    kind: ValueKind,
    /// The actions that take it.
    actions: &'static [RowAction],
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    /// An id or a key, by which something is found.
    Id,
    /// Words for people.
    Text,
    Url,
    Date,
    /// A JSON object or string.
    Data,
    /// A JSON object.
    Object,
    /// `CATEGORY/CODE`.
    Reason,
}

const ALL: &[RowAction] = &RowAction::ALL;
const CREATE: &[RowAction] = &[RowAction::Create];
const WRITE: &[RowAction] = &[RowAction::Create, RowAction::Update];
const END: &[RowAction] = &[RowAction::Cancel, RowAction::Revoke];
const FIND: &[RowAction] = &[RowAction::Create, RowAction::Update, RowAction::Get];
const CREATE_OR_GET: &[RowAction] = &[RowAction::Create, RowAction::Get];
const BENEFITS: &[RowAction] = &[RowAction::Update, RowAction::Suspend, RowAction::Resume];

/// What an action that takes none of it may say about its entitlement: whose it is. It is not sent, and keeps its order with the
/// other rows of that user.
const ABOUT: [&str; 3] = ["user", "merchant", "product"];

/// The column that says what is to be done.
const ACTION: &str = "action";
/// What Bango's files call the description of a reason.
const REASON_DESCRIPTION: &str = "reasondescription";
/// The column in which a file says why a row is there. It is not sent.
const NOTE: &str = "note";

const fn column(
    name: &'static str,
    wire: &'static str,
    kind: ValueKind,
    actions: &'static [RowAction],
) -> Column {
    Column {
        name,
        wire,
        kind,
        actions,
    }
}

/// Every column but `action`.
#[rustfmt::skip]
static COLUMNS: [Column; 16] = [
    column("user", field::CUSTOMER_IDENTIFIER, ValueKind::Id, FIND),
    column("merchant", field::MERCHANT_ACCOUNT_KEY, ValueKind::Id, CREATE_OR_GET),
    column("product", field::PRODUCT_KEY, ValueKind::Id, FIND),
    column("offer", field::OFFER_KEY, ValueKind::Id, CREATE),
    column("notification_url", field::NOTIFICATION_URL, ValueKind::Url, WRITE),
    column("entitlement_id", field::ENTITLEMENT_ID, ValueKind::Id, ALL),
    column("external_id", field::EXTERNAL_ENTITLEMENT_ID, ValueKind::Id, CREATE),
    column("display_name", field::DISPLAY_NAME, ValueKind::Text, CREATE),
    column("expires", field::DATE_EXPIRY, ValueKind::Date, WRITE),
    column("extension_data", field::EXTENSION_DATA, ValueKind::Data, WRITE),
    column("extra_information", field::EXTRA_INFORMATION, ValueKind::Object, CREATE),
    column("benefits", field::ENTITLEMENT_BENEFITS, ValueKind::Id, BENEFITS),
    column("reason", field::CANCEL_REASON_CATEGORY, ValueKind::Reason, END),
    column("reason_category", field::CANCEL_REASON_CATEGORY, ValueKind::Id, END),
    column("reason_code", field::CANCEL_REASON_CODE, ValueKind::Id, END),
    column("description", field::CANCEL_REASON_DESCRIPTION, ValueKind::Text, END),
];

/// Finds a column by the name of its flag, of its field or in Bango's files; case, `_`, `-` and blanks do not count.
pub fn find(name: &str) -> Option<&'static Column> {
    let name = letters(name);
    let is_field =
        |column: &&Column| letters(column.wire) == name && column.kind != ValueKind::Reason;
    let is_it = |column: &&Column| letters(column.name) == name || is_field(column);
    let in_files = (name == REASON_DESCRIPTION).then_some("description");
    let is_in_files = |column: &&Column| Some(column.name) == in_files;
    COLUMNS
        .iter()
        .find(|column| is_it(column) || is_in_files(column))
}

/// What the name of a column is known by.
fn letters(name: &str) -> String {
    let letters = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace());
    letters.flat_map(char::to_lowercase).collect()
}

impl Column {
    /// Checks a value and returns it as it is sent if that is not as it stands, and the code of a reason beside it; the error
    /// does not name the column.
    pub fn read(&self, value: &Value) -> Result<(Option<Value>, Option<Value>), String> {
        if matches!(self.kind, ValueKind::Data | ValueKind::Object) {
            let sent = data(value, self.kind == ValueKind::Data)?;
            return Ok((Some(sent), None));
        }
        let text = value.as_str().ok_or("must be a text")?;
        check_text(text)?;
        Ok(match self.kind {
            ValueKind::Url => {
                value::notification_url(text)?;
                (None, None)
            }
            ValueKind::Date => (Some(value::expiry(text)?.into()), None),
            ValueKind::Reason => {
                let reason = value::Reason::parse(text)?;
                (Some(reason.category.into()), Some(reason.code.into()))
            }
            ValueKind::Id => {
                check_id(text)?;
                (None, None)
            }
            ValueKind::Text | ValueKind::Data | ValueKind::Object => (None, None),
        })
    }
}

/// Refuses what is not seen in a spreadsheet, and what a spreadsheet makes of a number or a formula: it would be somebody else's id.
pub fn check_id(text: &str) -> Result<(), &'static str> {
    let is_float = |text: &str| text.contains("E+") && text.parse::<f64>().is_ok();
    value::check_visible(text)?;
    if is_float(text) || matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#DIV/0!") {
        return Err("is what a spreadsheet shows in place of a value");
    }
    Ok(())
}

/// Extension data is an object or a text, other data an object; a CSV cell holds it as JSON text, or as the members of an
/// object without its braces, as Bango's files do.
fn data(value: &Value, may_be_text: bool) -> Result<Value, String> {
    let wrong = || {
        let or_text = if may_be_text { " or a text" } else { "" };
        Err(format!("must be a JSON object{or_text}"))
    };
    let text = match value {
        Value::Object(_) => return Ok(value.clone()),
        Value::String(text) => text.trim(),
        _ => return wrong(),
    };
    let read = match text.chars().next() {
        Some('"') if !is_json_string(text) => json::read_own(&format!("{{{text}}}"))?,
        Some('{' | '"' | '[') => json::read_own(text)?,
        _ => value.clone(),
    };
    match read {
        Value::Object(_) => Ok(read),
        Value::String(_) if may_be_text => Ok(read),
        _ => wrong(),
    }
}

/// Whether a JSON string is all of a text, and not the name of a member.
fn is_json_string(text: &str) -> bool {
    let mut strings = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    matches!(strings.next(), Some(Ok(_)))
        && !text[strings.byte_offset()..].trim_start().starts_with(':')
}

/// The name of a column, understood.
#[derive(Debug, Clone)]
pub enum ColumnName {
    Action,
    /// For people alone.
    Note,
    Field(&'static Column),
    /// A field that this tool does not know.
    Extra(String),
}

impl ColumnName {
    pub fn read(name: &str, extra_fields: bool) -> Result<Self, String> {
        let name = name.trim();
        if name.eq_ignore_ascii_case(ACTION) {
            return Ok(Self::Action);
        }
        if name.eq_ignore_ascii_case(NOTE) {
            return Ok(Self::Note);
        }
        if let Some(column) = find(name) {
            return Ok(Self::Field(column));
        }
        if extra_fields && check_text(name).is_ok() {
            return Ok(Self::Extra(name.to_owned()));
        }
        if name.is_empty() {
            return Err("is no name; is there a separator too many?".to_owned());
        }
        if name.contains('|') {
            let why = "is one column, though it seems to be several, separated by \"|\"; write the file with commas";
            return Err(why.to_owned());
        }
        let known = || COLUMNS.iter().map(|column| column.name);
        let fields = COLUMNS.iter().map(|column| column.wire);
        let plain = letters(name);
        let is_near = |known: &&str| strsim::damerau_levenshtein(&letters(known), &plain) < 2;
        // user_id for user, and customer_id for customerIdentifier.
        let begins_alike = |known: &&str| {
            let known = letters(known);
            plain.len().min(known.len()) > 3
                && (known.starts_with(&plain) || plain.starts_with(&known))
        };
        let mut names = known().chain(fields);
        let near = names
            .clone()
            .find(is_near)
            .or_else(|| names.find(begins_alike));
        let hint = near.map_or_else(String::new, |near| format!(", did you mean {near}?"));
        let known: Vec<_> = known().collect();
        Err(format!(
            "is not a column{hint}; rename it to one of {ACTION}, {NOTE}, {} (--extra-fields sends others as they are)",
            known.join(", ")
        ))
    }

    /// What no two columns may share.
    pub fn key(&self) -> &str {
        match self {
            Self::Action => ACTION,
            Self::Note => NOTE,
            Self::Field(column) => column.name,
            Self::Extra(name) => name,
        }
    }
}

/// What fills a column that a row leaves empty.
#[derive(Debug, Clone)]
pub struct Fallback {
    pub column: &'static Column,
    /// The value, as a flag has it.
    pub value: String,
    /// Whether it comes from the profile, which fills the rows of creates alone.
    pub of_profile: bool,
}

/// Makes rows from the cells of records.
#[derive(Debug)]
pub struct RowParser {
    /// The action of a row that names none.
    pub action: RowAction,
    pub defaults: Vec<Fallback>,
}

impl RowParser {
    /// Reads one row, or finds everything that is wrong with it.
    pub fn read(
        &self,
        (number, line, fingerprint): (u32, u64, u32),
        cells: Vec<(&ColumnName, Value)>,
        source: RowSource,
    ) -> Result<InputRow, Vec<Problem>> {
        let mut parsing = Parsing {
            line,
            action: self.action,
            body: Map::with_capacity(cells.len() + self.defaults.len() + 1),
            about: Map::new(),
            problems: Vec::new(),
        };
        for (name, value) in &cells {
            if matches!(name, ColumnName::Action) && !is_empty(value) {
                parsing.choose_action(value);
            }
        }
        for (name, value) in cells {
            match name {
                _ if is_empty(&value) => {}
                ColumnName::Action | ColumnName::Note => {}
                ColumnName::Field(column) => parsing.add(column, value),
                ColumnName::Extra(name) => {
                    parsing.body.insert(name.clone(), value);
                }
            }
        }
        for default in &self.defaults {
            parsing.fill(default);
        }
        let customer = parsing.customer(&self.defaults);
        let entitlement_id = parsing.complete();
        if !parsing.problems.is_empty() {
            return Err(parsing.problems);
        }
        Ok(InputRow {
            number,
            line,
            fingerprint,
            action: parsing.action,
            entitlement_id,
            customer,
            body: parsing.body,
            source,
        })
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// A row while it is parsed.
struct Parsing {
    line: u64,
    action: RowAction,
    body: Map<String, Value>,
    /// What the row says about the entitlement that it changes, by the names of fields.
    about: Map<String, Value>,
    problems: Vec<Problem>,
}

impl Parsing {
    fn problem(&mut self, column: &str, value: Option<&Value>, why: impl Into<String>) {
        let shown = value.map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let problem = Problem::new(self.line, Some(column), shown.as_deref(), why);
        self.problems.push(problem);
    }

    fn choose_action(&mut self, value: &Value) {
        match RowAction::parse(value.as_str().unwrap_or_default()) {
            Ok(action) => self.action = action,
            Err(why) => self.problem(ACTION, Some(value), why),
        }
    }

    fn add(&mut self, column: &'static Column, value: Value) {
        let is_sent = column.actions.contains(&self.action);
        if !is_sent && (self.action == RowAction::Update || !ABOUT.contains(&column.name)) {
            let why = format!("is not taken by {}", self.action.as_str());
            return self.problem(column.name, Some(&value), why);
        }
        let (sent, code) = match column.read(&value) {
            Ok(read) => read,
            Err(why) => return self.problem(column.name, Some(&value), why),
        };
        let sent = sent.unwrap_or(value);
        if !is_sent {
            self.about.insert(column.wire.to_owned(), sent);
            return;
        }
        let code = code.map(|code| (field::CANCEL_REASON_CODE, code));
        for (wire, sent) in [(column.wire, sent)].into_iter().chain(code) {
            if let Some(first) = self.body.insert(wire.to_owned(), sent) {
                self.problem(column.name, Some(&first), "is given twice");
            }
        }
    }

    fn fill(&mut self, default: &Fallback) {
        let column = default.column;
        let is_for_this = column.actions.contains(&self.action)
            && (!default.of_profile || self.action == RowAction::Create);
        if is_for_this && !self.body.contains_key(column.wire) {
            self.add(column, default.value.clone().into());
        }
    }

    /// Whose entitlement the row is about, if it says so: the user and the merchant, which may be the one of all rows.
    fn customer(&self, defaults: &[Fallback]) -> Option<[String; 2]> {
        let told = match self.action {
            RowAction::Create => &self.body,
            RowAction::Get => return None,
            _ => &self.about,
        };
        let text = |name: &str| Some(told.get(name)?.as_str()?.to_owned());
        let mut defaults = defaults.iter();
        let of_all = defaults.find(|default| default.column.wire == field::MERCHANT_ACCOUNT_KEY);
        let merchant = text(field::MERCHANT_ACCOUNT_KEY).or_else(|| Some(of_all?.value.clone()));
        Some([text(field::CUSTOMER_IDENTIFIER)?, merchant?])
    }

    /// Adds what an action always sends, demands what it needs, and takes the entitlement id of a change out of the body.
    fn complete(&mut self) -> String {
        let benefits = match self.action {
            RowAction::Suspend => Some(BENEFITS_SUSPENDED),
            RowAction::Resume => Some(BENEFITS_NORMAL),
            _ => None,
        };
        if let Some(value) = benefits {
            let sent = self.body.entry(field::ENTITLEMENT_BENEFITS);
            sent.or_insert_with(|| value.into());
        }
        let needed: &[(&str, &str)] = match self.action {
            RowAction::Create => &[
                ("user", field::CUSTOMER_IDENTIFIER),
                ("merchant", field::MERCHANT_ACCOUNT_KEY),
                ("product", field::PRODUCT_KEY),
            ],
            RowAction::Cancel | RowAction::Revoke => &[
                ("entitlement_id", field::ENTITLEMENT_ID),
                ("reason", field::CANCEL_REASON_CATEGORY),
                ("reason_code", field::CANCEL_REASON_CODE),
            ],
            // Whose it is will do as well.
            RowAction::Get if self.body.contains_key(field::CUSTOMER_IDENTIFIER) => &[],
            _ => &[("entitlement_id", field::ENTITLEMENT_ID)],
        };
        for (name, wire) in needed {
            // A missing reason is said once, and a cell that was found wrong is not missing.
            let is_said = self.problems.iter().any(|problem| {
                let column = problem.column.as_deref();
                column.is_some_and(|column| {
                    column == *name || name.starts_with(&format!("{column}_"))
                })
            });
            if !self.body.contains_key(*wire) && !is_said {
                let or_else = match *name {
                    _ if self.action.is_read() => ", or user",
                    "merchant" => " (--merchant gives one to all rows without)",
                    "product" => " (--product gives one to all rows without)",
                    _ => "",
                };
                let action = self.action.as_str();
                let why = format!("is empty, and {action} needs it{or_else}");
                self.problem(name, None, why);
            }
        }
        if self.action == RowAction::Create {
            return String::new();
        }
        let id = self.body.shift_remove(field::ENTITLEMENT_ID);
        if self.action == RowAction::Update && self.body.is_empty() && self.problems.is_empty() {
            let why = "update has nothing to change";
            self.problems.push(Problem::new(self.line, None, None, why));
        }
        id.as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}
