//! `update`: changes fields of an entitlement.

use std::ffi::OsString;

use serde_json::{Map, Value};

use super::fields::{self, Field};
use super::next_step;
use crate::api::Answer;
use crate::api::types::field;
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent update 9d6b3a3e-0000-4000-8000-000000000001 --product MUSIC_PREMIUM\n  \
    bango-ent update 9d6b3a3e-0000-4000-8000-000000000001 --expires 2027-12-31 --dry-run\n\n\
    Only the fields that are given are sent. That updates go to PATCH /entitlement is inferred; \
    a profile can set another path ([profiles.NAME.paths] update = \"…\")."
)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,

    /// Another product (productKey)
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    product: Option<String>,

    /// Another place for notifications (notificationUrl)
    #[arg(long, value_name = "URL", value_parser = fields::notification_url)]
    notification_url: Option<String>,

    /// Another end: ISO 8601; a date is its first moment in UTC (dateExpiry)
    #[arg(long, value_name = "DATE", value_parser = fields::expiry)]
    expires: Option<String>,

    /// Other data kept with it: JSON text, @FILE, or - for standard input (extensionData)
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    extension_data: Option<OsString>,

    /// Another id of the user (customerIdentifier)
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    user: Option<String>,

    /// A body field without a flag of its own: name=text or name:=json; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = fields::name_and_value)]
    fields: Vec<Field>,

    #[command(flatten)]
    next: next_step::Args,
}

pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    let (id, next) = (args.id.clone(), args.next);
    let body = body(args)?;
    cx.call(
        |client| client.update(&id, body),
        |answer| next_step::report(cx, next, answer, None, Answer::updated),
    )
}

fn body(args: Args) -> Result<Map<String, Value>, Ending> {
    let texts = [
        (field::PRODUCT_KEY, args.product),
        (field::NOTIFICATION_URL, args.notification_url),
        (field::DATE_EXPIRY, args.expires),
        (field::CUSTOMER_IDENTIFIER, args.user),
    ];
    let body = fields::body(texts, args.extension_data.as_deref(), args.fields)?;
    if body.is_empty() {
        let why = "there is nothing to change; give at least one field, see update --help";
        return Err(Ending::usage(why));
    }
    let fixed = [field::ENTITLEMENT_ID, field::STATUS];
    if let Some(name) = fixed.into_iter().find(|name| body.contains_key(*name)) {
        return Err(Ending::usage(format!("{name} cannot be updated"))
            .next("suspend, resume, cancel and revoke change the status"));
    }
    Ok(body)
}
