//! Reads any of the files, row by row, as what it says about entitlements: tells the kind, finds the columns, and names what is missing.

use serde_json::{Map, Value};

use super::entitlement::{Cells, FIELDS, Field, FileKind, Layout, OwnedRecord, Record};
use crate::api::json;
use crate::ending::Ending;
use crate::tables::{Rows, Source};

/// The outcome of a notification that came after a newer one of its entitlement.
pub const LATE: &str = "late";

/// Which column of the user's stands for which field: `--map OURNAME=FIELD`.
pub type ColumnMap = [(String, Field)];

/// The rows of one file.
pub struct Records<'a> {
    source: &'a Source,
    pub kind: FileKind,
    layout: Layout,
    /// The columns as the file names them; none for JSON lines.
    pub columns: Vec<String>,
    rows: Rows<'a>,
    names: &'a ColumnMap,
    /// The present line, if these are lines of JSON.
    line: Option<OwnedRecord>,
}

impl<'a> Records<'a> {
    /// Begins at the first row of a file.
    pub fn open(source: &'a Source, names: &'a ColumnMap) -> Result<Self, Ending> {
        let mut rows = Rows::new(source)?;
        let is_json = rows.is_json();
        let (columns, (kind, layout)) = if is_json {
            (Vec::new(), survey_json(source, &mut rows, names)?)
        } else {
            let Some(header) = rows.next_row()? else {
                return Err(source.wrong("is empty; the first line names the columns"));
            };
            let columns = (0..header.len()).map(|i| header.text(i).into_owned());
            let columns: Vec<_> = columns.collect();
            let found = find_columns(source, header.place, &columns, names)?;
            (columns, found)
        };
        Ok(Self {
            source,
            kind,
            layout,
            columns,
            rows,
            names,
            line: is_json.then(OwnedRecord::default),
        })
    }

    /// Refuses what nothing can be compared with: as ours, or as Bango's.
    pub fn check_side(&self, is_bango: bool) -> Result<(), Ending> {
        let is_allowed = match self.kind {
            FileKind::Answer => false,
            FileKind::Results | FileKind::Notifications => !is_bango,
            FileKind::Report | FileKind::OlderReport | FileKind::Correlation => true,
            FileKind::Other => !is_bango || self.has(Field::EntitlementId),
        };
        if is_allowed {
            return Ok(());
        }
        let what = self.kind.name();
        let why = format!("is {what}, which is nothing that can be compared here");
        Err(self.source.wrong(why))
    }

    /// Whether it has a column for a field; JSON lines have one that any of them names.
    pub fn has(&self, field: Field) -> bool {
        self.layout[field as usize].is_some()
    }

    /// The next row; `None` after the last.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, Ending> {
        let Some(json) = &mut self.line else {
            let Some(row) = self.rows.next_row()? else {
                return Ok(None);
            };
            let (has, named) = (row.len(), self.columns.len());
            if has != named {
                let cells = if has == 1 { "cell" } else { "cells" };
                let why = format!("the row has {has} {cells}, but the header names {named}");
                return Err(self.source.wrong_at(row.place, None, why));
            }
            let (place, cells) = (row.place, Cells::Row(row, &self.layout));
            return Ok(Some(Record { place, cells }));
        };
        let Some(line) = self.rows.next_line()? else {
            return Ok(None);
        };
        let place = line.place;
        *json = read_json(self.kind, self.names, &line.whole(0))
            .map_err(|why| self.source.wrong_at(place, None, why))?;
        let cells = Cells::Line(json);
        Ok(Some(Record { place, cells }))
    }

    /// The same file once more, for rows whose places are known.
    pub fn again(&self) -> Result<Self, Ending> {
        Ok(Self {
            source: self.source,
            kind: self.kind,
            layout: self.layout,
            columns: self.columns.clone(),
            rows: self.rows.again()?,
            names: self.names,
            line: self.line.as_ref().map(|_| OwnedRecord::default()),
        })
    }

    /// The row that begins at a place.
    pub fn record_at(&mut self, place: u64) -> Result<Record<'_>, Ending> {
        self.rows.seek(place)?;
        let changed = self.changed();
        self.next_record()?.ok_or(changed)
    }

    /// The field as the file names it.
    pub fn column_name(&self, field: Field) -> &str {
        let column = self.layout[field as usize];
        let name = column.and_then(|at| self.columns.get(usize::from(at)));
        name.map_or(field.name(), String::as_str)
    }

    /// It is not what it was when it was read first.
    pub fn changed(&self) -> Ending {
        self.source.wrong("has changed while it was read")
    }

    /// What is wrong with a field of a row.
    pub fn wrong(&self, place: u64, field: Field, why: impl Into<String>) -> Ending {
        self.source
            .wrong_at(place, Some(self.column_name(field)), why)
    }
}

/// Tells the kind and finds the columns, and refuses a file that lacks one that its kind needs.
fn find_columns(
    source: &Source,
    place: u64,
    columns: &[String],
    names: &ColumnMap,
) -> Result<(FileKind, Layout), Ending> {
    let kind = FileKind::of_header(columns);
    let mut layout: Layout = Default::default();
    for (index, name) in columns.iter().enumerate() {
        // In results, what Bango answered stands behind what was asked for, and goes before it.
        let is_results = kind == FileKind::Results;
        let plain = name.strip_prefix("result_").filter(|_| is_results);
        let Some(field) = named(names, plain.unwrap_or(name)) else {
            continue;
        };
        let column = layout[field as usize].replace(u16::try_from(index).unwrap_or(u16::MAX));
        if column.is_some() && !is_results {
            let why = format!("there are two columns for {}", field.name());
            return Err(source.wrong_at(place, Some(name), why));
        }
    }
    for (own, _) in names {
        if !columns.contains(own) {
            let why = format!("there is no column {own}, which --map names");
            return Err(source.wrong_at(place, None, why));
        }
    }
    let missing = kind
        .needed()
        .iter()
        .find(|field| layout[**field as usize].is_none());
    if let Some(field) = missing {
        let why = format!(
            "there is no column for {}, which {} has",
            field.name(),
            kind.name()
        );
        return Err(source.wrong_at(place, None, why));
    }
    Ok((kind, layout))
}

/// Reads JSON lines once for what they name: the kind is told from the first of them, the fields from all.
fn survey_json(
    source: &Source,
    rows: &mut Rows,
    names: &ColumnMap,
) -> Result<(FileKind, Layout), Ending> {
    let mut first = None;
    let mut layout: Layout = Default::default();
    let mut missing: Vec<_> = names.iter().map(|(own, _)| own).collect();
    while let Some(line) = rows.next_line()? {
        let (place, line) = (line.place, line.whole(0));
        let wrong = |why| source.wrong_at(place, None, why);
        let kind = match first {
            Some((kind, _)) => kind,
            None => kind_of_json(&line).map_err(wrong)?,
        };
        first.get_or_insert((kind, place));
        let mut own_names: [Option<String>; FIELDS] = Default::default();
        let mut both = None;
        each_member(kind, &line, |name, _| {
            if let Some(field) = named(names, name) {
                layout[field as usize] = Some(0);
                missing.retain(|own| *own != name);
                let before = own_names[field as usize].replace(name.to_owned());
                both = both
                    .take()
                    .or(before.map(|before| (field, before, name.to_owned())));
            }
        })
        .map_err(wrong)?;
        // What Bango or this tool has written is read as everywhere: the last one counts.
        if kind != FileKind::Other {
            continue;
        }
        if let Some((field, one, other)) = both {
            let field = field.name();
            return Err(wrong(format!("{one} and {other} are both {field}")));
        }
        if let Some(twice) = json::repeated(&line) {
            return Err(wrong(format!("the line has the field {twice} twice")));
        }
    }
    let Some((kind, place)) = first else {
        return Err(source.wrong("is empty"));
    };
    if let Some(own) = missing.first() {
        return Err(source.wrong(format!("has no field {own}, which --map names")));
    }
    rows.seek(place)?;
    Ok((kind, layout))
}

/// What a line of JSON says.
fn read_json(kind: FileKind, names: &ColumnMap, line: &str) -> Result<OwnedRecord, String> {
    let mut found: [String; FIELDS] = Default::default();
    each_member(kind, line, |name, value| {
        if let Some(field) = named(names, name) {
            found[field as usize] = match value {
                Value::Null => return,
                Value::String(text) => text.trim().to_owned(),
                other => other.to_string(),
            };
        }
    })?;
    Ok(OwnedRecord::of(|field| {
        found[field as usize].as_str().into()
    }))
}

fn kind_of_json(line: &str) -> Result<FileKind, String> {
    let object = object(line)?;
    let has = |name: &str| object.contains_key(name);
    Ok(match () {
        () if has("receivedAt") && has("notification") => FileKind::Notifications,
        () if has("row") && has("outcome") => FileKind::Results,
        () => FileKind::Other,
    })
}

/// The field that a column of this name stands for.
fn named(names: &ColumnMap, name: &str) -> Option<Field> {
    let mapped = names.iter().find(|(own, _)| own == name);
    mapped.map_or_else(|| Field::find(name), |(_, field)| Some(*field))
}

fn object(line: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(line).map_err(|e| format!("the line {}", json::fault(&e)))
}

/// The members of a line, in their order. What stands further out comes from Bango and follows what was asked for.
fn each_member(
    kind: FileKind,
    line: &str,
    mut each: impl FnMut(&str, &Value),
) -> Result<(), String> {
    let mut object = object(line)?;
    let is_late = kind == FileKind::Notifications && object.get("late") == Some(&Value::Bool(true));
    let inner = match kind {
        FileKind::Notifications => object.remove("notification"),
        FileKind::Results => object.remove("row"),
        _ => None,
    };
    let inner = match inner {
        Some(Value::Object(inner)) => inner,
        _ if kind == FileKind::Notifications && !is_late => {
            return Err("there is no notification in the line".to_owned());
        }
        _ => Map::new(),
    };
    let outer = (kind != FileKind::Notifications).then_some(object);
    for (name, value) in inner.iter().chain(outer.iter().flatten()) {
        each(name, value);
    }
    if is_late {
        each(Field::Outcome.name(), &LATE.into());
    }
    Ok(())
}
