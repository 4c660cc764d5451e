//! One row of the input as a request: its action, its fields, and what is wrong with it. Never reads a file and never sends.

use std::fmt;

use serde_json::{Map, Value, json};

use super::column::{self, Column, Kind, Rules};
use crate::api::types::{BENEFITS_NORMAL, BENEFITS_SUSPENDED, field};

/// What a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Create,
    Update,
    Suspend,
    Resume,
    Cancel,
    Revoke,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 6] = [
        Self::Create,
        Self::Update,
        Self::Suspend,
        Self::Resume,
        Self::Cancel,
        Self::Revoke,
    ];

    /// The action as a row spells it: the name of its command.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::Revoke => "revoke",
        }
    }

    /// Reads an action.
    ///
    /// # Errors
    ///
    /// Lists the actions that there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::as_str).join(", ");
        Self::ALL
            .into_iter()
            .find(|action| action.as_str() == text)
            .ok_or_else(|| format!("is not an action; there are {names}"))
    }
}

/// A row as the input has it, to be written out again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// The cells of a CSV record.
    Cells(Vec<String>),
    /// A line of JSON.
    Line(String),
}

/// A row that was read and found right.
#[derive(Debug)]
pub struct Row {
    /// Its place among the rows: 1 is the first.
    pub number: u32,
    /// The line on which it begins.
    pub line: u64,
    /// What it asks for.
    pub action: Action,
    /// The entitlement to change; empty for a create.
    pub entitlement_id: String,
    /// The body of the request, without the id of a change.
    pub body: Map<String, Value>,
    /// The row as it was.
    pub source: Source,
}

/// Something wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line; 1 is the first.
    pub line: u64,
    /// The column, if it is one cell that is wrong.
    pub column: Option<String>,
    /// The value of that cell.
    pub value: Option<String>,
    /// What is wrong.
    pub why: String,
}

impl Problem {
    /// The facts, for a program to read.
    #[must_use]
    pub fn facts(&self) -> Value {
        json!({"line": self.line, "column": self.column, "value": self.value, "why": self.why})
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

/// What fills a column that a row leaves empty.
#[derive(Debug, Clone)]
pub struct Fallback {
    /// The column.
    pub column: &'static Column,
    /// The value, as a flag has it.
    pub value: String,
    /// Whether it comes from the profile, which fills the rows of creates alone.
    pub of_profile: bool,
}

/// A cell with the column it stands in.
#[derive(Debug)]
pub enum Cell {
    /// The action.
    Action(Value),
    /// A field of this tool.
    Field(&'static Column, Value),
    /// A field of another name.
    Extra(String, Value),
}

/// Makes rows from cells.
#[derive(Debug)]
pub struct Rows {
    /// The action of a row that names none.
    pub action: Action,
    /// What fills the gaps.
    pub defaults: Vec<Fallback>,
    /// The checks of values.
    pub rules: Rules,
}

impl Rows {
    /// Reads one row.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn read(
        &self,
        (number, line): (u32, u64),
        cells: Vec<Cell>,
        source: Source,
    ) -> Result<Row, Vec<Problem>> {
        let mut draft = Draft {
            line,
            action: self.action,
            body: Map::new(),
            problems: Vec::new(),
        };
        draft.choose_action(&cells);
        for cell in cells {
            draft.add(cell, &self.rules);
        }
        for default in &self.defaults {
            draft.fill(default, &self.rules);
        }
        let entitlement_id = draft.complete();
        if draft.problems.is_empty() {
            Ok(Row {
                number,
                line,
                action: draft.action,
                entitlement_id,
                body: draft.body,
                source,
            })
        } else {
            Err(draft.problems)
        }
    }
}

/// A row while it is read.
struct Draft {
    line: u64,
    action: Action,
    body: Map<String, Value>,
    problems: Vec<Problem>,
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

impl Draft {
    fn problem(&mut self, column: &str, value: Option<&Value>, why: impl Into<String>) {
        let shown = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.problems.push(Problem {
            line: self.line,
            column: Some(column.to_owned()),
            value: value.map(shown),
            why: why.into(),
        });
    }

    fn choose_action(&mut self, cells: &[Cell]) {
        for cell in cells {
            let Cell::Action(value) = cell else { continue };
            if is_empty(value) {
                continue;
            }
            match Action::parse(value.as_str().unwrap_or_default()) {
                Ok(action) => self.action = action,
                Err(why) => self.problem(column::ACTION, Some(value), why),
            }
        }
    }

    fn add(&mut self, cell: Cell, rules: &Rules) {
        match cell {
            Cell::Action(_) => {}
            Cell::Extra(name, value) => {
                if !is_empty(&value) {
                    self.body.insert(name, value);
                }
            }
            Cell::Field(_, value) if is_empty(&value) => {}
            Cell::Field(column, value) => self.add_field(column, value, rules),
        }
    }

    fn add_field(&mut self, column: &'static Column, value: Value, rules: &Rules) {
        if !column.actions.contains(&self.action) {
            let why = format!("is not taken by {}", self.action.as_str());
            return self.problem(column.name, Some(&value), why);
        }
        let shown = value.clone();
        match column.check(value, rules) {
            Ok(value) if column.kind == Kind::Reason => self.add_reason(&value),
            Ok(value) => {
                if self.body.insert(column.wire.to_owned(), value).is_some() {
                    self.problem(column.name, Some(&shown), "is given twice");
                }
            }
            Err(why) => self.problem(column.name, Some(&shown), why),
        }
    }

    fn add_reason(&mut self, value: &Value) {
        let Some((category, code)) = value.as_str().and_then(column::reason) else {
            return;
        };
        for (wire, part) in [
            (field::CANCEL_REASON_CATEGORY, category),
            (field::CANCEL_REASON_CODE, code),
        ] {
            if self.body.insert(wire.to_owned(), part.into()).is_some() {
                self.problem("reason", Some(value), "is given twice");
            }
        }
    }

    fn fill(&mut self, default: &Fallback, rules: &Rules) {
        let column = default.column;
        let wire = match column.kind {
            Kind::Reason => field::CANCEL_REASON_CATEGORY,
            _ => column.wire,
        };
        let for_this = column.actions.contains(&self.action)
            && (!default.of_profile || self.action == Action::Create);
        if for_this && !self.body.contains_key(wire) {
            self.add_field(column, default.value.clone().into(), rules);
        }
    }

    /// Adds what an action always sends, demands what it needs, and takes the entitlement id of a change out of the body.
    fn complete(&mut self) -> String {
        let benefits = match self.action {
            Action::Suspend => Some(BENEFITS_SUSPENDED),
            Action::Resume => Some(BENEFITS_NORMAL),
            _ => None,
        };
        if let Some(value) = benefits {
            self.body
                .entry(field::ENTITLEMENT_BENEFITS)
                .or_insert_with(|| value.into());
        }
        let needed: &[(&str, &str)] = match self.action {
            Action::Create => &[
                ("user", field::CUSTOMER_IDENTIFIER),
                ("merchant", field::MERCHANT_ACCOUNT_KEY),
                ("product", field::PRODUCT_KEY),
            ],
            Action::Cancel | Action::Revoke => &[
                ("entitlement_id", field::ENTITLEMENT_ID),
                ("reason", field::CANCEL_REASON_CATEGORY),
                ("reason_code", field::CANCEL_REASON_CODE),
            ],
            _ => &[("entitlement_id", field::ENTITLEMENT_ID)],
        };
        for (name, wire) in needed {
            // A missing reason is said once, and a cell that was found wrong is not missing.
            let is_said = |problem: &Problem| {
                let column = problem.column.as_deref();
                column.is_some_and(|column| {
                    column == *name || name.starts_with(&format!("{column}_"))
                })
            };
            if !self.body.contains_key(*wire) && !self.problems.iter().any(is_said) {
                let action = self.action.as_str();
                self.problem(name, None, format!("is empty, and {action} needs it"));
            }
        }
        if self.action == Action::Create {
            return String::new();
        }
        let id = self.body.shift_remove(field::ENTITLEMENT_ID);
        if self.action == Action::Update && self.body.is_empty() && self.problems.is_empty() {
            self.problems.push(Problem {
                line: self.line,
                column: None,
                value: None,
                why: "update has nothing to change".to_owned(),
            });
        }
        id.as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}
