//! `suspend`, `resume`, `cancel` and `revoke`: what pauses, continues or ends the user's access.

use clap::builder::{PossibleValue, TypedValueParser};
use serde_json::{Map, Value};

use super::fields::Field;
use super::{fields, next_step};
use crate::api::types::{self, BENEFITS_NORMAL, BENEFITS_SUSPENDED, ResponseCode, Status, field};
use crate::api::value::{END_REASONS, Reason};
use crate::api::{Answer, Client, FAILED, NextStep, Request};
use crate::context::{Context, asked};
use crate::ending::{Code, Ending};
use crate::report::Report;
use crate::terminal::{Cell, Tone, ask};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent suspend 9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent suspend 9d6b3a3e-0000-4000-8000-000000000001 --benefits NONE\n\n\
    Bango documents that entitlementBenefits suspends, but not the value: SUSPENDED is our guess, and --benefits \
    sends another. That it goes to PATCH /entitlement is inferred too ([profiles.NAME.paths] update = \"…\")."
)]
pub struct SuspendArgs {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,

    /// The value that suspends (entitlementBenefits); not documented by Bango
    #[arg(long, value_name = "VALUE", default_value = BENEFITS_SUSPENDED, value_parser = fields::id)]
    benefits: String,

    #[command(flatten)]
    why: WhyArgs,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent resume 9d6b3a3e-0000-4000-8000-000000000001\n\n\
    That it goes to PATCH /entitlement is inferred ([profiles.NAME.paths] update = \"…\")."
)]
pub struct ResumeArgs {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent cancel 9d6b3a3e-0000-4000-8000-000000000001 --reason CUSTOMER_CANCELLED/NOT_RENEWED\n  \
    bango-ent cancel 9d6b3a3e-0000-4000-8000-000000000001 --reason CUSTOMER_CANCELLED/NOT_RENEWED --yes --json\n\n\
    The path POST /entitlement/cancel/ID is inferred; a profile can set another ([profiles.NAME.paths] cancel = \"…\")."
)]
pub struct CancelArgs {
    #[command(flatten)]
    end: EndArgs,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent revoke 9d6b3a3e-0000-4000-8000-000000000001 --reason REVOKED/FRAUD\n  \
    bango-ent revoke 9d6b3a3e-0000-4000-8000-000000000001 --reason REVOKED/FRAUD --yes --json\n\n\
    The path POST /entitlement/revoke/ID is inferred; a profile can set another ([profiles.NAME.paths] revoke = \"…\")."
)]
pub struct RevokeArgs {
    #[command(flatten)]
    end: EndArgs,
}

// The flags that `cancel` and `revoke` share.
#[derive(Debug, clap::Args)]
#[group(skip)]
struct EndArgs {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,

    #[command(flatten)]
    why: WhyArgs,

    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

// The flags that say why, and more.
#[derive(Debug, clap::Args)]
#[group(skip)]
struct WhyArgs {
    /// Why: category and code; one that is not listed is sent with a note, unless it looks like a slip
    #[arg(long, value_name = "CATEGORY/CODE", value_parser = ReasonParser, overrides_with = "reason")]
    reason: Option<Reason>,

    /// Why, in your own words (cancelReasonDescription)
    #[arg(long, value_name = "TEXT", value_parser = fields::id)]
    description: Option<String>,

    /// A body field without a flag of its own: name=text or name:=json; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = fields::name_and_value)]
    fields: Vec<Field>,
}

impl WhyArgs {
    fn body(self, cx: &Context, benefits: Option<String>) -> Result<Map<String, Value>, Ending> {
        let reason = self.reason.map(|reason| meant(cx, reason)).transpose()?;
        if let Some(name) = reason.as_ref().filter(|reason| !reason.is_listed()) {
            cx.terminal.remark(&format!(
                "{name} is not on Bango's newer list of reasons; it is sent as it is"
            ));
        }
        let (category, code) = reason.map(|why| (why.category, why.code)).unzip();
        let texts = [
            (field::ENTITLEMENT_BENEFITS, benefits),
            (field::CANCEL_REASON_CATEGORY, category),
            (field::CANCEL_REASON_CODE, code),
            (field::CANCEL_REASON_DESCRIPTION, self.description),
        ];
        fields::body(texts, None, self.fields)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Suspend,
    Resume,
    /// At the end of the paid period.
    Cancel,
    /// At once.
    Revoke,
}

impl Change {
    const fn verb(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::Revoke => "revoke",
        }
    }

    /// What to call it if it has led to this status; nothing if it does not lead there.
    const fn done(self, status: Status) -> Option<&'static str> {
        match (self, status) {
            (Self::Suspend, Status::Suspended) => Some("suspended"),
            (Self::Resume, Status::Active) => Some("resumed"),
            (Self::Cancel | Self::Revoke, Status::Cancelled | Status::Revoked) => Some("ended"),
            (Self::Cancel, Status::ActiveEnding) => {
                Some("cancelled; usable to the end of the paid period")
            }
            _ => None,
        }
    }
}

pub fn suspend(cx: &Context, args: SuspendArgs) -> Result<Report, Ending> {
    let body = args.why.body(cx, Some(args.benefits))?;
    change(cx, &args.id, Change::Suspend, |client, id| {
        client.update(id, body)
    })
}

pub fn resume(cx: &Context, args: &ResumeArgs) -> Result<Report, Ending> {
    let body = types::body([(field::ENTITLEMENT_BENEFITS, Some(BENEFITS_NORMAL.into()))]);
    change(cx, &args.id, Change::Resume, |client, id| {
        client.update(id, body)
    })
}

/// Asks, ends the entitlement at the end of the paid period ("soft") and shows what came of it.
pub fn cancel(cx: &Context, args: CancelArgs) -> Result<Report, Ending> {
    let (id, reason) = prepare(cx, args.end, Change::Cancel)?;
    change(cx, &id, Change::Cancel, |client, id| {
        client.cancel(id, reason)
    })
}

/// Asks, ends the entitlement at once ("hard") and shows what came of it.
pub fn revoke(cx: &Context, args: RevokeArgs) -> Result<Report, Ending> {
    let (id, reason) = prepare(cx, args.end, Change::Revoke)?;
    change(cx, &id, Change::Revoke, |client, id| {
        client.revoke(id, reason)
    })
}

fn change(
    cx: &Context,
    id: &str,
    change: Change,
    request: impl FnOnce(&Client, &str) -> Request,
) -> Result<Report, Ending> {
    let changed = cx.call(
        |client| request(client, id),
        |answer| report(cx, answer, change),
    );
    changed.map_err(|ending| match ending.code {
        Code::Conflict => conflict(ending, id),
        _ => ending,
    })
}

pub fn report(cx: &Context, answer: Answer, change: Change) -> Result<Report, Ending> {
    let result = result(&answer, change);
    next_step::report(
        cx,
        next_step::Args::SHOWN,
        answer,
        Some(result),
        |answer| match (answer.status(), answer.action_url()) {
            (Some(Status::Failed), _) => NextStep::Unclear(FAILED.to_owned()),
            (_, Some(url)) => NextStep::Visit(url),
            (_, None) => NextStep::Done,
        },
    )
}

/// What a change came to: done, or accepted and left to the merchant.
fn result(answer: &Answer, change: Change) -> Cell {
    let done = answer.status().and_then(|status| change.done(status));
    // HTTP 202 is documented for these: the merchant has it queued.
    let is_queued = answer.http_status == 202 || answer.code == ResponseCode::ClientActionRequired;
    let text = match (answer.text(field::STATUS), done) {
        _ if is_queued => format!(
            "accepted, the merchant {}s it later; the status is unchanged until then",
            change.verb()
        ),
        (_, Some(done)) => return Cell::toned(done, Tone::Good),
        (Some(status), None) => format!("accepted, but the status is {status}; read it again"),
        (None, None) => "done; the answer does not name the status".to_owned(),
    };
    Cell::toned(text, Tone::Warn)
}

/// What fits a CONFLICT: the status, if the refusal tells it, says what is possible.
fn conflict(ending: Ending, id: &str) -> Ending {
    let response = ending.response.as_ref();
    let status = response.and_then(|body| Status::parse(body.get(field::STATUS)?.as_str()?));
    let (say, command) = match status {
        Some(Status::Suspended) => ("it is SUSPENDED; this gives access again", "resume"),
        Some(Status::Active) => ("it is ACTIVE; this shows it", "get"),
        Some(Status::Cancelled | Status::Revoked) => ("it has ended; this shows when", "get"),
        _ => ("the status decides what is possible; this shows it", "get"),
    };
    ending.run(say, [command, id])
}

/// Asks what must be asked, and returns the id and the body of the request.
fn prepare(
    cx: &Context,
    args: EndArgs,
    change: Change,
) -> Result<(String, Map<String, Value>), Ending> {
    let EndArgs { id, mut why, yes } = args;
    let verb = change.verb();
    let confirms = !yes && !cx.is_dry_run();
    let mut fields = why.fields.iter();
    let has_reason =
        why.reason.is_some() || fields.any(|field| field.is(field::CANCEL_REASON_CATEGORY));
    if !has_reason && !cx.terminal.can_ask() {
        return Err(Ending::usage("missing --reason").next(
            "give a category and code such as CUSTOMER_CANCELLED/NOT_RENEWED; bango-ent explain reasons lists them",
        ));
    }
    if confirms && !cx.terminal.can_ask() {
        let message = format!(
            "{verb} needs a confirmation, and without a terminal nothing is asked; nothing was sent"
        );
        return Err(Ending::refused_locally(message).again_with("--yes", "this confirms"));
    }
    // What is there is read before anything is asked about it.
    let asks = confirms || !has_reason && !cx.is_dry_run();
    let read = asks.then(|| cx.send(cx.client()?.get(&id))).transpose()?;
    let status = read.as_ref().and_then(Answer::status);
    if let Some(status @ (Status::Cancelled | Status::Revoked)) = status {
        let status = status.as_str();
        cx.terminal.warn(&format!(
            "it is {status} already; Bango documents CONFLICT for ending it again"
        ));
    }
    if !has_reason {
        why.reason = Some(choose(cx, change)?);
    }
    let body = why.body(cx, None)?;
    if let Some(entitlement) = read.filter(|_| confirms) {
        confirm(cx, &id, &entitlement, change)?;
    }
    Ok((id, body))
}

/// Asks before access is taken away, showing whose access to what it is; nothing has been changed if the answer is no.
fn confirm(cx: &Context, id: &str, entitlement: &Answer, change: Change) -> Result<(), Ending> {
    let text = |name| entitlement.text(name).unwrap_or("?");
    let what = format!(
        "{}{} {} of {} for user {} ({})",
        cx.live_account()?,
        change.verb(),
        text(field::PRODUCT_KEY),
        text(field::MERCHANT_ACCOUNT_KEY),
        text(field::CUSTOMER_IDENTIFIER),
        text(field::STATUS)
    );
    let is_hard = change == Change::Revoke;
    let end = if is_hard {
        "at once"
    } else {
        "with the paid period"
    };
    cx.terminal.statement(&format!("{what}: access ends {end}"));
    let agreed = if is_hard {
        ask::typed(&cx.terminal, id)
    } else {
        ask::yes(&cx.terminal, "Cancel it?")
    };
    if !asked(agreed)? {
        let why = "not confirmed; nothing was changed";
        return Err(Ending::refused_locally(why));
    }
    cx.remember("--yes");
    Ok(())
}

/// The reason itself, or the listed one that was meant: one that looks like a slip is sent only if somebody says so.
fn meant(cx: &Context, given: Reason) -> Result<Reason, Ending> {
    let Some(listed) = given.slip_of() else {
        return Ok(given);
    };
    if cx.terminal.can_ask() {
        let question = format!("{given} is no reason that Bango lists. Send");
        let items = [listed.to_string(), format!("{given}, as you typed it")];
        if asked(ask::choice(&cx.terminal, &question, &items))? > 0 {
            return Ok(given);
        }
        cx.remember("--reason");
        cx.remember(&items[0]);
        return Ok(listed);
    }
    let (category, code) = (field::CANCEL_REASON_CATEGORY, field::CANCEL_REASON_CODE);
    let message =
        format!("{given} is no reason that Bango lists; did you mean {listed}? Nothing was sent");
    Err(Ending::usage(message).next(format!(
        "if it is spelt so on purpose: --field {category}={} --field {code}={} instead of --reason",
        given.category, given.code
    )))
}

/// Reads a reason: the listed ones are offered by completion, any other pair is taken.
#[derive(Debug, Clone)]
struct ReasonParser;

impl TypedValueParser for ReasonParser {
    type Value = Reason;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Reason, clap::Error> {
        let text = value.to_string_lossy();
        Reason::parse(&text).map_err(|_| {
            let end = format!("/{}", text.to_ascii_uppercase());
            let mut names = END_REASONS.iter().map(|(name, _)| *name);
            let near = names.find(|name| name.ends_with(&end));
            let such = near.unwrap_or("CUSTOMER_CANCELLED/NOT_RENEWED");
            let why = format!(
                "--reason must be CATEGORY/CODE, such as {such}; bango-ent explain reasons lists them\n"
            );
            clap::Error::raw(clap::error::ErrorKind::InvalidValue, why).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(END_REASONS.iter().map(|(name, meaning)| {
            PossibleValue::new(*name).help(*meaning)
        })))
    }
}

/// Asks for a listed reason: those first that fit the command, each with its meaning.
fn choose(cx: &Context, change: Change) -> Result<Reason, Ending> {
    let (revoked, cancelled): (Vec<_>, Vec<_>) = END_REASONS
        .iter()
        .partition(|(name, _)| name.starts_with("REVOKED"));
    let reasons = match change {
        Change::Revoke => [revoked, cancelled].concat(),
        _ => [cancelled, revoked].concat(),
    };
    let items: Vec<_> = reasons
        .iter()
        .map(|(name, meaning)| format!("{name}  {meaning}"))
        .collect();
    let question = format!("Why {} it?", change.verb());
    let (name, _) = reasons[asked(ask::choice(&cx.terminal, &question, &items))?];
    cx.remember("--reason");
    cx.remember(name);
    Reason::parse(name).map_err(Ending::usage)
}
