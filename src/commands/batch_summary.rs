//! What a batch shows on standard output: that its input is right, or how its run went.

use std::path::Path;

use serde::Serialize;

use super::batch_status;
use crate::batch::{self, Summary};
use crate::context::Context;
use crate::terminal::{Block, Cell, Show, Tone};

pub fn show_check(cx: &Context, checked: &batch::Checked) -> anyhow::Result<()> {
    cx.terminal.remark("every row is right; nothing was sent");
    Ok(cx.terminal.show(&CheckShown {
        rows: checked.rows,
        in_shard: checked.in_shard,
        bytes: checked.seen.bytes,
        sha256: &checked.seen.sha256,
    })?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckShown<'a> {
    rows: u32,
    in_shard: u32,
    bytes: u64,
    sha256: &'a str,
}

impl Show for CheckShown<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::Record(vec![
            ("Rows", Cell::plain(self.rows.to_string())),
            ("In this shard", Cell::plain(self.in_shard.to_string())),
            ("Bytes", Cell::plain(self.bytes.to_string())),
            ("SHA-256", Cell::plain(self.sha256)),
        ])]
    }
}

/// How a run went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunShown<'a> {
    #[serde(flatten)]
    pub summary: &'a Summary,
    pub run: String,
    pub journal: &'a Path,
    /// Rows answered in this run.
    pub answered: u64,
    pub seconds: f64,
}

impl RunShown<'_> {
    /// Shows the summary, on standard error if results are on standard output.
    pub fn print(&self, cx: &Context, is_stdout_taken: bool) -> anyhow::Result<()> {
        if !is_stdout_taken {
            return Ok(cx.terminal.show(self)?);
        }
        let Summary {
            rows,
            done,
            refused,
            unclear,
            unanswered,
            open,
            ..
        } = self.summary;
        cx.terminal.remark(&format!(
            "{rows} rows: {done} done, {refused} refused, {unclear} unclear, {unanswered} unanswered, {open} not begun"
        ));
        Ok(())
    }
}

impl Show for RunShown<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    #[expect(clippy::cast_precision_loss, reason = "figures to look at")]
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = batch_status::counts(self.summary);
        let rate = self.answered as f64 / self.seconds.max(0.001);
        blocks.push(Block::Record(vec![
            (
                "This run",
                Cell::plain(format!(
                    "{} answered in {:.1} s, {rate:.0}/s",
                    self.answered, self.seconds
                )),
            ),
            (
                "Journal",
                Cell::toned(self.journal.display().to_string(), Tone::Dim),
            ),
        ]));
        blocks
    }
}
