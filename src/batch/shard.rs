//! Which rows are this machine's, when several share an input. Pure.

use std::fmt;
use std::str::FromStr;

/// One of several equal parts of an input: `2/4` is the second of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part; 1 is the first.
    pub index: u32,
    /// How many parts there are.
    pub count: u32,
}

impl Shard {
    /// All rows.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// Tells whether a row with this identity is in the shard.
    pub fn holds(self, identity: u128) -> bool {
        identity % u128::from(self.count) == u128::from(self.index - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let why = || "it must be I/N with I from 1 to N, such as 2/4".to_owned();
        let (index, count) = text.split_once('/').ok_or_else(why)?;
        let shard = Self {
            index: index.parse().map_err(|_| why())?,
            count: count.parse().map_err(|_| why())?,
        };
        if shard.index == 0 || shard.index > shard.count {
            return Err(why());
        }
        Ok(shard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_part_of_a_whole_is_a_shard() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for bad in ["", "2", "0/4", "5/4", "0/0", "-1/4", "1/x", "1/4/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_identity_is_in_exactly_one_shard(identity: u128, count in 1u32..100) {
            let shards = (1..=count).map(|index| Shard { index, count });
            prop_assert_eq!(shards.filter(|shard| shard.holds(identity)).count(), 1);
        }
    }
}
