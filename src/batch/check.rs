//! The first pass: reads every row, finds everything that is wrong, and remembers just enough to know the rows again.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::chains::{Chains, Link, Touch};
use super::input::{Format, Input};
use super::parser::{self, RowParser};
use super::row::{InputRow, Problem, Problems, RowAction, Shard};
use crate::api::types::field;
use crate::api::value::{self, Reason};
use crate::ending::Ending;
use crate::tables::Digest;

/// Fields by which something is found, and what a program writes into them that has no value.
const BY_ID: [&str; 4] = [
    field::CUSTOMER_IDENTIFIER,
    field::MERCHANT_ACCOUNT_KEY,
    field::PRODUCT_KEY,
    field::ENTITLEMENT_ID,
];
const NOTHING: [&str; 8] = [
    "NULL",
    "null",
    "None",
    "nan",
    "NaN",
    "N/A",
    "undefined",
    "\\N",
];

/// An input in which every row is valid.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    pub rows: u32,
    pub in_shard: u32,
    /// How many chains of rows about one thing there are, in all shards.
    pub chain_count: u32,
    #[serde(flatten)]
    pub digest: Digest,
    /// What may be a mistake.
    pub warnings: Vec<Problem>,
    #[serde(skip)]
    pub chains: Chains,
    /// How many rows of the shard change something.
    #[serde(skip)]
    pub changes: u32,
    /// How many rows of the shard end an entitlement.
    #[serde(skip)]
    pub endings: u32,
    /// The names of the columns; none for JSON lines.
    #[serde(skip)]
    pub columns: Vec<String>,
    /// One of each row, to notice if the second pass reads something else.
    #[serde(skip)]
    pub fingerprints: Vec<u32>,
    /// Whether each row is in the shard; empty if all are.
    #[serde(skip)]
    of_shard: Vec<bool>,
}

impl Checked {
    /// Tells whether a row is in the shard.
    pub fn holds(&self, row: u32) -> bool {
        is_held(&self.of_shard, row)
    }
}

fn is_held(of_shard: &[bool], row: u32) -> bool {
    let place = (row as usize).wrapping_sub(1);
    of_shard.get(place).copied().unwrap_or(true)
}

/// Reads the whole input, or finds everything that is wrong with it.
pub fn check(
    input: &Input,
    parser: &RowParser,
    shard: Shard,
    allow_duplicates: bool,
) -> Result<Checked, Ending> {
    let mut problems = Problems::default();
    let (mut fingerprints, mut of_shard) = (Vec::new(), Vec::new());
    let (mut touches, mut endings, mut reads) = (Vec::new(), Vec::new(), Vec::new());
    let mut doubts = Doubts::new();
    let mut pass = input.pass(parser)?;
    while let Some(read) = pass.next_row()? {
        match read {
            Ok(row) => {
                doubts.look_at(&row);
                if shard != Shard::WHOLE {
                    of_shard.push(shard.holds(row.identity()));
                }
                if row.action.is_read() {
                    reads.push(row.number);
                }
                if matches!(row.action, RowAction::Cancel | RowAction::Revoke) {
                    endings.push(row.number);
                }
                fingerprints.push(row.fingerprint);
                touches.extend(row.touches().map(|touch| Touch::new(row.number, touch)));
            }
            Err(wrong) => wrong.into_iter().for_each(|problem| problems.add(problem)),
        }
    }
    let (columns, digest) = (pass.columns().to_vec(), pass.finish()?);
    let (chains, repeated) = Chains::new(touches);
    if !repeated.is_empty() && !allow_duplicates {
        name_duplicates(input, parser, &repeated, &mut problems)?;
    }
    if problems.count > 0 {
        problems.first.sort_by_key(|problem| problem.line);
        return Err(problems.into());
    }
    let firsts = chains.first_rows();
    let is_first = |(row, first): &&(u32, u32)| row == first;
    for (row, first) in firsts.iter().filter(|_| shard != Shard::WHOLE) {
        of_shard[*row as usize - 1] = is_held(&of_shard, *first);
    }
    let count_held = |rows: &mut dyn Iterator<Item = u32>| {
        let held = rows.filter(|row| is_held(&of_shard, *row));
        count(held.count())
    };
    let rows = count(fingerprints.len());
    let in_shard = count_held(&mut (1..=rows));
    Ok(Checked {
        warnings: doubts.warnings(digest.has_open_end && input.shape.format == Format::Csv),
        digest,
        rows,
        in_shard,
        changes: in_shard - count_held(&mut reads.into_iter()),
        chain_count: count(firsts.iter().filter(is_first).count()),
        endings: count_held(&mut endings.into_iter()),
        chains,
        columns,
        fingerprints,
        of_shard,
    })
}

/// What is valid and may be a mistake.
struct Doubts {
    begun: Timestamp,
    /// Of each kind the first, and how many rows have it.
    found: Vec<(Problem, u64)>,
    last_line: Option<u64>,
}

impl Doubts {
    fn new() -> Self {
        Self {
            begun: Timestamp::now(),
            found: Vec::new(),
            last_line: None,
        }
    }

    fn look_at(&mut self, row: &InputRow) {
        self.last_line = Some(row.line);
        let id = (field::ENTITLEMENT_ID, row.entitlement_id.as_str());
        let in_body = |name| Some((name, row.body.get(name)?.as_str()?));
        let ids = BY_ID.into_iter().filter_map(in_body).chain([id]);
        for (name, text) in ids.filter(|(_, text)| NOTHING.contains(text)) {
            self.add(row.line, name, text, "may stand for nothing");
        }
        if let Some((name, date)) = in_body(field::DATE_EXPIRY)
            && value::moment(date).is_some_and(|date| date < self.begun)
        {
            self.add(row.line, name, date, "is past");
        }
        let reason = in_body(field::CANCEL_REASON_CATEGORY).zip(in_body(field::CANCEL_REASON_CODE));
        let reason =
            reason.filter(|((_, category), (_, code))| !value::is_listed_reason(category, code));
        let reason = reason.map(|((_, category), (_, code))| Reason {
            category: category.to_owned(),
            code: code.to_owned(),
        });
        if let Some(reason) = reason
            && let Some(listed) = reason.slip_of()
        {
            let why = format!("is no reason that Bango lists, did you mean {listed}?");
            let reason = reason.to_string();
            self.add(row.line, field::CANCEL_REASON_CODE, &reason, &why);
        }
    }

    fn add(&mut self, line: u64, name: &str, value: &str, why: &str) {
        let column = parser::find(name).map(|column| column.name);
        let is_it = |(known, _): &&mut (Problem, u64)| {
            (known.column.as_deref(), known.why.as_str()) == (column, why)
        };
        if let Some((_, count)) = self.found.iter_mut().find(is_it) {
            *count += 1;
        } else {
            let first = Problem::new(line, column, Some(value), why);
            self.found.push((first, 1));
        }
    }

    fn warnings(self, has_open_end: bool) -> Vec<Problem> {
        let why = match self.last_line {
            None => Some("there are no rows"),
            Some(_) => {
                has_open_end.then_some("the last row has no line end: was the file cut off?")
            }
        };
        let line = self.last_line.unwrap_or(1);
        let of_file = why.map(|why| Problem::new(line, None, None, why));
        let of_rows = self.found.into_iter().map(|(first, count)| match count {
            1 => first,
            _ => Problem {
                why: format!("{}; {count} rows are like that", first.why),
                ..first
            },
        });
        of_rows.chain(of_file).collect()
    }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// Reads the input once more, for the lines of its duplicates: only they are worth the memory.
fn name_duplicates(
    input: &Input,
    parser: &RowParser,
    repeated: &[Link],
    problems: &mut Problems,
) -> Result<(), Ending> {
    let mut originals: HashMap<u32, Option<(u64, Vec<_>)>> =
        repeated.iter().map(|(_, before)| (*before, None)).collect();
    let mut pass = input.pass(parser)?;
    while let Some(read) = pass.next_row()? {
        let Ok(row) = read else { continue };
        let first = repeated.partition_point(|(copy, _)| *copy < row.number);
        let of_row = repeated[first..].iter();
        for (_, before) in of_row.take_while(|(copy, _)| *copy == row.number) {
            if let Some(Some((line, touches))) = originals.get(before)
                && let Some(same) = row.touches().find(|touch| touches.contains(touch))
            {
                let is_by_id = row.touches().nth(1) == Some(same);
                problems.add(duplicate(&row, *line, is_by_id));
                break;
            }
        }
        if let Some(original) = originals.get_mut(&row.number) {
            *original = Some((row.line, row.touches().collect()));
        }
    }
    Ok(())
}

fn duplicate(row: &InputRow, line: u64, is_by_id: bool) -> Problem {
    let why = match (row.action, is_by_id) {
        (RowAction::Create, false) => {
            format!("the same create as on line {line}: user, merchant and product are equal")
        }
        (RowAction::Create, true) => {
            format!("a create with the same entitlement_id as on line {line}")
        }
        _ => format!("the same change of the same entitlement as on line {line}"),
    };
    let why = format!("{why} (--allow-duplicates sends both)");
    Problem::new(row.line, None, None, why)
}
