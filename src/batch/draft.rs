//! Makes a row from its cells and what fills its gaps, and finds everything that is wrong with it. Pure.

use serde_json::{Map, Value};

use super::column::{self, Column, Kind, Rules};
use super::row::{Action, Problem, Row, Source};
use crate::api::types::{BENEFITS_NORMAL, BENEFITS_SUSPENDED, field};

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
