//! The paths of the operations. Those that Bango does not document are guesses of ours, and a profile can set them right.

use serde::{Deserialize, Serialize};

/// Where an id goes in a path.
const PLACE: &str = "{entitlementId}";

/// The paths that are inferred or not known, relative to the base URL. `{entitlementId}` stands for the id.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Paths {
    /// `PATCH`; update, suspend and resume.
    pub update: String,
    /// `POST`; by analogy with the documented reactivate.
    pub cancel: String,
    /// `POST`; by analogy with the documented reactivate.
    pub revoke: String,
    /// `GET`; the operation is documented, its path is not.
    pub activation_info: String,
    /// `GET`; the Product API is documented, its path is not, and nothing like it is.
    pub products: Option<String>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            update: "entitlement".to_owned(),
            cancel: format!("entitlement/cancel/{PLACE}"),
            revoke: format!("entitlement/revoke/{PLACE}"),
            activation_info: format!("entitlement/{PLACE}/activationInfo"),
            products: None,
        }
    }
}

impl Paths {
    /// Checks that each path stays below the base URL and that those of one entitlement name it.
    pub fn check(&self) -> Result<(), String> {
        let named = [
            ("cancel", &self.cancel),
            ("revoke", &self.revoke),
            ("activation_info", &self.activation_info),
        ];
        let products = self.products.iter().map(|path| ("products", path));
        let others = [("update", &self.update)].into_iter().chain(products);
        for (name, path) in named.into_iter().chain(others) {
            let mut steps = path.split('/').filter(|step| !step.is_empty());
            if steps.clone().next().is_none() || steps.any(|step| matches!(step, "." | "..")) {
                return Err(format!(
                    "the path {name} = {path:?} is empty or has . or .. in it"
                ));
            }
        }
        for (name, path) in named {
            if !path.split('/').any(|step| step == PLACE) {
                return Err(format!(
                    "the path {name} = {path:?} does not say where the id goes; write {PLACE}"
                ));
            }
        }
        Ok(())
    }
}

/// The segments of a path, with the id as one of them.
pub(super) fn segments<'a>(path: &'a str, id: &'a str) -> Vec<&'a str> {
    let filled = |segment| if segment == PLACE { id } else { segment };
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(filled)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_segment_whatever_is_in_it() {
        let paths = Paths::default();
        assert_eq!(
            segments(&paths.cancel, "a/../b"),
            ["entitlement", "cancel", "a/../b"]
        );
        assert_eq!(segments("/x/{entitlementId}/", "1"), ["x", "1"]);
    }

    #[test]
    fn a_path_without_a_place_for_the_id_is_refused() {
        assert!(Paths::default().check().is_ok());
        for cancel in [
            "",
            "/",
            "entitlement/cancel",
            "../{entitlementId}",
            "x{entitlementId}",
        ] {
            let paths = Paths {
                cancel: cancel.to_owned(),
                ..Paths::default()
            };
            assert!(paths.check().is_err(), "{cancel}");
        }
    }
}
