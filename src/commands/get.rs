//! `get`: reads entitlements.

use serde_json::json;

use super::several::Reads;
use super::{entitlement, fields};
use crate::api::Client;
use crate::api::types::field;
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent get 9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent get 9d6b3a3e-0000-4000-8000-000000000001 --json | jq -r .status\n  \
    bango-ent get ent-1 ent-2 ent-3 --json | jq -r '.entitlements[] | [.entitlementId, .status] | @tsv'\n\n\
    Several are read one after the other, each once. One that cannot be read does not lose the others. \
    For more than a hundred: bango-ent batch FILE --action get."
)]
pub struct Args {
    /// The entitlement, or several
    #[arg(required = true, value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    ids: Vec<String>,
}

pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    if let [id] = &args.ids[..] {
        return cx.call(
            |client| client.get(id),
            |answer| Ok(Report::new(entitlement::shown(&answer, None))),
        );
    }
    Reads::new(field::ENTITLEMENT_ID, args.ids, Vec::new())?
        .run(cx, Client::get, |_, answer| Ok(vec![json!(answer)]))
}
