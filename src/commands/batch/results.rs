//! Where a batch is seen while it runs: the progress bar, the file of results, and the file of failed rows.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::STREAM;
use super::reasons::Reasons;
use crate::batch::{
    Failed, Format, InputRow, Plan, Ran, Results, RowOutcome, RowResult, RunEnd, RunObserver,
    RunProgress,
};
use crate::context::Context;
use crate::ending::Ending;
use crate::files::Replacement;
use crate::files::private;
use crate::terminal::{Figures, ProgressBar, Terminal, counted, safe_url};

/// So long ago a row was finished at most that tells how fast the run is, once it is as old.
const LATELY: Duration = Duration::from_secs(20);
/// How often the number of finished rows is noted for that.
const SAMPLE: Duration = Duration::from_millis(500);

// The flags about results.
#[derive(Debug, Default, clap::Args)]
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
    pub fn use_stdout(&self) -> bool {
        self.results.as_deref() == Some(Path::new(STREAM))
    }

    /// Whether anything is written.
    pub fn is_any(&self) -> bool {
        self.results.is_some() || self.failed.is_some()
    }

    /// What to do with the refused rows that a run has written.
    pub fn next(&self, ran: &Ran) -> Option<String> {
        let (path, refused) = (self.failed.as_ref()?, ran.summary.refused);
        let is_it = matches!(ran.end, RunEnd::Finished) && refused > 0;
        is_it.then(|| {
            let (rows, path) = (counted(refused, "refused row"), path.display());
            format!("{rows} in {path}: correct them there, and send that file with the same flags, as an input of its own")
        })
    }

    /// Refuses two things on standard output.
    pub fn check(&self, cx: &Context) -> Result<(), Ending> {
        if cx.terminal.is_json() && self.use_stdout() {
            let why =
                "--json prints one document on standard output, so --results must name a file";
            return Err(Ending::usage(why));
        }
        Ok(())
    }

    /// Opens what is to be written, and touches nothing of it: neither may be a file that the batch needs, nor the other one,
    /// however they are spelled, linked or mounted.
    pub fn open(&self, cx: &Context, needed: &[&File]) -> Result<Files, Ending> {
        let is_same = |a: &File, b: &File| private::is_same(a, b).map_err(Ending::machine);
        let open = |path: &PathBuf| {
            let file = private::create(path).map_err(|e| Ending::unwritable(path.display(), e))?;
            for needed in needed {
                if is_same(&file, needed)? {
                    let name = path.display();
                    let why = format!("writing to {name} would destroy the input or the journal");
                    return Err(Ending::usage(why));
                }
            }
            Ok((path.clone(), file))
        };
        let results = self.results.as_ref().filter(|_| !self.use_stdout());
        let results = results.map(open).transpose()?;
        let failed = self.failed.as_ref().map(open).transpose()?;
        if let (Some((_, a)), Some((_, b))) = (&results, &failed)
            && a.metadata().is_ok_and(|about| about.is_file())
            && is_same(a, b)?
        {
            let why = "--results and --failed name the same file";
            return Err(Ending::usage(why));
        }
        let stdout = self.use_stdout().then(|| cx.terminal.rows());
        Ok(Files {
            results,
            failed,
            stdout,
        })
    }
}

/// What was opened and may be overwritten.
pub struct Files {
    results: Option<(PathBuf, File)>,
    failed: Option<(PathBuf, File)>,
    stdout: Option<Box<dyn Write + Send>>,
}

impl Files {
    /// Begins the files. One that has something in it keeps that until the new one has every result of before.
    pub fn begin(self, cx: &Context, plan: &Plan) -> Result<Outputs, Ending> {
        let names = plan.checked.columns.clone();
        let of_input = plan.input.shape.format;
        let mut beside = Vec::new();
        let (path, out, format) = match (self.results, self.stdout) {
            (Some((path, file)), _) => {
                let format = Format::of_name(&path).unwrap_or(of_input);
                let out = begun(&path, file, &mut beside);
                (path, Some(out), format)
            }
            (None, stdout) => (STREAM.into(), stdout.map(Ok), of_input),
        };
        let results = out.map(|out| Results::new(out?, format, &names));
        let results = results
            .transpose()
            .map_err(|e| Ending::unwritable(path.display(), e))?;
        let failed = self.failed.map(|(path, file)| {
            let out = begun(&path, file, &mut beside);
            let failed = out.and_then(|out| Failed::new(out, of_input, &names));
            failed.map_err(|e| Ending::unwritable(path.display(), e))
        });
        Ok(Outputs {
            reasons: Reasons::default(),
            results,
            failed: failed.transpose()?,
            beside,
            bar: ProgressBar::start(&cx.terminal),
            terminal: cx.terminal.clone(),
            api_is_here: cx.api_is_here()?,
            has_said_stopping: false,
            recent: RecentRate::default(),
        })
    }
}

/// What is written to: the file, if there is nothing in it, else one beside it that replaces it later.
fn begun(
    path: &Path,
    file: File,
    beside: &mut Vec<Replacement>,
) -> io::Result<Box<dyn Write + Send>> {
    let about = file.metadata()?;
    if !about.is_file() || about.len() == 0 {
        private::empty(&file)?;
        return Ok(Box::new(file));
    }
    let replacement = Replacement::begin(path)?;
    let out = replacement.writer()?;
    beside.push(replacement);
    Ok(Box::new(out))
}

/// What watches a run for the user.
pub struct Outputs {
    pub reasons: Reasons,
    results: Option<Results<Box<dyn Write + Send>>>,
    failed: Option<Failed<Box<dyn Write + Send>>>,
    /// What replaces older files once it has all that they had.
    beside: Vec<Replacement>,
    bar: ProgressBar,
    terminal: Terminal,
    api_is_here: bool,
    has_said_stopping: bool,
    recent: RecentRate,
}

impl Outputs {
    fn flush(&mut self) -> io::Result<()> {
        let results = self.results.as_mut().map_or(Ok(()), Results::flush);
        let failed = self.failed.as_mut().map_or(Ok(()), Failed::flush);
        results.and(failed)
    }
}

impl RunObserver for Outputs {
    fn result(&mut self, row: &InputRow, identifier: &str, result: &RowResult) -> io::Result<()> {
        if let Some(failed) = &mut self.failed {
            failed.add(row, result)?;
        }
        if result.outcome != RowOutcome::Done {
            self.reasons.add(row.number, Some(row.line), result);
        }
        let Some(results) = &mut self.results else {
            return Ok(());
        };
        let url = result.registration_url.as_deref();
        let Some(Err(why)) = url.map(|url| safe_url(url, self.api_is_here)) else {
            return results.add(row, identifier, result);
        };
        let message = format!(
            "the registration URL {why} and is left out; {}",
            result.message
        );
        let safe = RowResult {
            registration_url: None,
            message,
            ..result.clone()
        };
        results.add(row, identifier, &safe)
    }

    fn caught_up(&mut self) -> io::Result<()> {
        if self.beside.is_empty() {
            return Ok(());
        }
        self.flush()?;
        for replacement in self.beside.drain(..) {
            replacement.finish()?;
        }
        Ok(())
    }

    fn progress(&mut self, progress: &RunProgress) {
        // An error comes again with the next row, or at the end.
        let _ = self.flush();
        if progress.is_stopping && progress.in_flight > 0 && !self.has_said_stopping {
            self.has_said_stopping = true;
            let (requests, is) = match progress.in_flight {
                1 => (counted(1, "request"), "is"),
                count => (counted(count.into(), "request"), "are"),
            };
            let again = if progress.is_interrupted {
                "; Ctrl-C again stops now"
            } else {
                ""
            };
            self.terminal.remark(&format!(
                "stopping: {requests} {is} under way and {is} waited for{again}"
            ));
        }
        self.bar.show(&figures(progress, &mut self.recent));
    }

    fn remark(&mut self, what: &str) {
        self.terminal.warn(what);
    }

    fn finish(&mut self) -> io::Result<()> {
        self.bar.clear();
        if !self.beside.is_empty() {
            self.terminal.warn(
                "the run ended before the earlier results were written again: the files of results are as they were, and the same command writes the rest",
            );
        }
        self.flush()
    }
}

/// How fast rows were finished lately: what the platform took long ago tells nothing of what is left.
#[derive(Debug, Default)]
struct RecentRate {
    /// When so many were finished, not longer ago than [`LATELY`].
    samples: VecDeque<(Duration, u64)>,
}

impl RecentRate {
    /// Takes how many rows are finished by now, and tells how many that is in a second.
    #[expect(clippy::cast_precision_loss, reason = "figures to look at")]
    fn at(&mut self, now: Duration, finished: u64) -> f64 {
        let last = self.samples.back();
        if last.is_none_or(|(at, _)| now >= *at + SAMPLE) {
            self.samples.push_back((now, finished));
        }
        while (self.samples.get(1)).is_some_and(|(at, _)| *at + LATELY <= now) {
            self.samples.pop_front();
        }
        let (since, before) = match self.samples.front() {
            Some((at, count)) if now >= LATELY => (*at, *count),
            _ => (Duration::ZERO, 0),
        };
        let seconds = now.saturating_sub(since).as_secs_f64();
        (finished - before) as f64 / seconds.max(0.001)
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures to look at")]
fn figures(progress: &RunProgress, recent: &mut RecentRate) -> Figures {
    let now = progress.done + progress.failed;
    let finished = progress.before + now;
    let rate = recent.at(progress.elapsed, now);
    let rest = progress.rows.saturating_sub(finished) as f64;
    let remark = match &progress.pause {
        Some((pause, why)) => format!("paused for {:.0} s: {why}", pause.as_secs_f64().ceil()),
        None => format!("{} of {} at once", progress.in_flight, progress.limit),
    };
    Figures {
        total: progress.rows,
        finished,
        failed: progress.failed,
        rate,
        left: (rate > 0.0)
            .then(|| Duration::try_from_secs_f64(rest / rate).unwrap_or(Duration::MAX)),
        remark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_is_left_follows_what_the_platform_takes_now() {
        let mut recent = RecentRate::default();
        let (mut finished, mut rate) = (0, 0.0);
        for (seconds, per_second) in [(60, 200_u32), (40, 20)] {
            for _ in 0..seconds * 10 {
                finished += u64::from(per_second / 10);
                let now = Duration::from_millis(finished_at(finished));
                rate = recent.at(now, finished);
            }
            let is_near = (rate - f64::from(per_second)).abs() < 1.0;
            assert!(is_near, "{rate} after {seconds} s of {per_second}/s");
        }
        let later = Duration::from_secs(160);
        assert!(recent.at(later, finished) < rate, "a pause slows it");
        assert!(recent.samples.len() < 50);
    }

    /// 200 rows a second for a minute, and 20 after that.
    fn finished_at(finished: u64) -> u64 {
        if finished <= 12_000 {
            finished * 5
        } else {
            60_000 + (finished - 12_000) * 50
        }
    }
}
