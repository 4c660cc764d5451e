//! Where a batch is seen: the progress bar, the file of results, and the file of failed rows.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;

use crate::batch::{Answered, Failed, Format, Input, Observer, Progress, Results, Row, Rows};
use crate::context::Context;
use crate::ending::Ending;
use crate::terminal::{Bar, Figures, Terminal, gate};

/// Standard output in the place of a file.
const STDOUT: &str = "-";

/// The flags about results.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    /// Write each row with its result here, as rows finish; - is standard output. CSV or JSON lines, by the name or like the input
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,

    /// Write the rows that Bango refused here, as an input that can be run again
    #[arg(long, value_name = "FILE")]
    failed: Option<PathBuf>,
}

impl Args {
    /// Whether results go to standard output, where no summary may stand then.
    #[must_use]
    pub fn use_stdout(&self) -> bool {
        self.results.as_deref() == Some(Path::new(STDOUT))
    }

    /// Whether anything is written.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.results.is_some() || self.failed.is_some()
    }

    /// Refuses what would overwrite what the batch needs.
    ///
    /// # Errors
    ///
    /// A usage error.
    pub fn check(&self, cx: &Context, kept: &[&Path]) -> Result<(), Ending> {
        if cx.terminal.is_json() && self.use_stdout() {
            return Err(Ending::usage(
                "--json prints one document on standard output, so --results must name a file",
            ));
        }
        let same = |a: &Path, b: &Path| {
            a != Path::new(STDOUT) && a == b
                || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
        };
        let own: Vec<_> = [&self.results, &self.failed]
            .into_iter()
            .flatten()
            .collect();
        for path in &own {
            if let Some(kept) = kept.iter().find(|kept| same(kept, path)) {
                return Err(Ending::usage(format!(
                    "writing to {} would destroy it",
                    kept.display()
                )));
            }
        }
        match own.as_slice() {
            [a, b] if same(a, b) => Err(Ending::usage("--results and --failed name the same file")),
            _ => Ok(()),
        }
    }

    /// Opens what is to be written.
    ///
    /// # Errors
    ///
    /// If a file cannot be made.
    pub fn open(&self, cx: &Context, input: &Input, rows: &Rows) -> anyhow::Result<Outputs> {
        let names = input.header(rows)?;
        let results = match &self.results {
            None => None,
            Some(path) => {
                let format = Format::of_name(path).unwrap_or(input.format);
                let out: Out = if self.use_stdout() {
                    Box::new(BufWriter::new(cx.terminal.rows()))
                } else {
                    create(path)?
                };
                let results = Results::new(out, format, names.clone());
                Some(Mutex::new(results.with_context(|| unwritable(path))?))
            }
        };
        let failed = match &self.failed {
            None => None,
            Some(path) => {
                let failed = Failed::new(create(path)?, &names);
                Some(Mutex::new(failed.with_context(|| unwritable(path))?))
            }
        };
        Ok(Outputs {
            results,
            failed,
            bar: Bar::start(&cx.terminal),
            terminal: cx.terminal.clone(),
            has_said_stopping: AtomicBool::new(false),
        })
    }
}

type Out = Box<dyn Write + Send>;

/// Makes a file that its owner alone can read, for it names users.
fn create(path: &Path) -> anyhow::Result<Out> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file: File = options.open(path).with_context(|| unwritable(path))?;
    Ok(Box::new(BufWriter::with_capacity(1 << 16, file)))
}

fn unwritable(path: &Path) -> String {
    format!("{} cannot be written", path.display())
}

/// What watches a run for the user.
pub struct Outputs {
    results: Option<Mutex<Results<Out>>>,
    failed: Option<Mutex<Failed<Out>>>,
    bar: Bar,
    terminal: Terminal,
    has_said_stopping: AtomicBool,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outputs {
    /// Writes out what is buffered, and takes the bar away.
    ///
    /// # Errors
    ///
    /// If something could not be written.
    pub fn finish(&self) -> io::Result<()> {
        self.bar.clear();
        self.flush()
    }

    fn flush(&self) -> io::Result<()> {
        let results = self
            .results
            .as_ref()
            .map_or(Ok(()), |results| held(results).flush());
        let failed = self
            .failed
            .as_ref()
            .map_or(Ok(()), |failed| held(failed).flush());
        results.and(failed)
    }
}

impl Observer for Outputs {
    fn answered(&self, row: &Row, identifier: &str, answered: &Answered) -> io::Result<()> {
        if let Some(failed) = &self.failed {
            held(failed).add(row, answered)?;
        }
        let Some(results) = &self.results else {
            return Ok(());
        };
        let gated = answered.registration_url.as_deref().map(gate::check);
        let safe;
        let shown = match gated {
            Some(Err(why)) => {
                safe = Answered {
                    registration_url: None,
                    message: format!(
                        "the registration URL {why} and is left out; {}",
                        answered.message
                    ),
                    ..answered.clone()
                };
                &safe
            }
            _ => answered,
        };
        held(results).add(row, identifier, shown)
    }

    fn progress(&self, progress: &Progress) {
        // An error comes again with the next row, or at the end.
        let _ = self.flush();
        if progress.is_stopping && !self.has_said_stopping.swap(true, Ordering::Relaxed) {
            let count = progress.gauge.in_flight;
            self.terminal.remark(&format!(
                "stopping: {count} requests are under way and are waited for; Ctrl-C again stops now"
            ));
        }
        self.bar.show(&figures(progress));
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures to look at")]
fn figures(progress: &Progress) -> Figures {
    let now = progress.done + progress.failed;
    let finished = progress.before + now;
    let seconds = progress.elapsed.as_secs_f64().max(0.001);
    let rate = now as f64 / seconds;
    let rest = progress.rows.saturating_sub(finished) as f64;
    let gauge = &progress.gauge;
    let remark = match gauge.pause {
        Some(pause) => format!(
            "paused for {:.0} s, as the platform asks",
            pause.as_secs_f64().ceil()
        ),
        None => format!("{} of {} at once", gauge.in_flight, gauge.limit),
    };
    Figures {
        total: progress.rows,
        finished,
        failed: progress.failed,
        rate,
        left: (now > 0).then(|| Duration::try_from_secs_f64(rest / rate).unwrap_or(Duration::MAX)),
        remark,
    }
}
