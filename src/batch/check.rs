//! The first pass: reads every row, finds everything that is wrong, and remembers just enough to know the rows again.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use super::input::{Digest, Input};
use super::parser::RowParser;
use super::row::{InputRow, Problem, Problems, RowAction, RowSource, Shard};
use crate::ending::Ending;

/// An input in which every row is valid.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    pub rows: u32,
    pub in_shard: u32,
    #[serde(flatten)]
    pub digest: Digest,
    /// How many rows of the shard end an entitlement.
    #[serde(skip)]
    pub endings: u32,
    /// One of each row, to notice if the second pass reads something else.
    #[serde(skip)]
    pub fingerprints: Vec<u32>,
}

/// A fingerprint by which a row is known again within this process.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a part of the hash will do"
)]
pub fn fingerprint(source: &RowSource) -> u32 {
    let mut hasher = DefaultHasher::new();
    source.hash(&mut hasher);
    hasher.finish() as u32
}

/// Reads the whole input, or finds everything that is wrong with it.
pub fn check(
    input: &Input,
    parser: &RowParser,
    shard: Shard,
    allow_duplicates: bool,
) -> Result<Checked, Ending> {
    let mut problems = Problems::default();
    let (mut fingerprints, mut identities) = (Vec::new(), Vec::new());
    let (mut in_shard, mut endings) = (0, 0);
    let mut pass = input.pass(parser)?;
    while let Some(read) = pass.next_row()? {
        match read {
            Ok(row) => {
                if shard.holds(row.identity()) {
                    in_shard += 1;
                    endings +=
                        u32::from(matches!(row.action, RowAction::Cancel | RowAction::Revoke));
                }
                fingerprints.push(fingerprint(&row.source));
                if !allow_duplicates {
                    identities.extend(row.identities());
                }
            }
            Err(wrong) => wrong.into_iter().for_each(|problem| problems.add(problem)),
        }
    }
    let digest = pass.finish()?;
    let repeated = repeated(identities);
    if !repeated.is_empty() {
        name_duplicates(input, parser, repeated, &mut problems)?;
    }
    if problems.count > 0 {
        problems.first.sort_by_key(|problem| problem.line);
        return Err(problems.into());
    }
    Ok(Checked {
        digest,
        rows: u32::try_from(fingerprints.len()).unwrap_or(u32::MAX),
        in_shard,
        endings,
        fingerprints,
    })
}

/// The identities that occur more than once.
fn repeated(mut identities: Vec<u128>) -> Vec<u128> {
    identities.sort_unstable();
    let twice = identities.windows(2).filter(|pair| pair[0] == pair[1]);
    let mut repeated: Vec<_> = twice.map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}

/// Reads the input once more, for the lines of its duplicates: only they are worth the memory.
fn name_duplicates(
    input: &Input,
    parser: &RowParser,
    repeated: Vec<u128>,
    problems: &mut Problems,
) -> Result<(), Ending> {
    let mut lines: HashMap<u128, Option<u64>> =
        repeated.into_iter().map(|key| (key, None)).collect();
    let mut pass = input.pass(parser)?;
    while let Some(read) = pass.next_row()? {
        let Ok(row) = read else { continue };
        for (is_second, identity) in [false, true].into_iter().zip(row.identities()) {
            match lines.get_mut(&identity) {
                Some(first @ None) => *first = Some(row.line),
                Some(Some(line)) => problems.add(duplicate(&row, *line, is_second)),
                None => {}
            }
        }
    }
    Ok(())
}

fn duplicate(row: &InputRow, first: u64, is_by_id: bool) -> Problem {
    let why = if row.action == RowAction::Create && !is_by_id {
        format!(
            "the same create as on line {first}: user, merchant and product are equal (--allow-duplicates sends both)"
        )
    } else {
        format!(
            "a change of the same entitlement as on line {first}, and rows are sent in any order: put it into a batch of its own, after this one (--allow-duplicates sends both)"
        )
    };
    Problem::new(row.line, None, None, why)
}
