//! What follows a successful answer: is the service there, or must the user go somewhere first, and is that safe.

use url::Url;

use super::entitlement::{self, Entitlement};
use super::wait;
use crate::api::Answer;
use crate::api::types::{NAVIGATE_TO_URL, ResponseCode, Status, field};
use crate::context::Context;
use crate::ending::{Ending, Report, Then};
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
    pub visit: Visit,

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
    /// The answer does not hold what a success holds.
    Unclear(String),
    /// The entitlement exists, but what the user must do is not known.
    UnknownAction(String),
    /// The entitlement exists, but the URL where the user must go is missing or not safe.
    NoUrl(String),
}

/// Reports an entitlement after a change, and sends the user on if something is left to do.
pub fn report(
    cx: &Context,
    args: Args,
    answer: Answer,
    read: fn(&Answer) -> Step,
) -> Result<Report, Ending> {
    entitlement::warn_of_contradiction(cx, &answer);
    let shown = Report::new(Entitlement::new(&answer)).acted(&answer);
    let report = match read(&answer) {
        Step::Done => shown,
        Step::Visit(url) => Report {
            then: Some(args.visit.follow(&url)),
            ..Report::new(Entitlement {
                registration_url: Some(url.into()),
                ..Entitlement::new(&answer)
            })
            .acted(&answer)
        },
        Step::Unclear(why) => return Err(Ending::unclear(answer, &why)),
        Step::UnknownAction(why) => {
            let ending = Ending::unknown_action(answer, &why);
            return Ok(shown.but(ending.next(
                "ask Bango what the action means, with the entitlement id and the request identifier",
            )));
        }
        Step::NoUrl(why) => return Ok(shown.but(no_url(answer, &why))),
    };
    if args.require_active && answer.status() != Some(Status::Active) {
        return Ok(report.but(wait::not_reached(answer, Status::Active, None)));
    }
    Ok(report)
}

/// The ending of an entitlement whose registration URL is missing or not safe.
pub fn no_url(answer: Answer, why: &str) -> Ending {
    let id = answer
        .text(field::ENTITLEMENT_ID)
        .unwrap_or_default()
        .to_owned();
    Ending::unknown_action(answer, why).run(
        "do not open it; tell Bango the entitlement id and the request identifier; this asks for another URL",
        ["activation-url", &id],
    )
}

/// Reads the answer to a create: it must name an entitlement that is `ACTIVE` or `PENDING`.
pub fn after_create(answer: &Answer) -> Step {
    if answer.text(field::ENTITLEMENT_ID).is_none_or(str::is_empty) {
        return Step::Unclear("the answer names no entitlement".to_owned());
    }
    let wants_action = answer.code == ResponseCode::ClientActionRequired;
    match answer.status() {
        Some(Status::Active) if !wants_action => Step::Done,
        Some(Status::Active | Status::Pending) => action(answer),
        Some(status) => Step::Unclear(format!("the status is {}", status.as_str())),
        None => Step::Unclear(match answer.text(field::STATUS) {
            Some(other) => format!("the status {:?} is not known", answer.quoted(other)),
            None => "the answer has no status".to_owned(),
        }),
    }
}

/// Reads the answer to an update: any known status may stay as it was, and the user may have to do something.
pub fn after_update(answer: &Answer) -> Step {
    let wants_action = answer.code == ResponseCode::ClientActionRequired;
    match answer.status() {
        Some(Status::Failed) => Step::Unclear(FAILED.to_owned()),
        _ if wants_action => action(answer),
        Some(Status::Pending) if answer.action().is_some() => action(answer),
        _ => Step::Done,
    }
}

/// What `FAILED` says about a change.
pub const FAILED: &str =
    "the status is FAILED: the merchant did not answer, and Bango does not know";

fn action(answer: &Answer) -> Step {
    match (answer.action(), answer.action_url()) {
        (Some(NAVIGATE_TO_URL), Some(url)) => match gate::check(url) {
            Ok(url) => Step::Visit(url),
            Err(why) => Step::NoUrl(format!(
                "its registration URL {why} and was not opened: {:?}",
                answer.quoted(url)
            )),
        },
        (Some(NAVIGATE_TO_URL), None) => {
            Step::NoUrl("the answer has no registration URL".to_owned())
        }
        (Some(other), _) => Step::UnknownAction(format!(
            "what the user must do is not known: the action is {:?}",
            answer.quoted(other)
        )),
        (None, _) => {
            Step::UnknownAction("the answer does not say what the user must do".to_owned())
        }
    }
}

impl Visit {
    /// Draws and opens a URL when it has been shown, as far as that is wanted.
    pub fn follow(self, url: &Url) -> Then {
        let url = url.clone();
        Box::new(move |terminal| {
            if self.qr {
                qr::draw(terminal, url.as_str());
            }
            let when = match self {
                Self { browser: true, .. } => browser::When::Always,
                Self {
                    no_browser: true, ..
                } => browser::When::Never,
                _ => browser::When::Seen,
            };
            browser::open(terminal, &url, when, self.qr);
        })
    }
}
