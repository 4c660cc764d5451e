//! How a login ends: the profile as it was saved.

use serde::Serialize;

use crate::api::BaseUrl;
use crate::profile::{Editor, Environment, Profile};
use crate::terminal::{Block, Cell, Show, Tone};

/// What was saved.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Saved {
    profile: String,
    is_default: bool,
    username: String,
    base_url: String,
    environment: Option<&'static str>,
    password_place: String,
    verified: bool,
    config_file: String,
}

impl Saved {
    pub(super) fn new(name: &str, profile: &Profile, editor: &Editor, verified: bool) -> Self {
        let base_url = profile.base_url.as_deref().unwrap_or(BaseUrl::DOCUMENTED);
        Self {
            profile: name.to_owned(),
            is_default: editor.config().default_profile.as_deref() == Some(name),
            username: profile.username.clone().unwrap_or_default(),
            base_url: base_url.to_owned(),
            environment: profile.environment.map(Environment::as_str),
            password_place: profile.password_place(name),
            verified,
            config_file: editor.path().display().to_string(),
        }
    }
}

impl Show for Saved {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let verified = if self.verified {
            Cell::toned("yes, Bango took them", Tone::Good)
        } else {
            Cell::toned("no", Tone::Warn)
        };
        let default = if self.is_default {
            " (the default)"
        } else {
            ""
        };
        vec![Block::Record(vec![
            (
                "Saved profile",
                Cell::plain(format!("{}{default}", self.profile)),
            ),
            ("User", Cell::plain(&self.username)),
            ("Base URL", Cell::plain(&self.base_url)),
            (
                "Environment",
                Cell::plain(self.environment.unwrap_or("not said")),
            ),
            ("Password", Cell::plain(&self.password_place)),
            ("Credentials tried", verified),
            ("Configuration file", Cell::plain(&self.config_file)),
        ])]
    }
}
