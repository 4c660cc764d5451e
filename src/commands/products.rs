//! `products`: what a user may have, by Bango's Product API, whose path only the profile knows.

use serde_json::Value;

use super::fields;
use crate::api::types::field;
use crate::api::{Answer, HeaderName, HeaderValue, Method, Request};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  bango-ent products --user cust-1\n  \
    bango-ent products --user cust-1 --json | jq -r '.eligibleProducts[].productIdentifier'\n\n\
    Bango documents its Product API without the path: ask Bango for it, and set it in the profile \
    ([profiles.NAME.paths] products = \"PATH/YOUR_RESELLER_ID\"), relative to the base URL. The names of the answer's fields are \
    documented. The sandbox does not imitate it.")]
pub struct Args {
    /// Your own id of the user (customerIdentifier)
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    user: String,
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let settings = cx.settings()?;
    let Some(path) = &settings.paths.products else {
        let why = if cx.globals.sandbox {
            "the sandbox does not imitate Bango's Product API"
        } else {
            "the path of Bango's Product API is not set; Bango does not document it"
        };
        return Err(Ending::configuration(why).next(
            "ask Bango for the path, then set products under [profiles.NAME.paths] in the configuration file",
        ));
    };
    // A server may read other bytes as those of another user.
    let user = args.user.is_ascii().then_some(&*args.user);
    let user = user.and_then(|user| HeaderValue::from_str(user).ok());
    let user = user.ok_or_else(|| {
        Ending::usage("--user is sent as a header here, which holds printable ASCII alone")
    })?;
    let headers = vec![(HeaderName::from_static("x-customeridentifier"), user)];
    let place = (Method::GET, &**path, &[][..]);
    let request = Request::any(&settings.base_url.value, place, headers, None);
    let request = request.map_err(Ending::configuration)?;
    cx.call(|_| request, |answer| shown(cx, answer))
}

fn shown(cx: &Context, answer: Answer) -> Result<Report, Ending> {
    let Some(Value::Array(products)) = answer.body.get(field::ELIGIBLE_PRODUCTS) else {
        return Err(Ending::unusable(
            answer,
            "the answer has no list of products",
        ));
    };
    if products.is_empty() {
        cx.terminal.remark("this user may have no product");
    }
    let row = |product: &Value| {
        let cell = |name: &str| match &product[name] {
            Value::Null => Cell::plain(""),
            Value::String(text) => Cell::plain(text),
            other => Cell::plain(other.to_string()),
        };
        [
            "productIdentifier",
            "productStatus",
            "productName",
            "productRank",
            "productDescription",
        ]
        .map(cell)
    };
    let heading = ["Product", "Status", "Name", "Rank", "Description"];
    let table = Block::table(heading, products.iter().map(row)).sparing(&["Description", "Rank"]);
    Ok(Report::new(Shown::new(&answer, table.if_any())))
}
