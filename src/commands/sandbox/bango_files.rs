//! `sandbox report` and `sandbox correlate`: the files that Bango would write of what a running sandbox holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::control::{Target, find};
use crate::commands::reconcile_files::{ANSWER, ScopeArgs};
use crate::context::Context;
use crate::ending::Ending;
use crate::exchange::compare::Comparison;
use crate::exchange::difference::{Difference, Verdict};
use crate::exchange::entitlement::FileKind;
use crate::exchange::report;
use crate::exchange::report_name::{Content, ReportName};
use crate::exchange::{Field, Listing, Period, Records, Scope, values};
use crate::files::private::is_same_path;
use crate::files::replace;
use crate::report::Report;
use crate::sandbox::RunningSandbox;
use crate::tables::{CsvWriter, Source};
use crate::terminal::{Shown, counted};

#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// Which report
    #[arg(value_name = "KIND", ignore_case = true)]
    kind: Content,

    /// The day, the month, or the week from Monday to Sunday as FIRST..LAST [default: the present day of the sandbox's clock]
    #[arg(long, value_parser = Period::parse)]
    period: Option<Period>,

    /// Write below this folder, a file for each merchant; - is standard output, with all merchants in one
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    to: PathBuf,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub struct CorrelateArgs {
    /// The correlation file; its name tells the period
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    scope: ScopeArgs,

    /// Write the answer to this file; - is standard output
    #[arg(long, value_name = "ANSWER", default_value = "-")]
    to: PathBuf,

    #[command(flatten)]
    target: Target,
}

/// Writes the reports of a period.
pub fn report(cx: &Context, args: &ReportArgs) -> Result<Report, Ending> {
    let sandbox = find(cx, &args.target)?;
    let period = match args.period {
        Some(period) => period,
        None => today(&sandbox)?,
    };
    let name = ReportName::about(args.kind, period);
    let name = name.ok_or_else(|| {
        let why = "there are reports of a day, of a month and of a week from Monday to Sunday";
        Ending::usage(why)
    })?;
    let mut rows: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for one in entitlements(&sandbox)? {
        let merchant = text(&one["shown"], Field::Merchant).to_owned();
        let rows = rows.entry(merchant).or_default();
        rows.extend(reported(&one, args.kind, period));
    }
    if args.to.as_os_str() == "-" {
        let all: Vec<_> = rows.into_values().flatten().collect();
        return write(cx, &args.to, &csv(&all)?).map(|()| Report::default());
    }
    if cx.is_dry_run() {
        return Ok(Report::dry_run("written", []));
    }
    let is_unusable =
        |name: &&String| name.contains(['/', '\\']) || matches!(name.as_str(), "" | "." | "..");
    if let Some(merchant) = rows.keys().find(is_unusable) {
        let why = format!("the merchant {merchant:?} cannot be the name of a folder");
        return Err(Ending::usage(why).next("give --to -"));
    }
    let (mut files, mut remarks) = (Vec::new(), Vec::new());
    for (merchant, rows) in &rows {
        let path = args.to.join(name.place(merchant));
        write(cx, &path, &csv(rows)?)?;
        let (name, count) = (path.to_string_lossy(), rows.len());
        files.push(json!({"file": name, "rows": count}));
        remarks.push(format!("{name} holds {}", counted(count as u64, "row")));
    }
    if remarks.is_empty() {
        remarks.push("the sandbox has no entitlements: nothing was written".to_owned());
    }
    let shown = Shown {
        document: json!({"files": files}),
        blocks: Vec::new(),
    };
    Ok(Report {
        remarks,
        ..Report::new(shown)
    })
}

/// Answers a correlation file.
pub fn correlate(cx: &Context, args: &CorrelateArgs) -> Result<Report, Ending> {
    if is_same_path(&args.to, &args.file) {
        return Err(Ending::usage(
            "the answer cannot be written over the file itself",
        ));
    }
    let source = Source::open(&args.file)?;
    let mut scope = args.scope.to_scope();
    scope.period = scope.period.or_else(|| Period::of_correlation(&args.file));
    let (verdicts, extras) = differences(&find(cx, &args.target)?, &source, &scope)?;
    let mut out = CsvWriter::new(Vec::new(), true, &ANSWER).map_err(Ending::machine)?;
    let mut results: BTreeMap<&str, u64> = BTreeMap::new();
    let mut add = |(id, external): (String, String), verdict: Verdict| {
        *results.entry(verdict.as_str()).or_default() += 1;
        out.add([id.as_str(), &external, verdict.as_str()])
            .map_err(Ending::machine)
    };
    let mut listing = Listing::new(vec![correlation(&source)?], &Scope::default())?;
    while let Some(rows) = listing.next_rows()? {
        for (_, row) in rows {
            let ids =
                [Field::EntitlementId, Field::ExternalId].map(|field| row.text(field).to_owned());
            let verdict = verdicts.get(&ids).copied().unwrap_or(Verdict::Matches);
            let [id, external] = ids;
            add((id, external), verdict)?;
        }
    }
    for extra in extras {
        let external = extra.text(Field::ExternalId).to_owned();
        add(
            (extra.entitlement_id().to_owned(), external),
            Verdict::Extra,
        )?;
    }
    let answer = out.finish().map_err(Ending::machine)?;
    if args.to.as_os_str() == "-" {
        return write(cx, &args.to, &answer).map(|()| Report::default());
    }
    if cx.is_dry_run() {
        return Ok(Report::dry_run("written", []));
    }
    write(cx, &args.to, &answer)?;
    let name = args.to.to_string_lossy();
    let remark = format!(
        "{name} answers {}",
        counted(results.values().sum(), "entitlement")
    );
    Ok(Report::told(
        json!({"file": name, "results": results}),
        remark,
    ))
}

/// What is not as the file says, by its two ids; and what the file should have had.
type Differences = (HashMap<[String; 2], Verdict>, Vec<Difference>);

fn differences(
    sandbox: &RunningSandbox,
    source: &Source,
    scope: &Scope,
) -> Result<Differences, Ending> {
    let mut merchants = BTreeSet::new();
    let mut records = correlation(source)?;
    while let Some(record) = records.next_record()? {
        let merchant = record.text(Field::Merchant).into_owned();
        merchants.extend(Some(merchant).filter(|merchant| !merchant.is_empty()));
    }
    let held = entitlements(sandbox)?;
    let held: Vec<_> = held.iter().map(|one| members(&one["shown"])).collect();
    let held = lines(&held)?;
    let bango = match &held {
        Some(held) => vec![Records::open(held, &[])?],
        None => Vec::new(),
    };
    let ours = vec![correlation(source)?];
    let mut comparison = Comparison::new(ours, bango, &[None], &Scope::default())?;
    let (mut verdicts, mut extras) = (HashMap::new(), Vec::new());
    while let Some(differences) = comparison.next_differences()? {
        for difference in differences {
            let Some(ours) = &difference.ours else {
                let merchant = difference.text(Field::Merchant);
                let is_of_these = merchants.is_empty() || merchants.contains(merchant);
                if is_of_these && is_expected(&difference, scope) {
                    extras.push(difference);
                }
                continue;
            };
            let ids =
                [Field::EntitlementId, Field::ExternalId].map(|field| ours.text(field).to_owned());
            verdicts.insert(ids, difference.verdict);
        }
    }
    Ok((verdicts, extras))
}

/// Whether a correlation file of the period names what is as this one.
fn is_expected(extra: &Difference, scope: &Scope) -> bool {
    let updated = values::date(extra.text(Field::LastUpdated));
    let status = values::status(extra.text(Field::Status));
    scope.holds(status, updated.ok().flatten().unwrap_or_default())
}

fn correlation(source: &Source) -> Result<Records<'_>, Ending> {
    let records = Records::open(source, &[])?;
    match records.kind {
        FileKind::Correlation => Ok(records),
        kind => Err(source.wrong(format!("is {}, not a correlation file", kind.name()))),
    }
}

fn today(sandbox: &RunningSandbox) -> Result<Period, Ending> {
    let clock = sandbox.get("/_sandbox/clock")?;
    let day = clock["now"].as_str().and_then(|now| now.get(..10));
    Period::parse(day.unwrap_or_default()).map_err(Ending::usage)
}

/// Every entitlement of a running sandbox, as it keeps it.
fn entitlements(sandbox: &RunningSandbox) -> Result<Vec<Value>, Ending> {
    let mut state = sandbox.get("/_sandbox/state")?;
    let Value::Array(entities) = state["entities"].take() else {
        return Ok(Vec::new());
    };
    let kept = entities.into_iter().filter_map(|mut entity| {
        let one = entity.get_mut(1)?.get_mut("entitlement")?.take();
        Some(one)
    });
    Ok(kept.collect())
}

fn text(row: &Value, field: Field) -> &str {
    row[field.name()].as_str().unwrap_or_default()
}

/// The members that files have; others may be named as the reseller likes.
fn members(shown: &Value) -> Value {
    let members = Field::ALL.into_iter().filter_map(|field| {
        let value = shown.get(field.name())?;
        Some((field.name().to_owned(), value.clone()))
    });
    Value::Object(members.collect::<Map<_, _>>())
}

/// What a report says of an entitlement.
fn reported(one: &Value, kind: Content, period: Period) -> Vec<Value> {
    let events = events(one);
    let (first, next) = (period.first.to_string(), period.next.to_string());
    let before = |day: &str| events.partition_point(|row| text(row, Field::LastUpdated) < day);
    let (start, end) = (before(&first), before(&next));
    let last = events[..end].last();
    let status = |at: usize| text(&events[at], Field::Status);
    let is_changed = |at: usize| match at.checked_sub(1) {
        Some(previous) => status(previous) != status(at),
        None => text(&events[at], Field::Created) == text(&events[at], Field::LastUpdated),
    };
    let row = match kind {
        Content::Events => return events[start..end].to_vec(),
        Content::Active => last.filter(|row| text(row, Field::Status).starts_with("ACTIVE")),
        Content::Changes => last.filter(|_| (start..end).any(is_changed)),
    };
    row.cloned().into_iter().collect()
}

/// The entitlement as it was after each event, oldest first. What happened at one moment is one event.
fn events(one: &Value) -> Vec<Value> {
    let history = one["history"].as_array().map_or(&[][..], Vec::as_slice);
    let moments: Vec<_> = history.chunk_by(|a, b| a["at"] == b["at"]).collect();
    let count = moments.len();
    let (mut product, mut customer) = (&Value::Null, &Value::Null);
    let rows = moments.into_iter().enumerate().map(|(index, moment)| {
        let mut row = members(&one["shown"]);
        for entry in moment {
            product = entry.get("product").unwrap_or(product);
            customer = entry.get("customer").unwrap_or(customer);
        }
        if index + 1 < count {
            turn_back(&mut row, &moment[moment.len() - 1]);
            for (field, then) in [(Field::Product, product), (Field::Customer, customer)] {
                // Earlier versions kept neither.
                if !then.is_null() {
                    row[field.name()] = then.clone();
                }
            }
        }
        row
    });
    rows.collect()
}

/// Gives a row the status and the dates that it had then.
fn turn_back(row: &mut Value, entry: &Value) {
    if let Some(status) = entry.get("status") {
        row[Field::Status.name()] = status.clone();
    }
    let at = entry["at"].as_str().unwrap_or_default();
    row[Field::LastUpdated.name()] = at.into();
    for field in [Field::Activated, Field::Suspended, Field::Resumed] {
        if text(row, field) > at {
            row[field.name()] = Value::Null;
        }
    }
    if matches!(text(row, Field::Status), "PENDING" | "ACTIVE" | "SUSPENDED") {
        row[Field::Ended.name()] = Value::Null;
    }
}

/// Rows as a file of JSON lines; nothing if there are none.
fn lines(rows: &[Value]) -> Result<Option<Source>, Ending> {
    if rows.is_empty() {
        return Ok(None);
    }
    let mut lines = String::new();
    for row in rows {
        lines += &row.to_string();
        lines.push('\n');
    }
    Source::keep(lines.as_bytes(), &std::env::temp_dir()).map(Some)
}

fn csv(rows: &[Value]) -> Result<Vec<u8>, Ending> {
    let header = report::header();
    let mut writer = CsvWriter::new(Vec::new(), true, &header).map_err(Ending::machine)?;
    if let Some(source) = lines(rows)? {
        let mut records = Records::open(&source, &[])?;
        while let Some(record) = records.next_record()? {
            writer
                .add(report::cells(&record))
                .map_err(Ending::machine)?;
        }
    }
    writer.finish().map_err(Ending::machine)
}

/// Puts a whole file in its place, or on standard output.
fn write(cx: &Context, path: &Path, bytes: &[u8]) -> Result<(), Ending> {
    let written = if path.as_os_str() == "-" {
        cx.terminal.print(&String::from_utf8_lossy(bytes))
    } else {
        replace(path, bytes).map(drop)
    };
    match written {
        // Whoever reads may leave.
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|e| Ending::unwritable(path.display(), e)),
    }
}
