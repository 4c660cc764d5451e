//! The merchants and products that the sandbox imitates, and how each behaves. It knows no entitlement.

use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use serde::Deserialize;

/// The built-in list, in the format that `--catalog` reads.
const BUILT_IN: &str = include_str!("catalog.toml");

/// What a product does when it is created or changed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// `PENDING`: the user registers first.
    #[default]
    Pending,
    /// `ACTIVE` at once.
    Active,
    /// Refused with `NOT_AVAILABLE`.
    Unavailable,
}

/// What a product does when it is cancelled or revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Termination {
    /// Ended at once.
    #[default]
    Immediate,
    /// Answered 202; the merchant ends it after `seconds`.
    Delayed,
    /// A cancel makes it `ACTIVE-ENDING` for `seconds`; a revoke ends it at once.
    PeriodEnd,
}

/// One product of one merchant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// The `merchantAccountKey`.
    pub merchant: String,
    /// The `productKey`.
    #[serde(rename = "product")]
    pub key: String,
    /// What the registration page calls it.
    pub name: String,
    /// What a create does.
    #[serde(default)]
    pub creation: Start,
    /// Whether a create that is `ACTIVE` at once is answered 201 instead of 200.
    #[serde(default)]
    pub created: bool,
    /// What an update from another product to this one does.
    #[serde(default = "active")]
    pub change: Start,
    /// What a cancel or a revoke does.
    #[serde(default)]
    pub termination: Termination,
    /// How long a delayed termination or the paid period lasts.
    #[serde(default = "five")]
    pub seconds: u32,
}

fn active() -> Start {
    Start::Active
}

fn five() -> u32 {
    5
}

impl Product {
    /// How long a delayed termination or the paid period lasts.
    pub fn period(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }
}

/// All products.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    #[serde(rename = "product")]
    products: Vec<Product>,
}

impl Catalog {
    pub fn built_in() -> Result<Self> {
        Self::parse(BUILT_IN)
    }

    /// Reads a catalog in TOML; one that is empty or lists a product twice is refused.
    pub fn parse(text: &str) -> Result<Self> {
        let catalog: Self = toml_edit::de::from_str(text).map_err(|e| {
            let before = e.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            anyhow!("the catalog is not readable, line {line}: {}", e.message())
        })?;
        ensure!(!catalog.products.is_empty(), "the catalog has no product");
        for (index, product) in catalog.products.iter().enumerate() {
            ensure!(
                !product.merchant.is_empty() && !product.key.is_empty(),
                "the catalog has a product without a key"
            );
            ensure!(
                !catalog.products[..index]
                    .iter()
                    .any(|other| other.merchant == product.merchant && other.key == product.key),
                "the catalog lists {} of {} twice",
                product.key,
                product.merchant
            );
        }
        Ok(catalog)
    }

    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Says whether there is such a merchant.
    pub fn has_merchant(&self, merchant: &str) -> bool {
        self.products.iter().any(|known| known.merchant == merchant)
    }

    /// Finds a product; case matters.
    pub fn find(&self, merchant: &str, product: &str) -> Option<&Product> {
        self.products
            .iter()
            .find(|known| known.merchant == merchant && known.key == product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_products_are_documented() {
        let catalog = Catalog::parse(BUILT_IN).unwrap();
        for product in catalog.products() {
            let row = format!("| `{}` | `{}` |", product.merchant, product.key);
            assert!(
                include_str!("../../docs/sandbox.md").contains(&row),
                "{row}"
            );
        }
    }

    #[test]
    fn a_catalog_with_a_mistake_is_refused() {
        let good = "[[product]]\nmerchant = \"A\"\nproduct = \"B\"\nname = \"C\"\n";
        assert!(Catalog::parse(good).is_ok());
        for bad in [
            "product = []".to_owned(),
            String::new(),
            format!("{good}{good}"),
            format!("{good}colour = 1"),
            format!("{good}creation = \"maybe\""),
            good.replace("\"B\"", "\"\""),
        ] {
            assert!(Catalog::parse(&bad).is_err(), "{bad}");
        }
    }
}
