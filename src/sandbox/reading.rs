//! The operations that only read: `get`, `report`, `activationInfo` and `echo`.

use serde_json::{Value, json};

use super::answer::{Answer, Code, Stop};
use super::call::Call;
use super::fields;
use super::record::Status;

/// Returns one entitlement.
pub fn get(call: &mut Call) -> Result<Answer, Stop> {
    Ok(Answer::showing(&call.entitlement(call.argument)?))
}

/// Returns the entitlements of one customer, narrowed by product and status.
pub fn report(call: &mut Call) -> Result<Answer, Stop> {
    let body = fields::object(call.request)?;
    let customer = fields::required(&body, "customerIdentifier")?;
    let product = fields::optional(&body, "productKey")?;
    let status = fields::optional(&body, "status")?;
    if status.is_some_and(|status| Status::named(status).is_none()) {
        return Err(Stop::invalid("status"));
    }
    let found = call
        .tables
        .of_customer(customer)?
        .into_iter()
        .filter(|record| {
            product.is_none_or(|key| record.text("productKey") == key)
                && status.is_none_or(|status| record.text("status") == status)
        });
    let entitlements: Vec<Value> = found.map(|record| Value::Object(record.fields)).collect();
    let mut answer = Answer::new(Code::Ok, "Success", json!({}));
    answer
        .body
        .insert("entitlements".to_owned(), entitlements.into());
    Ok(answer)
}

/// Returns a fresh registration link for an entitlement that is pending.
pub fn activation_info(call: &mut Call) -> Result<Answer, Stop> {
    let record = call.entitlement(call.argument)?;
    if record.status() != Status::Pending {
        let message = format!(
            "an entitlement that is {} has nothing to activate",
            record.status().name()
        );
        return Err(Stop::Refused(Code::Conflict, message));
    }
    let (url, expires) = call.new_link(&record)?;
    Ok(Answer::sending_to(&record, Code::Ok, &url, &expires))
}

#[expect(clippy::unnecessary_wraps, reason = "every operation has this shape")]
/// Returns the id that was sent, to show that the service is there.
pub fn echo(call: &mut Call) -> Result<Answer, Stop> {
    let mut answer = Answer::new(Code::Ok, "Success", Value::Null);
    answer.body.shift_remove("parameters");
    answer.body.insert("echo".to_owned(), call.argument.into());
    Ok(answer)
}
