//! What a merchant may do to an entitlement on its own account, from the dashboard's buttons.

use super::answer::{Code, Stop};
use super::call::Call;
use super::page::{self, Form};
use super::record::Status;
use super::update;
use crate::server::Response;

/// One act of a merchant: its name in a form, what its button says, and the status that it leads to.
pub struct Act {
    /// The name.
    pub name: &'static str,
    /// The button.
    pub button: &'static str,
    /// The status.
    pub to: Status,
}

/// Every act but a change of product.
pub const ACTS: [Act; 5] = [
    Act {
        name: "suspend",
        button: "Suspend",
        to: Status::Suspended,
    },
    Act {
        name: "resume",
        button: "Resume",
        to: Status::Active,
    },
    Act {
        name: "cancel",
        button: "End",
        to: Status::Cancelled,
    },
    Act {
        name: "revoke",
        button: "Revoke",
        to: Status::Revoked,
    },
    Act {
        name: "fail",
        button: "Fail",
        to: Status::Failed,
    },
];

/// The purpose of the form tokens of all buttons.
pub const PURPOSE: &str = "merchant";

/// Does what a button asked for, and returns to the dashboard.
pub fn act(call: &mut Call) -> Result<Response, Stop> {
    let Some(form) = Form::read(call, PURPOSE)? else {
        return Ok(page::stale_form());
    };
    let mut record = call.entitlement(call.argument)?;
    match form.field("act") {
        // Not a merchant's act, but the user's way in: a fresh link to the page.
        "register" if record.status() == Status::Pending => {
            let (url, _) = call.new_link(&record)?;
            return Ok(page::see_other(url));
        }
        "product" => {
            let key = form.field("product").to_owned();
            let merchant = record.text("merchantAccountKey");
            let product = call.settings.catalog.find(merchant, &key);
            let change = product.ok_or_else(|| Stop::invalid("product"))?.change;
            if !record.status().is_live() {
                return Err(Stop::Refused(
                    Code::Conflict,
                    "the entitlement has ended".to_owned(),
                ));
            }
            update::change_product(call, &mut record, &key, change)?;
        }
        name => {
            let act = ACTS.iter().find(|act| act.name == name);
            let act = act.ok_or_else(|| Stop::invalid("act"))?;
            call.enter(&mut record, act.to, "the merchant")?;
        }
    }
    call.tables.save(&record)?;
    Ok(page::see_other(format!("/#{}", anchor(record.sequence))))
}

/// Returns the id of an entitlement's card on the dashboard.
#[must_use]
pub fn anchor(sequence: u64) -> String {
    format!("e{sequence}")
}
