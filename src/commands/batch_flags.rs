//! The flags of `batch` about the input and the run, and what they become: the input, the shard, the journal's name.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::batch::{Format, Input, MaxFailures, Shard};
use crate::context::duration;
use crate::ending::Ending;

/// Standard input in the place of a file.
const STDIN: &str = "-";
/// Kubernetes sets it in each pod of an Indexed Job: 0 is the first.
pub const JOB_INDEX: &str = "JOB_COMPLETION_INDEX";

/// How the input is read.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct InputArgs {
    /// How the rows are written [default: by the file's name]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub format: Option<Format>,

    /// Send columns that this tool does not know as fields of the body
    #[arg(long)]
    pub extra_fields: bool,

    /// Send rows that ask for the same thing twice
    #[arg(long)]
    pub allow_duplicates: bool,

    /// Check all rows and send nothing
    #[arg(long)]
    pub check: bool,

    /// Take only the I-th of N equal shares of the rows; with N alone, I is `JOB_COMPLETION_INDEX` + 1
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
}

/// How the rows are sent.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct RunArgs {
    /// The record of the run, by which it continues [default: FILE.journal]
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,

    /// Send the rows again that were answered and did not succeed
    #[arg(long)]
    pub retry_failed: bool,

    /// Look a row up before it is repeated, if its answer has been missing for so long
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub reconcile_after: Duration,

    /// Requests under way at once, at most; fewer while the platform asks for it
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub concurrency: u32,

    /// Requests in a second, at most; shards share it
    #[arg(long, value_name = "N/s", value_parser = rate)]
    pub rate: Option<f64>,

    /// Stop when more rows fail: a number, or a share such as 5%
    #[arg(long, value_name = "N|N%")]
    pub max_failures: Option<MaxFailures>,

    /// Stop when the platform has taken no request for so long
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub give_up_after: Duration,

    /// Do not ask before rows that cancel or revoke are sent
    #[arg(long, short)]
    pub yes: bool,
}

fn format(text: &str) -> Result<Format, String> {
    [Format::Csv, Format::JsonLines]
        .into_iter()
        .find(|format| format.as_str() == text)
        .ok_or_else(|| "it must be csv or jsonl".to_owned())
}

/// Reads a rate such as `50`, `50/s` or `600/m`.
fn rate(text: &str) -> Result<f64, String> {
    let (number, divisor) = match text.rsplit_once('/') {
        Some((number, "s")) => (number, 1.0),
        Some((number, "m")) => (number, 60.0),
        Some(_) => ("", 1.0),
        None => (text, 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number / divisor),
        _ => Err("it must be a rate such as 50/s or 600/m".to_owned()),
    }
}

/// Which rows are this run's. In a pod of an Indexed Job it must be said how many there are: else each would send them all.
pub fn shard(given: Option<&str>, job_index: Option<&str>) -> Result<Shard, Ending> {
    let wrong = |why: String| Ending::usage(format!("--shard: {why}"));
    let index = job_index.and_then(|index| index.parse::<u32>().ok());
    match (given, index) {
        (None, None) => Ok(Shard::WHOLE),
        (None, Some(_)) => Err(Ending::usage(format!(
            "{JOB_INDEX} is set, so this is one of several runs, but --shard is missing"
        ))
        .next("say how many there are with --shard N; --shard 1/1 takes all rows")),
        (Some(text), _) if text.contains('/') => text.parse().map_err(wrong),
        (Some(count), Some(index)) => format!("{}/{count}", u64::from(index) + 1)
            .parse()
            .map_err(wrong),
        (Some(_), None) => Err(wrong(format!(
            "{JOB_INDEX} is not set, so it must be I/N, such as 2/4"
        ))),
    }
}

pub fn default_journal(file: &Path, shard: Shard) -> Result<PathBuf, Ending> {
    if file == Path::new(STDIN) {
        return Err(Ending::usage(
            "standard input has no name that a journal could have".to_owned(),
        )
        .next("name one with --journal FILE; to continue, pipe the same rows in again"));
    }
    let mut name = file.as_os_str().to_owned();
    if shard.count > 1 {
        name.push(format!(".{}-of-{}", shard.index, shard.count));
    }
    name.push(".journal");
    Ok(name.into())
}

pub fn open(file: &Path, journal: &Path, args: &InputArgs) -> anyhow::Result<Input> {
    let is_stdin = file == Path::new(STDIN);
    let Some(format) = args.format.or_else(|| Format::of_name(file)) else {
        let (what, ends) = if is_stdin {
            ("standard input", "has no name")
        } else {
            ("the input", "is named neither .csv nor .jsonl")
        };
        return Err(
            Ending::usage(format!("{what} {ends}, so its format is not known"))
                .next("give --format csv or --format jsonl")
                .into(),
        );
    };
    if is_stdin {
        let folder = journal
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        return Ok(Input::keep(
            io::stdin().lock(),
            folder,
            format,
            args.extra_fields,
        )?);
    }
    Ok(Input::open(file, format, args.extra_fields)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_of_an_indexed_job_needs_only_the_number_of_shards() {
        assert_eq!(shard(Some("4"), Some("0")).unwrap(), "1/4".parse().unwrap());
        assert_eq!(
            shard(Some("2/4"), Some("3")).unwrap(),
            "2/4".parse().unwrap()
        );
        assert_eq!(shard(None, None).unwrap(), Shard::WHOLE);
        for (given, index) in [
            (None, Some("0")),
            (Some("4"), None),
            (Some("4"), Some("4")),
            (Some("0/4"), None),
        ] {
            assert!(shard(given, index).is_err(), "{given:?} {index:?}");
        }
    }

    #[test]
    fn rates_are_numbers_in_a_second_or_a_minute() {
        assert_eq!(rate("50"), Ok(50.0));
        assert_eq!(rate("0.5/s"), Ok(0.5));
        assert_eq!(rate("600/m"), Ok(10.0));
        for bad in ["", "0", "-1", "x/s", "5/h", "inf", "NaN"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
