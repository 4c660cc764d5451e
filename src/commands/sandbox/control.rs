//! Reaches a running sandbox for the commands that steer it, and tells how that ended.

use std::time::Duration;

use serde_json::Value;

use crate::api::types::ResponseCode;
use crate::api::value::number;
use crate::context::Context;
use crate::ending::{Code, Effect, Ending};
use crate::sandbox::{ControlError, PROBE_TIMEOUT, RunningSandbox, SandboxOptions};

/// How long somebody who presses Tab waits for a sandbox.
const AT_TAB: Duration = Duration::from_millis(50);

#[derive(Debug, clap::Args)]
pub struct Target {
    /// The port of the sandbox [default: that of --base-url or `BANGO_BASE_URL`, else 4242]
    #[arg(long, value_name = "N", value_parser = number::<u16>)]
    port: Option<u16>,
}

impl Target {
    /// Whether the command line says which sandbox is meant.
    pub fn is_named(&self) -> bool {
        self.port.is_some()
    }
}

/// Finds the sandbox that a command is meant for.
pub fn find(cx: &Context, target: &Target) -> Result<RunningSandbox, Ending> {
    let options = SandboxOptions::from_environment(target.port)
        .map_err(|e| Ending::configuration(format!("{e:#}")))?;
    let origin = match target.port {
        Some(_) => None,
        None => cx.local_origin()?,
    };
    Ok(RunningSandbox::find(&options, origin, PROBE_TIMEOUT)?)
}

/// The merchants and products of the sandbox that runs at this origin, or at the environment's address, for Tab: each with its
/// merchant, its key and its name. Without one, and from one that is slow, nothing.
pub fn products(origin: Option<String>) -> Vec<[String; 3]> {
    let found = SandboxOptions::from_environment(None).ok().map(|options| {
        let sandbox = RunningSandbox::find(&options, origin, AT_TAB)?;
        sandbox.get("/_sandbox/products")
    });
    let document = found.and_then(Result::ok).unwrap_or_default();
    let products = document["products"].as_array().into_iter().flatten();
    let member = |product: &Value, name| product[name].as_str().unwrap_or_default().to_owned();
    products
        .map(|product| {
            ["merchantAccountKey", "productKey", "name"].map(|name| member(product, name))
        })
        .collect()
}

impl From<ControlError> for Ending {
    fn from(error: ControlError) -> Self {
        let message = error.to_string();
        match error {
            ControlError::Absent(_) => Self::new(Code::NotSent, message).run(
                "this starts one; --port names the port of one that runs elsewhere",
                ["sandbox"],
            ),
            ControlError::Other(_) => {
                Self::new(Code::NotSent, message).next("give the port of the sandbox with --port")
            }
            ControlError::Refused {
                status,
                code,
                message,
                document,
            } => {
                let code = ResponseCode::parse(&code);
                let mut ending = Self::new(Code::from(&code), message);
                if matches!(code, ResponseCode::Unauthorized) {
                    ending = ending.next(
                    "set BANGO_SANDBOX_USERNAME and BANGO_SANDBOX_PASSWORD as the sandbox has them",
                );
                }
                ending.name = code.as_str().to_owned().into();
                ending.effect = Effect::Refused;
                ending.http_status = Some(status);
                ending.response = Some(document).filter(|document| !document.is_null());
                ending
            }
            ControlError::Broken(_) => Self::new(Code::OutcomeUnknown, message),
        }
    }
}
