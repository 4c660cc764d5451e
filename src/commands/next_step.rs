//! What follows a successful answer: is the service there, or must the user go somewhere first, and is that safe.

use jiff::Timestamp;
use url::Url;

use super::{entitlement, wait};
use crate::api::Answer;
use crate::api::types::{NAVIGATE_TO_URL, ResponseCode, Status, field};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::{Report, Then};
use crate::terminal::{Block, Cell, browser, qr, safe_url};

// The flags about visiting a registration URL.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
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

// The flags about the user's next step.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
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
pub enum NextStep {
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
    read: fn(&Context, &Answer) -> Result<NextStep, Ending>,
) -> Result<Report, Ending> {
    entitlement::warn_of_contradiction(cx, &answer);
    let mut shown = entitlement::shown(&answer, None);
    let mut report = Report::default();
    let mut ending = None;
    match read(cx, &answer)? {
        NextStep::Done => {}
        NextStep::Visit(url) => {
            report = args.visit.report(cx, &url);
            shown.blocks.push(Block::Heading(REGISTERS_HERE));
            shown.blocks.push(Block::Line(url.into()));
        }
        NextStep::Unclear(why) => return Err(Ending::unclear(answer, &why)),
        NextStep::UnknownAction(why) => {
            let unknown = Ending::unknown_action(answer.clone(), &why);
            ending = Some(unknown.next(
                "ask Bango what the action means, with the entitlement id and the request identifier",
            ));
        }
        NextStep::NoUrl(why) => ending = Some(no_url(answer.clone(), &why)),
    }
    if args.require_active && ending.is_none() && answer.status() != Some(Status::Active) {
        ending = Some(wait::not_reached(answer.clone(), Status::Active, None));
    }
    let shown = Some(shown);
    let report = Report {
        shown,
        ending,
        ..report
    };
    Ok(report.acted(&answer))
}

/// The ending of an entitlement whose registration URL is missing or not safe.
pub fn no_url(answer: Answer, why: &str) -> Ending {
    let id = answer.text(field::ENTITLEMENT_ID).unwrap_or_default();
    let id = id.to_owned();
    Ending::unknown_action(answer, why).run(
        "do not open it; tell Bango the entitlement id and the request identifier; this asks for another URL",
        ["activation-url", &id],
    )
}

/// Reads the answer to a create: it must name an entitlement that is `ACTIVE` or `PENDING`.
pub fn after_create(cx: &Context, answer: &Answer) -> Result<NextStep, Ending> {
    let unclear = |why: &str| Ok(NextStep::Unclear(why.to_owned()));
    if answer.text(field::ENTITLEMENT_ID).is_none_or(str::is_empty) {
        return unclear("the answer names no entitlement");
    }
    let wants_action = answer.code == ResponseCode::ClientActionRequired;
    match (answer.status(), answer.text(field::STATUS)) {
        (Some(Status::Active), _) if !wants_action => Ok(NextStep::Done),
        (Some(Status::Active | Status::Pending), _) => action(cx, answer),
        (Some(status), _) => unclear(&format!("the status is {}", status.as_str())),
        (None, Some(other)) => unclear(&format!(
            "the status {:?} is not known",
            answer.quoted(other)
        )),
        (None, None) => unclear("the answer has no status"),
    }
}

/// Reads the answer to an update: any known status may stay as it was, and the user may have to do something.
pub fn after_update(cx: &Context, answer: &Answer) -> Result<NextStep, Ending> {
    let wants_action = answer.code == ResponseCode::ClientActionRequired;
    match answer.status() {
        Some(Status::Failed) => Ok(NextStep::Unclear(FAILED.to_owned())),
        _ if wants_action => action(cx, answer),
        Some(Status::Pending) if answer.action().is_some() => action(cx, answer),
        _ => Ok(NextStep::Done),
    }
}

/// Says until when the registration URL works, if the answer does.
pub fn tell_expiry(cx: &Context, answer: &Answer) {
    if let Some(expiry) = answer.url_expiry() {
        let expiry = Cell::time(expiry, Timestamp::now());
        let seen = expiry.in_words();
        cx.terminal.remark(&format!("the URL works until {seen}"));
    }
}

/// What stands before a registration URL.
pub const REGISTERS_HERE: &str = "The user registers here:";

/// What is said of a registration page that ends with this command.
pub const PAGE_ENDS: &str =
    "the registration page is served only while a sandbox runs; bango-ent sandbox starts one";

/// What `FAILED` says about a change.
pub const FAILED: &str =
    "the status is FAILED: the merchant did not answer, and Bango does not know";

/// A registration URL that may be shown and opened, or why not.
pub fn checked_url(
    cx: &Context,
    answer: &Answer,
    url: &str,
) -> Result<Result<Url, String>, Ending> {
    Ok(safe_url(url, cx.api_is_here()?).map_err(|why| {
        let shown = answer.quoted(url);
        format!("its registration URL {why} and was not opened: {shown:?}")
    }))
}

fn action(cx: &Context, answer: &Answer) -> Result<NextStep, Ending> {
    Ok(match (answer.action(), answer.action_url()) {
        (Some(NAVIGATE_TO_URL), Some(url)) => {
            checked_url(cx, answer, url)?.map_or_else(NextStep::NoUrl, NextStep::Visit)
        }
        (Some(NAVIGATE_TO_URL), None) => {
            NextStep::NoUrl("the answer has no registration URL".to_owned())
        }
        (Some(other), _) => NextStep::UnknownAction(format!(
            "what the user must do is not known: the action is {:?}",
            answer.quoted(other)
        )),
        (None, _) => {
            NextStep::UnknownAction("the answer does not say what the user must do".to_owned())
        }
    })
}

impl Visit {
    /// A report without a result yet that follows a URL, unless its page ends with this command.
    pub fn report(self, cx: &Context, url: &Url) -> Report {
        if cx.has_embedded_sandbox() {
            return Report::default().remark(PAGE_ENDS);
        }
        let then = Some(self.follow(url));
        Report {
            then,
            ..Report::default()
        }
    }

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
