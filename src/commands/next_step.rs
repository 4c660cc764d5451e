//! What follows a successful answer: is the service there, or must the user go somewhere first, and is that safe.

use url::Url;

use super::entitlement::Entitlement;
use crate::api::Answer;
use crate::api::types::{NAVIGATE_TO_URL, ResponseCode, Status, field};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::{browser, gate, qr};

/// The flags about the user's next step.
#[derive(Debug, Clone, Copy, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[group(skip)]
pub struct Args {
    /// Open the registration URL, wherever this runs
    #[arg(long, conflicts_with = "no_browser")]
    browser: bool,

    /// Never open the registration URL
    #[arg(long)]
    no_browser: bool,

    /// Draw the registration URL as a QR code on standard error
    #[arg(long)]
    qr: bool,

    /// End with exit code 8 unless the entitlement is ACTIVE
    #[arg(long)]
    require_active: bool,
}

/// Where a success leaves the user.
#[derive(Debug)]
enum Step {
    /// The service is there.
    Active,
    /// The user must go to this URL.
    Visit(Url),
}

/// Shows an entitlement that was asked for, and sends the user on if something is left to do.
///
/// # Errors
///
/// If the answer is no usable success, the action is unknown or unsafe, `--require-active` is not met,
/// or the result cannot be written.
pub fn show(cx: &Context, args: Args, answer: Answer) -> anyhow::Result<()> {
    if answer.is_contradictory() {
        cx.terminal.warn(&format!(
            "the answer contradicts itself: HTTP {} with {}; the response code decides",
            answer.http_status,
            answer.code.as_str()
        ));
    }
    let step = match judge(&answer) {
        Ok(step) => step,
        Err(Doubt::Unclear(why)) => {
            return Err(Failure::UnclearSuccess {
                answer: answer.into(),
                why,
            }
            .into());
        }
        Err(Doubt::Action(why)) => {
            print(cx, &answer, None, false)?;
            return Err(Failure::UnrecognisedAction {
                answer: answer.into(),
                why,
            }
            .into());
        }
    };
    let Step::Visit(url) = step else {
        return print(cx, &answer, None, true);
    };
    print(cx, &answer, Some(url.as_str()), !args.require_active)?;
    if args.qr {
        qr::draw(&cx.terminal, url.as_str());
    }
    browser::open(&cx.terminal, &url, args.wish());
    if args.require_active {
        return Err(Failure::NotActive(answer.into()).into());
    }
    Ok(())
}

/// Prints the entitlement. In JSON a failure's only document is the failure's, which holds the answer too.
fn print(
    cx: &Context,
    answer: &Answer,
    registration_url: Option<&str>,
    succeeds: bool,
) -> anyhow::Result<()> {
    if cx.terminal.is_json() && !succeeds {
        return Ok(());
    }
    let shown = cx.terminal.show(&Entitlement {
        answer,
        registration_url,
    });
    shown.map_err(|cause| {
        Failure::Unwritten {
            answer: answer.clone().into(),
            cause,
        }
        .into()
    })
}

/// Why a success is not plain.
#[derive(Debug)]
enum Doubt {
    /// It does not hold what a success holds.
    Unclear(String),
    /// The entitlement exists, but what the user must do is not known.
    Action(String),
}

/// Reads a success: what it leaves to do, or what is doubtful about it.
fn judge(answer: &Answer) -> Result<Step, Doubt> {
    if answer.text(field::ENTITLEMENT_ID).is_none_or(str::is_empty) {
        return Err(Doubt::Unclear("the answer names no entitlement".to_owned()));
    }
    let wants_action = answer.code == ResponseCode::ClientActionRequired;
    match answer.status() {
        Some(Status::Active) if !wants_action => Ok(Step::Active),
        Some(Status::Active | Status::Pending) => action(answer),
        Some(status) => Err(Doubt::Unclear(format!("the status is {}", status.as_str()))),
        None => Err(Doubt::Unclear(match answer.text(field::STATUS) {
            Some(other) => format!("the status {other:?} is not known"),
            None => "the answer has no status".to_owned(),
        })),
    }
}

fn action(answer: &Answer) -> Result<Step, Doubt> {
    let doubt = |why: String| Err(Doubt::Action(why));
    match (answer.action(), answer.action_url()) {
        (Some(NAVIGATE_TO_URL), Some(url)) => gate::check(url).map(Step::Visit).or_else(|why| {
            doubt(format!(
                "its registration URL {why} and was not opened: {url:?}"
            ))
        }),
        (Some(NAVIGATE_TO_URL), None) => doubt("the answer has no registration URL".to_owned()),
        (Some(other), _) => doubt(format!(
            "what the user must do is not known: the action is {other:?}"
        )),
        (None, _) => doubt("the answer does not say what the user must do".to_owned()),
    }
}

impl Args {
    fn wish(self) -> browser::Wish {
        match self {
            Self { browser: true, .. } => browser::Wish::Always,
            Self {
                no_browser: true, ..
            } => browser::Wish::Never,
            _ => browser::Wish::Auto,
        }
    }
}
