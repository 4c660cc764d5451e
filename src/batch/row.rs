//! One row of the input as a request: its action, its fields, and what is wrong with it. Never reads a file and never sends.

use std::fmt;

use serde_json::{Map, Value, json};

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
