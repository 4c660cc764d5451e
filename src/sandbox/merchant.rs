//! What merchant and user do on their own account, without the reseller: from a page, or from the control API.

use super::answer::ApiRefusal;
use super::call::{Call, check_live, forbidden};
use super::operations;
use super::record::{Status, StoredEntitlement};

/// What a merchant may do on its own account but change the product: the name in a form, the button, and the status it leads to.
pub const ACTS: [(&str, &str, Status); 5] = [
    ("suspend", "Suspend", Status::Suspended),
    ("resume", "Resume", Status::Active),
    ("cancel", "End", Status::Cancelled),
    ("revoke", "Revoke", Status::Revoked),
    ("fail", "Fail", Status::Failed),
];

/// Whether it can be done to an entitlement with this status.
pub fn is_possible((name, _, to): &(&str, &str, Status), status: Status) -> bool {
    status.can_become(*to) && (*name != "resume" || status != Status::Pending)
}

/// Does one of them, or changes the product to another; the caller saves it.
pub fn act(
    call: &mut Call,
    record: &mut StoredEntitlement,
    name: &str,
    product: &str,
) -> Result<(), ApiRefusal> {
    check_live(record)?;
    if name == "product" {
        let catalog = &call.config.options.catalog;
        let product = catalog.find(&record.shown.merchant_account_key, product);
        let product = product.ok_or_else(|| ApiRefusal::invalid("productKey"))?;
        operations::check_available(product)?;
        operations::change_product(call, record, product)?;
        return Ok(());
    }
    let act = ACTS.iter().find(|(known, ..)| *known == name);
    let act = act.ok_or_else(|| ApiRefusal::invalid("act"))?;
    let to = act.2;
    if !is_possible(act, record.status()) {
        return Err(forbidden(record.status(), to));
    }
    call.transition(record, to, "the merchant")
}

/// Lets the user complete the registration, or decline it; the caller saves it.
pub fn register(
    call: &mut Call,
    record: &mut StoredEntitlement,
    declines: bool,
) -> Result<(), ApiRefusal> {
    if declines {
        return call.transition(record, Status::Cancelled, "the user, who declined");
    }
    call.transition(record, Status::Active, "the user, on the registration page")
}
