//! `reconcile write`: the correlation file of a period, as Bango reads it, with its name and place. Offline.

use std::path::PathBuf;

use serde_json::json;

use super::fields;
use super::reconcile_files::{MapArgs, OutFile, ScopeArgs, open, records};
use crate::context::Context;
use crate::ending::Ending;
use crate::exchange::correlation;
use crate::exchange::{Field, Listing, Period};
use crate::report::Report;
use crate::tables::CsvWriter;
use crate::terminal::{Block, Cell, Shown, counted};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file is written to FOLDER/CorrelationReports/MERCHANT/Input/, as it lies in the bucket; bring it there by 04:00 UTC on the day \
    after the period:\n  aws s3 cp --recursive CorrelationReports s3://BUCKET/CorrelationReports\n\n\
    Examples:\n  bango-ent reconcile write ours.csv --period 2026-11-24 --merchant BANGO\n  \
    bango-ent reconcile write db.csv --map state=status --period 2026-11 --merchant BANGO"
)]
pub struct Args {
    /// Our records; - is standard input
    #[arg(value_name = "OURS")]
    ours: PathBuf,

    #[command(flatten)]
    map: MapArgs,

    /// The day, month or FIRST..LAST that the file is about
    #[arg(long, value_parser = Period::parse)]
    period: Period,

    /// The merchant (merchantAccountKey): rows of others are left out
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    merchant: String,

    /// Write only what changed in the period, not all that is active too
    #[arg(long)]
    events_only: bool,

    /// Write below this folder
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    to: PathBuf,

    /// Write UTF-8 instead of Windows-1252
    #[arg(long)]
    utf_8: bool,
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    if args.merchant.contains(['/', '\\']) {
        let why = "the merchant is a folder in the bucket: it can hold no slash";
        return Err(Ending::usage(why));
    }
    // Bango's names have one day and the day after it for that day alone.
    if Period::of_correlation(args.period.file_name().as_ref()) != Some(args.period) {
        let why = "the name of a file cannot tell two days from the first of them: give one day, or more than two";
        return Err(Ending::usage(why));
    }
    let path = args
        .to
        .join(correlation::place(&args.merchant, args.period));
    let sources = open(&[&args.ours])?;
    let ours = records(&sources, &args.map.columns, false)?;
    let scope = ScopeArgs {
        period: Some(args.period),
        events_only: args.events_only,
    };
    let mut listing = Listing::new(ours, &scope.to_scope())?;
    let (outside, replaced) = (listing.summary.not_judged, listing.summary.replaced_ours);
    let table = |file| CsvWriter::for_bango(file, &correlation::header());
    let mut file = OutFile::begin(&path, table)?;
    let (mut written, mut of_others, mut other) = (0_u64, 0_u64, None);
    while let Some(rows) = listing.next_rows()? {
        for (index, row) in rows {
            let merchant = row.text(Field::Merchant);
            if !merchant.is_empty() && merchant != args.merchant {
                of_others += 1;
                other.get_or_insert_with(|| merchant.to_owned());
                continue;
            }
            let cells = correlation::cells(&row, &args.merchant, args.utf_8);
            file.add(cells.map_err(|(field, why)| listing.wrong(index, field, why))?)?;
            written += 1;
        }
    }
    let name = file.finish()?;
    warn_of_none(cx, &args.merchant, other.filter(|_| written == 0));
    let shown = shown(&name, [written, of_others, outside, replaced]);
    let what = counted(written, "entitlement");
    Ok(Report::new(shown).remark(format!("{what} written; nothing was sent")))
}

fn shown(name: &str, [written, of_others, outside, replaced]: [u64; 4]) -> Shown {
    let document = json!({
        "file": name,
        "entitlements": written,
        "ofOtherMerchants": of_others,
        "outsideOfPeriod": outside,
        "replaced": replaced,
    });
    let record = Block::record([
        ("File", Cell::plain(name)),
        ("Entitlements", Cell::number(written)),
        ("Of other merchants", Cell::number(of_others)),
        ("Outside the period", Cell::number(outside)),
        ("Replaced by later rows", Cell::number(replaced)),
    ]);
    Shown::new(document, [record])
}

/// Says that no entitlement is of the merchant, with another one that ours has.
fn warn_of_none(cx: &Context, wanted: &str, other: Option<String>) {
    if let Some(other) = other {
        cx.terminal.warn(&format!(
            "there is no entitlement of {wanted}, and the file has no row; ours has {other}, for one"
        ));
    }
}
