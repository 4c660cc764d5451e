//! What follows a successful answer: is the service there, or must the user go somewhere first, and is that safe.

use url::Url;

use super::entitlement::Entitlement;
use crate::api::Answer;
use crate::api::types::{NAVIGATE_TO_URL, ResponseCode, Status, field};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::{browser, gate, qr};

/// The flags about visiting a registration URL.
#[derive(Debug, Clone, Copy, clap::Args)]
#[group(skip)]
pub struct Visit {
    /// Open the registration URL, wherever this runs
    #[arg(long, conflicts_with = "no_browser")]
    browser: bool,

    /// Never open the registration URL
    #[arg(long)]
    no_browser: bool,

    /// Draw the registration URL as a QR code on standard error
    #[arg(long)]
    qr: bool,
}

/// The flags about the user's next step.
#[derive(Debug, Clone, Copy, clap::Args)]
#[group(skip)]
pub struct Args {
    #[command(flatten)]
    visit: Visit,

    /// End with exit code 8 unless the entitlement is ACTIVE
    #[arg(long)]
    pub require_active: bool,
}

/// Where a success leaves the user.
#[derive(Debug)]
pub enum Step {
    /// Nothing is left to do.
    Done,
    /// The user must go to this URL.
    Visit(Url),
}

/// Reads a success: what it leaves to do, or what is doubtful about it.
type Judge = fn(&Answer) -> Result<Step, Doubt>;

/// Shows an entitlement after a change, and sends the user on if something is left to do.
///
/// # Errors
///
/// If the answer is no usable success, the action is unknown or unsafe, `--require-active` is not met,
/// or the result cannot be written.
pub fn show(cx: &Context, args: Args, answer: Answer, judge: Judge) -> anyhow::Result<()> {
    warn_of_contradiction(cx, &answer);
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
    let fails = args.require_active && answer.status() != Some(Status::Active);
    let url = match &step {
        Step::Done => None,
        Step::Visit(url) => Some(url),
    };
    print(cx, &answer, url.map(Url::as_str), !fails)?;
    if let Some(url) = url {
        args.visit.follow(cx, url);
    }
    if fails {
        let wanted = Status::Active.as_str();
        return Err(Failure::NotReached {
            answer: answer.into(),
            wanted,
            is_final: false,
        }
        .into());
    }
    Ok(())
}

/// Shows a pending entitlement before its activation is waited for: the id is never held back.
///
/// # Errors
///
/// As [`show`]; a success in JSON is a remark here, because the one document comes after the wait.
pub fn show_before_wait(cx: &Context, args: Args, answer: &Answer) -> anyhow::Result<()> {
    let step = after_create(answer);
    let Ok(Step::Visit(url)) = step else {
        return show(cx, args, answer.clone(), after_create);
    };
    warn_of_contradiction(cx, answer);
    print(cx, answer, Some(url.as_str()), false)?;
    if cx.terminal.is_json() {
        cx.terminal.literal(
            "entitlement",
            answer.text(field::ENTITLEMENT_ID).unwrap_or_default(),
        );
        cx.terminal.literal("registration URL", url.as_str());
    }
    args.visit.follow(cx, &url);
    Ok(())
}

/// Says so if the HTTP status and the response code do not agree.
pub fn warn_of_contradiction(cx: &Context, answer: &Answer) {
    if answer.is_contradictory() {
        cx.terminal.warn(&format!(
            "the answer contradicts itself: HTTP {} with {}; the response code decides",
            answer.http_status,
            answer.code.as_str()
        ));
    }
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
pub enum Doubt {
    /// It does not hold what a success holds.
    Unclear(String),
    /// The entitlement exists, but what the user must do is not known.
    Action(String),
}

/// Reads the answer to a create: it must name an entitlement that is `ACTIVE` or `PENDING`.
pub fn after_create(answer: &Answer) -> Result<Step, Doubt> {
    if answer.text(field::ENTITLEMENT_ID).is_none_or(str::is_empty) {
        return Err(Doubt::Unclear("the answer names no entitlement".to_owned()));
    }
    let wants_action = answer.code == ResponseCode::ClientActionRequired;
    match answer.status() {
        Some(Status::Active) if !wants_action => Ok(Step::Done),
        Some(Status::Active | Status::Pending) => action(answer),
        Some(status) => Err(Doubt::Unclear(format!("the status is {}", status.as_str()))),
        None => Err(Doubt::Unclear(match answer.text(field::STATUS) {
            Some(other) => format!("the status {other:?} is not known"),
            None => "the answer has no status".to_owned(),
        })),
    }
}

/// Reads the answer to an update: any known status may stay as it was, and the user may have to do something.
pub fn after_update(answer: &Answer) -> Result<Step, Doubt> {
    let wants_action = answer.code == ResponseCode::ClientActionRequired;
    match answer.status() {
        Some(Status::Failed) => Err(Doubt::Unclear(
            "the status is FAILED: the merchant did not answer, and Bango does not know".to_owned(),
        )),
        _ if wants_action => action(answer),
        Some(Status::Pending) if answer.action().is_some() => action(answer),
        _ => Ok(Step::Done),
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

impl Visit {
    /// Draws and opens a URL that has been printed, as far as that is wanted.
    pub fn follow(self, cx: &Context, url: &Url) {
        if self.qr {
            qr::draw(&cx.terminal, url.as_str());
        }
        let wish = match self {
            Self { browser: true, .. } => browser::Wish::Always,
            Self {
                no_browser: true, ..
            } => browser::Wish::Never,
            _ => browser::Wish::Auto,
        };
        browser::open(&cx.terminal, url, wish);
    }
}
