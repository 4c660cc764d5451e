//! What follows a successful answer: is the service there, or must the user go somewhere first, and is that safe.

use jiff::Timestamp;
use url::Url;

use super::{entitlement, wait};
use crate::api::types::Status;
use crate::api::{Answer, NextStep};
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

impl Args {
    /// A registration URL is shown, and neither opened nor drawn.
    pub const SHOWN: Self = Self {
        visit: Visit {
            browser: false,
            no_browser: true,
            qr: false,
        },
        require_active: false,
    };
}

/// Reports an entitlement after a change and what that came to, and sends the user on if something is left to do.
pub fn report(
    cx: &Context,
    args: Args,
    answer: Answer,
    result: Option<Cell>,
    read: fn(&Answer) -> NextStep<'_>,
) -> Result<Report, Ending> {
    entitlement::warn_of_contradiction(cx, &answer);
    let mut shown = entitlement::shown(&answer, result);
    let mut report = Report::default();
    let mut ending = None;
    match read(&answer) {
        NextStep::Done => {}
        NextStep::Visit(url) => match checked_url(cx, &answer, url)? {
            Ok(url) => {
                report = args.visit.report(cx, &url);
                shown.blocks.push(Block::Heading(REGISTERS_HERE));
                shown.blocks.push(Block::Line(url.into()));
            }
            Err(why) => ending = Some(no_url(answer.clone(), &why)),
        },
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
    let id = answer.entitlement_id().unwrap_or_default().to_owned();
    Ending::unknown_action(answer, why).run(
        "do not open it; tell Bango the entitlement id and the request identifier; this asks for another URL",
        ["activation-url", &id],
    )
}

pub fn tell_expiry(cx: &Context, answer: &Answer) {
    if let Some(expiry) = answer.url_expiry() {
        let expiry = Cell::time(expiry, Timestamp::now());
        let seen = expiry.in_words();
        cx.terminal.remark(&format!("the URL works until {seen}"));
    }
}

pub const REGISTERS_HERE: &str = "The user registers here:";

/// What is said of a registration page that ends with this command.
pub const PAGE_ENDS: &str = "the sandbox ends with this command, and its registration page with it; to register, run bango-ent sandbox in one terminal, and open the URL or run bango-ent sandbox register ID in another";

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
