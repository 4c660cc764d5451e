//! How a sender proves itself, and the header that does it. It compares nothing.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret as _, SecretString};

/// How a sender proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AuthScheme {
    /// HTTP Basic; the secret is user:password
    Basic,
    /// An X-Api-Key header
    ApiKey,
    /// A Bearer token
    Bearer,
}

impl AuthScheme {
    /// The header that carries the secret: its name in lower case, and its value.
    pub fn header(self, secret: &SecretString) -> (&'static str, SecretString) {
        let secret = secret.expose_secret();
        match self {
            Self::Basic => {
                let encoded = BASE64_STANDARD.encode(secret);
                ("authorization", format!("Basic {encoded}").into())
            }
            Self::ApiKey => ("x-api-key", secret.into()),
            Self::Bearer => ("authorization", format!("Bearer {secret}").into()),
        }
    }
}
