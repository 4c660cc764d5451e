//! What `reconcile` shows of the differences, and how it ends.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::reconcile_files::{MOST_SHOWN, WrittenFiles};
use crate::context::Context;
use crate::ending::{Code, Ending};
use crate::exchange::difference::{Difference, Totals, Verdict};
use crate::exchange::{Field, OwnedRecord};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone, by_number, counted};

const SHOWN_TO_A_PERSON: usize = 50;
/// Reasons that are listed why Bango's side is not known.
const SHOWN_UNKNOWN: usize = 10;

pub fn report(
    cx: &Context,
    summary: Totals,
    shown: Vec<Difference>,
    files: WrittenFiles,
) -> Report {
    let is_for_person = cx.terminal.stdout.is_terminal && !cx.terminal.is_json();
    let listed = if is_for_person {
        SHOWN_TO_A_PERSON
    } else {
        MOST_SHOWN
    };
    let all = summary.differing() + summary.count(Verdict::Unknown);
    let mut remarks = remarks(&summary);
    let result = Findings {
        summary,
        shown: shown.into_iter().take(listed).collect(),
        files,
    };
    let left = all - result.shown.len() as u64;
    if left > 0 {
        remarks.push(format!(
            "{left} more {} not shown; --results FILE takes all",
            by_number(left, "difference is", "differences are")
        ));
    }
    let ending = ending(&result);
    let sides = &result.summary;
    if sides.results.is_empty() && sides.ours + sides.bango > 0 {
        cx.terminal.warn(
            "nothing was compared, so nothing is known to agree: are these the files of one merchant and one day? A report of \
             active entitlements (AR) has no PENDING or SUSPENDED ones",
        );
    }
    // Only one of the two is needed, and both may be long.
    let shown = if cx.terminal.is_json() {
        Shown::new(result.document(), [])
    } else {
        Shown::new((), result.blocks())
    };
    Report {
        is_beside: true,
        ending,
        remarks,
        ..Report::new(shown)
    }
}

/// How it ends, unless both sides are known to agree.
fn ending(result: &Findings) -> Option<Ending> {
    let (differing, files) = (result.summary.differing(), &result.files);
    let unknown = result.summary.count(Verdict::Unknown);
    if differing + unknown == 0 {
        return None;
    }
    let what = counted(differing, "entitlement");
    let differ = format!("{what} {}", by_number(differing, "differs", "differ"));
    let of_unknown = format!(
        "of {} it is not known what Bango has",
        counted(unknown, "entitlement")
    );
    let message = match (differing, unknown) {
        (0, _) => of_unknown,
        (_, 0) => differ,
        _ => format!("{differ}, and {of_unknown}"),
    };
    let name = if differing > 0 {
        "DIFFERENCES"
    } else {
        "INCOMPLETE"
    };
    let unknown_ones = result.shown.iter().filter(|one| !one.why.is_empty());
    let point = |one: &Difference| format!("{}: {}", one.entitlement_id(), one.why);
    let ending = Ending {
        name: name.into(),
        retryable: result.summary.is_asked_again,
        points: unknown_ones.take(SHOWN_UNKNOWN).map(point).collect(),
        ..Ending::new(Code::BatchIncomplete, message)
    };
    Some(match &files.fix {
        Some(file) if files.fix_rows > 0 => ending.run(
            "look at the file that brings Bango to our state; this checks it and sends nothing",
            ["batch", file, "--check"],
        ),
        _ if result.summary.is_asked_again => {
            ending.next("the same command asks again about those that were not answered")
        }
        _ if differing == 0 => {
            ending.next("correct those records: as they stand the answer would be the same")
        }
        Some(_) => ending.next(
            "no request would remove a difference; the lines \"no request for\" say why, and a report says more than an answer",
        ),
        None => ending.next(
            "--fix FILE writes what would bring Bango to our state, --fix-ours FILE what would bring ours to Bango's",
        ),
    })
}

/// What did not count, and what was not compared.
fn remarks(summary: &Totals) -> Vec<String> {
    let mut remarks = Vec::new();
    for name in &summary.not_compared {
        remarks.push(format!("{name} is not compared: not every file has it"));
    }
    for (count, noun, why) in [
        (
            summary.replaced_ours,
            "row",
            "of ours did not count: the entitlement stands there again, later",
        ),
        (
            summary.not_done,
            "row",
            "of the batch did not count: Bango has not done it",
        ),
        (
            summary.not_judged,
            "entitlement",
            if summary.asked_since.is_some() {
                "of ours did not count: outside the period"
            } else {
                "of ours did not count: not expected in Bango's files"
            },
        ),
    ] {
        if count > 0 {
            remarks.push(format!("{} {why}", counted(count, noun)));
        }
    }
    remarks
}

struct Findings {
    summary: Totals,
    shown: Vec<Difference>,
    files: WrittenFiles,
}

impl Findings {
    fn document(&self) -> Value {
        let differences: Vec<_> = self.shown.iter().map(one).collect();
        let mut shown = json!(self.summary);
        shown["differences"] = differences.into();
        shown["differenceCount"] = self.summary.differing().into();
        shown["files"] = json!(self.files);
        shown
    }

    fn blocks(&self) -> Vec<Block> {
        let summary = &self.summary;
        let by_result = |(name, number): (&&'static str, &u64)| [toned(name), Cell::number(number)];
        let mut by_product = Vec::new();
        for (product, results) in &summary.products {
            for (name, number) in results {
                by_product.push([Cell::plain(product), toned(name), Cell::number(number)]);
            }
        }
        let since = summary.asked_since.map(|since| {
            let asked = Cell::time(since.to_string(), Timestamp::now());
            ("Asked since", asked)
        });
        let sides = [
            ("Ours", Cell::number(summary.ours)),
            ("Bango's", Cell::number(summary.bango)),
        ];
        let mut blocks = vec![
            Block::record(sides.into_iter().chain(since)),
            Block::Blank,
            Block::table(
                ["Result", "Entitlements"],
                summary.results.iter().map(by_result),
            ),
            Block::Blank,
            Block::table(["Product", "Result", "Entitlements"], by_product),
        ];
        if !self.shown.is_empty() {
            let heading = ["Entitlement", "External id", "Result", "Ours", "Bango's"];
            blocks.push(Block::Heading("Differences"));
            blocks.push(Block::table(heading, self.shown.iter().map(line)));
        }
        for (why, number) in &self.files.not_fixable {
            let what = counted(*number, "entitlement");
            blocks.push(Block::Line(format!("no request for {what}: {why}")));
        }
        blocks
    }
}

fn toned(name: &'static str) -> Cell {
    let is_fine = name == Verdict::Matches.as_str();
    Cell::toned(name, if is_fine { Tone::Good } else { Tone::Bad })
}

/// The fields that tell a person what differs: those that do, or what the one side has.
fn told(difference: &Difference) -> Vec<Field> {
    if difference.fields.is_empty() {
        vec![Field::Customer, Field::Product, Field::Status]
    } else {
        difference.fields.clone()
    }
}

fn line(difference: &Difference) -> [Cell; 5] {
    let of = |row: &Option<OwnedRecord>| {
        let fields = told(difference).into_iter();
        let texts = fields.filter_map(|field| Some(row.as_ref()?.text(field)));
        let texts: Vec<_> = texts.collect();
        let is_known = texts.iter().any(|text| !text.is_empty());
        Cell::optional(is_known.then(|| texts.join(", ")))
    };
    [
        Cell::plain(difference.entitlement_id()),
        Cell::plain(difference.text(Field::ExternalId)),
        Cell::plain(difference.verdict.as_str()),
        of(&difference.ours),
        of(&difference.bango),
    ]
}

fn one(difference: &Difference) -> Value {
    let side = |row: &Option<OwnedRecord>| {
        row.as_ref().map(|row| {
            let given = Field::ALL
                .into_iter()
                .filter(|field| !row.text(*field).is_empty());
            let given = given.map(|field| (field.name().to_owned(), row.text(field).into()));
            given.collect::<Map<_, _>>()
        })
    };
    let fields: Vec<_> = difference.fields.iter().map(|field| field.name()).collect();
    let mut one = json!({
        "entitlementId": difference.entitlement_id(),
        "externalEntitlementId": difference.text(Field::ExternalId),
        "correlationResult": difference.verdict.as_str(),
        "differs": fields,
        "ours": side(&difference.ours),
        "bango": side(&difference.bango),
    });
    if !difference.why.is_empty() {
        one["message"] = difference.why.clone().into();
    }
    one
}
