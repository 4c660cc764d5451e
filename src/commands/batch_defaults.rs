//! The flags of `batch` that fill the columns which a row leaves empty, and what else decides what is sent.

use serde_json::{Map, Value, json};

use super::batch_flags::InputArgs;
use super::fields;
use crate::batch::{self, Action, Fallback, Rows, Rules};
use crate::ending::Ending;
use crate::profile::Settings;

/// What fills the columns that a row leaves empty.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct DefaultArgs {
    /// What a row asks for that does not say
    #[arg(long, default_value = "create", value_parser = Action::parse)]
    pub action: Action,

    /// The merchant, where a row names none [default: the profile's]
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    pub merchant: Option<String>,

    /// The product, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    pub product: Option<String>,

    /// The offer, where a row names none
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    pub offer: Option<String>,

    /// The URL for notifications, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "URL", value_parser = fields::notification_url)]
    pub notification_url: Option<String>,

    /// When the entitlement ends, where a row does not say
    #[arg(long, value_name = "DATE", value_parser = fields::expiry)]
    pub expires: Option<String>,

    /// Why, for cancel and revoke, where a row does not say
    #[arg(long, value_name = "CATEGORY/CODE")]
    pub reason: Option<String>,

    /// Why, in your own words, where a row does not say
    #[arg(long, value_name = "TEXT", value_parser = fields::id)]
    pub description: Option<String>,
}

/// What turns cells into rows: flags fill the gaps of every row that takes the field, the profile those of creates.
pub fn rows(args: &DefaultArgs, settings: &Settings) -> Result<Rows, Ending> {
    let of_flags = [
        ("merchant", &args.merchant),
        ("product", &args.product),
        ("offer", &args.offer),
        ("notification_url", &args.notification_url),
        ("expires", &args.expires),
        ("reason", &args.reason),
        ("description", &args.description),
    ];
    let of_profile = [
        ("merchant", &settings.merchant),
        ("product", &settings.product),
        ("notification_url", &settings.notification_url),
    ];
    let rules = Rules {
        notification_url: fields::notification_url,
        expires: fields::expiry,
    };
    let mut defaults = Vec::new();
    let all = of_flags
        .map(|pair| (pair, false))
        .into_iter()
        .chain(of_profile.map(|pair| (pair, true)));
    for ((name, value), of_profile) in all {
        let (Some(column), Some(value)) = (batch::find_column(name), value) else {
            continue;
        };
        if let Err(why) = column.check(value.clone().into(), &rules) {
            let origin = if of_profile {
                "the profile's"
            } else {
                "the flag"
            };
            return Err(Ending::usage(format!(
                "{origin} {name} {value:?} cannot be used: {why}"
            )));
        }
        defaults.push(Fallback {
            column,
            value: value.clone(),
            of_profile,
        });
    }
    Ok(Rows {
        action: args.action,
        defaults,
        rules,
    })
}

/// What decides what is sent, for the journal; no secret is among it.
pub fn decisive(args: &DefaultArgs, input: &InputArgs, settings: &Settings) -> Map<String, Value> {
    let or_profile =
        |flag: &Option<String>, profile: &Option<String>| flag.clone().or_else(|| profile.clone());
    let settings = json!({
        "base-url": settings.base_url.value.as_str(),
        "username": settings.username.as_ref().map(|username| &username.value),
        "action": args.action.as_str(),
        "merchant": or_profile(&args.merchant, &settings.merchant),
        "product": or_profile(&args.product, &settings.product),
        "offer": args.offer,
        "notification-url": or_profile(&args.notification_url, &settings.notification_url),
        "expires": args.expires,
        "reason": args.reason,
        "description": args.description,
        "extra-fields": input.extra_fields,
        "allow-duplicates": input.allow_duplicates,
    });
    match settings {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
