//! `create`: asks a merchant, through Bango, to activate a service for a user.

use std::ffi::OsString;
use std::time::Duration;

use serde_json::{Map, Value};

use super::entitlement;
use super::fields::{self, Field};
use super::next_step::{self, REGISTERS_HERE};
use super::wait::{self, WaitOptions};
use crate::api::types::{Status, field};
use crate::api::{Answer, NextStep, check_text};
use crate::context::{Context, duration};
use crate::ending::{Code, Ending};
use crate::report::Report;

/// How long a sandbox of this process's own waits for somebody to register.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent create --user cust-1 --merchant BANGO --product BangoMusic\n  \
    bango-ent create --user cust-1 --merchant BANGO --product BangoMusic --json | jq -r .entitlementId\n  \
    bango-ent create --user cust-1 --merchant BANGO --product BangoMusic --dry-run\n\n\
    Missing --user, --merchant and --product are asked for at a terminal. \
    After exit code 30 repeat the command that the message shows: it carries the same --request-id."
)]
pub struct Args {
    /// Your own, lasting id of the user (customerIdentifier)
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    user: Option<String>,

    /// The merchant, as issued by Bango; case matters (merchantAccountKey) [default: the profile's]
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    merchant: Option<String>,

    /// The service, as issued by Bango; case matters (productKey) [default: the profile's]
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    product: Option<String>,

    /// The offer, where one applies (offerKey)
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    offer: Option<String>,

    /// Where Bango posts changes of the entitlement (notificationUrl) [default: the profile's]
    #[arg(long, value_name = "URL", value_parser = fields::notification_url)]
    notification_url: Option<String>,

    /// Your own id for the entitlement; Bango recommends to leave it out (entitlementId)
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    entitlement_id: Option<String>,

    /// Your own id for the entitlement on Bango's newer platform, beside Bango's (externalEntitlementId)
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    external_id: Option<String>,

    /// A name that a user may see (entitlementDisplayName)
    #[arg(long, value_name = "NAME", value_parser = fields::id)]
    display_name: Option<String>,

    /// When Bango ends it for you: ISO 8601; a date is its first moment in UTC (dateExpiry)
    #[arg(long, value_name = "DATE", value_parser = fields::expiry)]
    expires: Option<String>,

    /// Data kept with it: JSON text, @FILE, or - for standard input (extensionData)
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    extension_data: Option<OsString>,

    /// A body field without a flag of its own: name=text or name:=json; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = fields::name_and_value)]
    fields: Vec<Field>,

    #[command(flatten)]
    next: next_step::Args,

    /// Wait until the user has registered, at most this long [default: 10m]
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "10m", value_parser = duration)]
    wait: Option<Duration>,
}

pub fn run(cx: &Context, mut args: Args) -> Result<Report, Ending> {
    complete(cx, &mut args)?;
    let (next, wait) = (args.next, args.wait);
    let (user, product) = (args.user.clone(), args.product.clone());
    let body = body(args)?;
    let has_notification_url = body.contains_key(field::NOTIFICATION_URL);
    let created = cx.call(
        |client| client.create(body),
        |answer| {
            let is_pending = answer.status() == Some(Status::Pending);
            let stays_up = is_pending && cx.has_embedded_sandbox();
            if let Some(limit) = wait.filter(|_| is_pending) {
                return wait_for(cx, next, answer, limit);
            }
            if stays_up && cx.terminal.is_watched() {
                return stay_up(cx, next, answer);
            }
            let report = next_step::report(cx, next, answer, None, Answer::created)?;
            Ok(if is_pending && !stays_up && !has_notification_url {
                report.remark("no notification URL was given; unless your account has a default one, only reading it shows the activation: bango-ent wait does")
            } else {
                report
            })
        },
    );
    // What shows an entitlement that may be there already, where a refusal or a lost answer leaves that open.
    let (user, product) = (user.unwrap_or_default(), product.unwrap_or_default());
    let list = ["list", "--user", &user, "--product", &product];
    created.map_err(|ending| {
        if ending.is_maximum_reached() {
            ending.run("the user already has this service; this shows it", list)
        } else if ending.code == Code::OutcomeUnknown && !ending.repeat {
            ending.run("this shows what there is; never create afresh before", list)
        } else {
            ending
        }
    })
}

/// Says where the user must go, waits until the entitlement is `ACTIVE`, and shows that.
fn wait_for(
    cx: &Context,
    next: next_step::Args,
    created: Answer,
    limit: Duration,
) -> Result<Report, Ending> {
    let url = match created.created() {
        NextStep::Visit(url) => next_step::checked_url(cx, &created, url)?.ok(),
        _ => None,
    };
    let Some(url) = url else {
        return next_step::report(cx, next, created, None, Answer::created);
    };
    entitlement::warn_of_contradiction(cx, &created);
    let id = created.entitlement_id().unwrap_or_default();
    cx.terminal.literal("entitlement", id);
    cx.terminal.statement(REGISTERS_HERE);
    cx.terminal.statement(url.as_str());
    next_step::tell_expiry(cx, &created);
    next.visit.follow(&url)(&cx.terminal);
    let options = WaitOptions {
        wanted: Status::Active,
        limit,
        interval: Duration::from_secs(1),
    };
    let report = match wait::until(cx, id, options) {
        Ok(answer) => Report::new(entitlement::shown(&answer, None)),
        Err(ending) if ending.answer.is_some() => wait::unreached(ending),
        Err(ending) => Report::from(Ending {
            message: after_creation(&ending.message),
            name: ending.name,
            http_status: ending.http_status,
            next: ending.next,
            ..Ending::new(ending.code, "").about(created.clone())
        }),
    };
    Ok(report.acted(&created))
}

fn after_creation(message: &str) -> String {
    match message.strip_prefix("the entitlement ") {
        Some(rest) => format!("the entitlement was created, but it {rest}"),
        None => format!("the entitlement was created, but waiting for it failed: {message}"),
    }
}

/// Keeps the sandbox of this process up until the user has registered on its page; Ctrl-C leaves it pending.
fn stay_up(cx: &Context, next: next_step::Args, created: Answer) -> Result<Report, Ending> {
    cx.terminal.remark(
        "the sandbox stays up until you have registered; Ctrl-C leaves the entitlement pending",
    );
    let report = wait_for(cx, next, created, A_DAY)?;
    if report.code() == Code::Interrupted {
        let answer = report.ending.and_then(|ending| ending.answer);
        let report = Report {
            shown: answer.map(|answer| entitlement::shown(&answer, None)),
            ..Report::default()
        };
        return Ok(report.remark("left pending; bango-ent sandbox serves the page again"));
    }
    Ok(report)
}

/// Bango's test merchant, which the sandbox has unless it is told otherwise.
const TEST: [(&str, &str); 2] = [("--merchant", "BANGO"), ("--product", "BangoMusic")];

/// Fills in what the profile has, and asks for the rest if somebody is there.
///
/// If anything must be asked, merchant and product are asked too, with the profile's values to be confirmed.
fn complete(cx: &Context, args: &mut Args) -> Result<(), Ending> {
    let settings = cx.settings()?;
    let (merchant, product) = (settings.merchant.as_ref(), settings.product.as_ref());
    let url = settings.notification_url.as_ref();
    // The profile's values are held to what is demanded of flags.
    for (name, checked) in [
        ("merchant", merchant.map(|text| fields::id(text))),
        ("product", product.map(|text| fields::id(text))),
        (
            "notification_url",
            url.map(|text| fields::notification_url(text)),
        ),
    ] {
        if let Some(Err(why)) = checked {
            let message = format!("the profile's {name} cannot be used: {why}");
            return Err(Ending::configuration(message));
        }
    }
    args.notification_url = args.notification_url.take().or_else(|| url.cloned());
    #[rustfmt::skip]
    let wanted = [
        ("--user", "User (customerIdentifier, your id of the user)", &mut args.user, None),
        ("--merchant", "Merchant (merchantAccountKey)", &mut args.merchant, merchant),
        ("--product", "Product (productKey)", &mut args.product, product),
    ];
    let missing = wanted
        .iter()
        .filter(|(_, _, given, default)| given.is_none() && default.is_none());
    let missing: Vec<_> = missing.map(|(flag, ..)| *flag).collect();
    if !missing.is_empty() && !cx.terminal.can_ask() {
        return Err(Ending::usage(format!("missing {}", missing.join(", ")))
            .next("give the flags; without a terminal nothing is asked for"));
    }
    for (flag, question, given, default) in wanted {
        if given.is_none() && missing.is_empty() {
            *given = default.cloned();
        } else if given.is_none() {
            let test = TEST
                .iter()
                .find(|(of, _)| cx.globals.sandbox && *of == flag);
            let default = default.map(String::as_str);
            let default = default.or(test.map(|(_, value)| *value));
            *given = Some(cx.ask(flag, question, default, check_text)?);
        }
    }
    Ok(())
}

fn body(args: Args) -> Result<Map<String, Value>, Ending> {
    let texts = [
        (field::CUSTOMER_IDENTIFIER, args.user),
        (field::MERCHANT_ACCOUNT_KEY, args.merchant),
        (field::PRODUCT_KEY, args.product),
        (field::OFFER_KEY, args.offer),
        (field::NOTIFICATION_URL, args.notification_url),
        (field::ENTITLEMENT_ID, args.entitlement_id),
        (field::EXTERNAL_ENTITLEMENT_ID, args.external_id),
        (field::DATE_EXPIRY, args.expires),
        (field::DISPLAY_NAME, args.display_name),
    ];
    fields::body(texts, args.extension_data.as_deref(), args.fields)
}
