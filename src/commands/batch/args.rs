//! The flags of a batch: what the rows are, and what fills their gaps.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::api::value;
use crate::batch::{
    DEFAULTS_OF_PROFILE, Fallback, Format, Input, RowAction, RowParser, Shape, Shard, find_column,
};
use crate::context::asked;
use crate::ending::Ending;
use crate::exchange::batch_file::BatchFileKind;
use crate::profile::{Environment, Settings};
use crate::tables::Encoding;
use crate::terminal;

/// Standard input or output in the place of a file.
pub const STREAM: &str = "-";
/// Kubernetes sets it in each pod of an Indexed Job: 0 is the first.
const JOB_INDEX: &str = "JOB_COMPLETION_INDEX";

// How the input is read.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct ReadArgs {
    /// How the rows are written: csv, jsonl, or bango for one of Bango's batch files [default: by the file's name]
    #[arg(long, value_name = "FORMAT", value_parser = InputFormat::parse)]
    format: Option<InputFormat>,

    /// What a CSV file is in: utf-8 or windows-1252 [default: UTF-8 if all of it is]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<Encoding>,

    /// Send columns that this tool does not know as fields of the body
    #[arg(long)]
    extra_fields: bool,

    /// Take rows that ask for the same thing twice
    #[arg(long)]
    pub allow_duplicates: bool,
}

// Which rows are sent.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct InputArgs {
    #[command(flatten)]
    pub read: ReadArgs,

    /// Check all rows and send nothing
    #[arg(long)]
    pub check: bool,

    /// Take only the I-th of N equal shares of the rows; with N alone, I is `JOB_COMPLETION_INDEX` + 1
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,
}

// What fills the columns that a row leaves empty.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct DefaultArgs {
    /// What a row asks for that does not say
    #[arg(long, default_value = "create", value_parser = RowAction::parse)]
    action: RowAction,

    /// The merchant, where a row names none [default: the profile's]
    #[arg(long, value_name = "KEY", value_parser = value::id)]
    merchant: Option<String>,

    /// The product, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "KEY", value_parser = value::id)]
    product: Option<String>,

    /// The offer, where a row names none
    #[arg(long, value_name = "KEY", value_parser = value::id)]
    offer: Option<String>,

    /// The URL for notifications, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "URL", value_parser = value::notification_url)]
    notification_url: Option<String>,

    /// When the entitlement ends, where a row does not say
    #[arg(long, value_name = "DATE", value_parser = value::expiry)]
    expires: Option<String>,

    /// Why, for cancel and revoke, where a row does not say
    #[arg(long, value_name = "CATEGORY/CODE")]
    reason: Option<String>,

    /// Why, in your own words, where a row does not say
    #[arg(long, value_name = "TEXT", value_parser = value::id)]
    description: Option<String>,
}

/// What an input is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InputFormat {
    Rows(Format),
    /// One of Bango's batch files.
    Bango,
}

impl InputFormat {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text == "bango" {
            return Ok(Self::Bango);
        }
        let why = |_| "it must be csv, jsonl or bango";
        Format::parse(text).map(Self::Rows).map_err(why)
    }
}

fn encoding(text: &str) -> Result<Encoding, &'static str> {
    let encodings = [
        ("utf-8", Encoding::Utf8),
        ("windows-1252", Encoding::Windows1252),
    ];
    let is_it = |(name, _): &(&str, Encoding)| name.eq_ignore_ascii_case(text);
    let found = encodings.into_iter().find(is_it);
    found
        .map(|(_, encoding)| encoding)
        .ok_or("it must be utf-8 or windows-1252")
}

/// The format of a file by its name, compressed or not.
fn format_of(file: &Path) -> Option<Format> {
    let is_gzip = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    Format::of_name(&if is_gzip {
        file.with_extension("")
    } else {
        file.to_owned()
    })
}

impl InputArgs {
    /// Which rows are this run's.
    pub fn shard(&self) -> Result<Shard, Ending> {
        shard(
            self.shard.as_deref(),
            env::var(JOB_INDEX)
                .ok()
                .and_then(|index| index.parse().ok()),
        )
    }
}

impl ReadArgs {
    /// Opens the input; a stream is kept in this folder.
    pub fn open(&self, file: &Path, folder: &Path) -> Result<Input, Ending> {
        let is_stream = file == Path::new(STREAM);
        let format = match self.format {
            Some(InputFormat::Rows(format)) => Some(format),
            Some(InputFormat::Bango) => Some(Format::Csv),
            None => format_of(file),
        };
        let Some(format) = format else {
            let why = if is_stream {
                "standard input has no name, so its format is not known"
            } else {
                "the input is named neither .csv nor .jsonl, so its format is not known"
            };
            return Err(Ending::usage(why).next("give --format csv or --format jsonl"));
        };
        let shape = Shape {
            format,
            extra_fields: self.extra_fields,
            encoding: self.encoding,
        };
        if !is_stream {
            return Input::open(file, shape);
        }
        let folder = folder.to_owned();
        // Whoever writes it may take a long time.
        let keep = move || Input::keep(io::stdin(), &folder, shape);
        asked(terminal::unless_interrupted(keep))?
    }
}

impl ReadArgs {
    /// Which kind of Bango's batch files the input is, if it is one; it must be if `--format bango` says so.
    pub fn kind(&self, input: &Input, parser: &RowParser) -> Result<Option<BatchFileKind>, Ending> {
        match BatchFileKind::of_header(input.pass(parser)?.columns()) {
            Ok(kind) => Ok(Some(kind)),
            Err(why) if self.format == Some(InputFormat::Bango) => {
                let name = input.path.display();
                let why = format!("{name} is none of Bango's batch files: it {why}");
                Err(Ending::usage(why).next("without --format bango it is read as any CSV file"))
            }
            Err(_) => Ok(None),
        }
    }
}

/// In a pod of an Indexed Job it must be said how many there are: else each would send all rows.
fn shard(given: Option<&str>, job_index: Option<u32>) -> Result<Shard, Ending> {
    let wrong = |why: String| Ending::usage(format!("--shard: {why}"));
    match (given, job_index) {
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
    let part = format!(".{}-of-{}", shard.index, shard.count);
    journal_beside(file, if shard.count > 1 { &part } else { "" })
}

/// The journal of a file, or of a part of it, where none is named.
pub fn journal_beside(file: &Path, part: &str) -> Result<PathBuf, Ending> {
    if file == Path::new(STREAM) {
        let why = "standard input has no name that a journal could have";
        return Err(Ending::usage(why)
            .next("name one with --journal FILE; to continue, pipe the same rows in again"));
    }
    let mut name = file.as_os_str().to_owned();
    name.push(part);
    name.push(".journal");
    Ok(name.into())
}

/// What decides what is sent, whatever the rows are: the account and the action.
pub fn settings_of(profile: &Settings, action: RowAction) -> Map<String, Value> {
    let username = profile.username.as_ref().map(|name| name.value.clone());
    let settings = [
        ("base-url", profile.base_url.value.as_str().into()),
        ("username", username.into()),
        (
            "environment",
            profile.environment.map(Environment::as_str).into(),
        ),
        ("action", action.as_str().into()),
    ];
    settings
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

impl DefaultArgs {
    /// Whether a row that names no action only reads.
    pub fn reads(&self) -> bool {
        self.action.is_read()
    }

    /// What turns cells into rows, and what decides what is sent, for the journal: no secret is among it.
    /// Flags fill the gaps of every row that takes the field, the profile those of creates.
    pub fn parser(
        &self,
        input: &ReadArgs,
        profile: &Settings,
    ) -> Result<(RowParser, Map<String, Value>), Ending> {
        let mut settings = settings_of(profile, self.action);
        let mut set = |name: &str, value: Value| settings.insert(name.to_owned(), value);
        set("extra-fields", input.extra_fields.into());
        set("allow-duplicates", input.allow_duplicates.into());
        if let Some(encoding) = input.encoding {
            set("encoding", format!("{encoding:?}").into());
        }
        let (mut defaults, mut from_profile) = (Vec::new(), Vec::new());
        for (name, flag, of_profile) in [
            ("merchant", &self.merchant, &profile.merchant),
            ("product", &self.product, &profile.product),
            ("offer", &self.offer, &None),
            (
                "notification-url",
                &self.notification_url,
                &profile.notification_url,
            ),
            ("expires", &self.expires, &None),
            ("reason", &self.reason, &None),
            ("description", &self.description, &None),
        ] {
            set(name, flag.as_ref().or(of_profile.as_ref()).cloned().into());
            if flag.is_none() && of_profile.is_some() {
                from_profile.push(name);
            }
            for (value, of_profile) in [(flag, false), (of_profile, true)] {
                if let (Some(column), Some(value)) = (find_column(name), value.clone()) {
                    let origin = if of_profile {
                        "the profile's"
                    } else {
                        "the flag"
                    };
                    column.read(&value.clone().into()).map_err(|why| {
                        Ending::usage(format!("{origin} {name} {value:?} cannot be used: {why}"))
                    })?;
                    defaults.push(Fallback {
                        column,
                        value,
                        of_profile,
                    });
                }
            }
        }
        if !from_profile.is_empty() {
            set(DEFAULTS_OF_PROFILE, from_profile.join(", ").into());
        }
        let action = self.action;
        Ok((RowParser { action, defaults }, settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_of_an_indexed_job_needs_only_the_number_of_shards() {
        assert_eq!(shard(Some("4"), Some(0)).unwrap(), "1/4".parse().unwrap());
        assert_eq!(shard(Some("2/4"), Some(3)).unwrap(), "2/4".parse().unwrap());
        assert_eq!(shard(None, None).unwrap(), Shard::WHOLE);
        for (given, index) in [
            (None, Some(0)),
            (Some("4"), None),
            (Some("4"), Some(4)),
            (Some("0/4"), None),
        ] {
            assert!(shard(given, index).is_err(), "{given:?} {index:?}");
        }
    }
}
