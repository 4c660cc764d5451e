//! `create`: asks a merchant, through Bango, to activate a service for a user.

use std::time::Duration;

use serde_json::{Map, Value};

use super::fields::{self, Field};
use super::next_step;
use super::wait::{self, Patience};
use crate::api::types::field::ENTITLEMENT_ID;
use crate::api::types::{CreateEntitlement, Status};
use crate::api::{Answer, check_text};
use crate::context::{Context, duration};
use crate::ending::Ending;
use crate::failure::Failure;
use crate::profile::Settings;

/// How long a sandbox of this process's own waits for somebody to register.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// The flags of `create`.
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

    /// A name that a user may see (entitlementDisplayName)
    #[arg(long, value_name = "NAME", value_parser = fields::id)]
    display_name: Option<String>,

    /// When Bango ends it for you: ISO 8601; a date is its first moment in UTC (dateExpiry)
    #[arg(long, value_name = "DATE", value_parser = fields::expiry)]
    expires: Option<String>,

    /// Data kept with it: JSON text, @FILE, or - for standard input (extensionData)
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    extension_data: Option<String>,

    /// A body field without a flag of its own: name=text or name:=json; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = fields::field)]
    fields: Vec<Field>,

    #[command(flatten)]
    next: next_step::Args,

    /// Wait until the user has registered, at most this long [default: 10m]
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "10m", value_parser = duration)]
    wait: Option<Duration>,
}

/// Creates an entitlement and shows it.
///
/// # Errors
///
/// A usage error before anything is sent, or whatever the API or the answer earns.
pub fn run(cx: &Context, mut args: Args) -> anyhow::Result<()> {
    complete(cx, &mut args)?;
    let (next, wait) = (args.next, args.wait);
    let (body, has_notification_url) = body(args)?;
    let client = cx.client()?;
    let answer = client.send(client.create(body))?;
    let is_pending = answer.status() == Some(Status::Pending);
    let stays_up = is_pending && cx.has_embedded_sandbox();
    let shown = match wait {
        Some(limit) if is_pending => show_and_wait(cx, next, answer, limit),
        None if stays_up && cx.terminal.is_watched() => stay_up(cx, next, answer),
        _ => next_step::show(cx, next, answer, next_step::after_create),
    };
    if stays_up && !cx.terminal.is_watched() {
        cx.terminal.remark("the registration page is served only while a sandbox runs; bango-ent sandbox starts one");
    }
    if is_pending && wait.is_none() && !stays_up && !has_notification_url {
        cx.terminal.remark(
            "no notification URL was given, so Bango cannot report the activation; read the entitlement to see it",
        );
    }
    shown
}

/// Shows the pending entitlement, waits until it is `ACTIVE`, and shows that; in JSON there is the last document alone.
fn show_and_wait(
    cx: &Context,
    next: next_step::Args,
    answer: Answer,
    limit: Duration,
) -> anyhow::Result<()> {
    let id = answer.text(ENTITLEMENT_ID).unwrap_or_default().to_owned();
    next_step::show_before_wait(cx, next, &answer)?;
    let patience = Patience {
        wanted: Status::Active,
        limit,
        interval: Duration::from_secs(1),
    };
    let ended = wait::until(cx, &id, patience);
    let ended = ended.map_err(|cause| match cause.downcast::<Failure>() {
        Ok(failure) => failure.into(),
        Err(cause) => Failure::AfterCreate {
            answer: answer.into(),
            cause,
        }
        .into(),
    });
    wait::show(cx, ended)
}

/// Keeps the sandbox of this process up until the user has registered on its page; Ctrl-C leaves it pending.
fn stay_up(cx: &Context, next: next_step::Args, answer: Answer) -> anyhow::Result<()> {
    cx.terminal.remark(
        "the sandbox stays up until you have registered; Ctrl-C leaves the entitlement pending",
    );
    let ended = show_and_wait(cx, next, answer, A_DAY);
    match ended.as_ref().err().and_then(|error| error.downcast_ref()) {
        Some(Failure::WaitInterrupted(_)) => {
            cx.terminal
                .remark("left pending; bango-ent sandbox serves the page again");
            Ok(())
        }
        _ => ended,
    }
}

/// Fills in what the profile has, and asks for the rest if somebody is there.
///
/// If anything must be asked, merchant and product are asked too, with the profile's values to be confirmed.
fn complete(cx: &Context, args: &mut Args) -> anyhow::Result<()> {
    let settings = cx.settings()?;
    check_defaults(settings)?;
    if args.notification_url.is_none() {
        args.notification_url.clone_from(&settings.notification_url);
    }
    let wanted = [
        (
            "--user",
            "User (your own id of them)",
            &mut args.user,
            &None,
        ),
        (
            "--merchant",
            "Merchant (merchantAccountKey)",
            &mut args.merchant,
            &settings.merchant,
        ),
        (
            "--product",
            "Product (productKey)",
            &mut args.product,
            &settings.product,
        ),
    ];
    let is_missing =
        |given: &Option<String>, default: &Option<String>| given.is_none() && default.is_none();
    let missing: Vec<_> = wanted
        .iter()
        .filter(|(_, _, given, default)| is_missing(given, default))
        .map(|(flag, ..)| *flag)
        .collect();
    if !missing.is_empty() && !cx.terminal.can_ask() {
        return Err(Ending::usage(format!("missing {}", missing.join(", ")))
            .next("give the flags; nobody can be asked, because this is not a terminal")
            .into());
    }
    for (flag, question, given, default) in wanted {
        if given.is_some() {
            continue;
        }
        if missing.is_empty() {
            given.clone_from(default);
            continue;
        }
        *given = Some(cx.ask(flag, question, default.as_deref(), check_text)?);
    }
    Ok(())
}

/// Holds the profile's values to what is demanded of flags.
fn check_defaults(settings: &Settings) -> Result<(), Ending> {
    let id = |text: &String| check_text(text).map_err(str::to_owned);
    let url = |text: &String| fields::notification_url(text).map(|_| ());
    let checks = [
        ("merchant", settings.merchant.as_ref().map(id)),
        ("product", settings.product.as_ref().map(id)),
        (
            "notification_url",
            settings.notification_url.as_ref().map(url),
        ),
    ];
    for (name, check) in checks {
        if let Some(Err(why)) = check {
            return Err(bad_default(name, &why));
        }
    }
    Ok(())
}

fn bad_default(name: &str, why: &str) -> Ending {
    Ending::configuration(format!("the profile's {name} cannot be used: {why}"))
}

/// The body of the request, and whether Bango has somewhere to report to.
fn body(args: Args) -> Result<(Map<String, Value>, bool), Ending> {
    let extension_data = args
        .extension_data
        .as_deref()
        .map(fields::extension_data)
        .transpose()?;
    let entitlement = CreateEntitlement {
        customer_identifier: args.user.unwrap_or_default(),
        merchant_account_key: args.merchant.unwrap_or_default(),
        product_key: args.product.unwrap_or_default(),
        offer_key: args.offer,
        notification_url: args.notification_url,
        entitlement_id: args.entitlement_id,
        date_expiry: args.expires,
        display_name: args.display_name,
        extension_data,
    };
    let mut body = entitlement.body();
    fields::add(&mut body, args.fields)?;
    let has_notification_url = body.contains_key(crate::api::types::field::NOTIFICATION_URL);
    Ok((body, has_notification_url))
}
