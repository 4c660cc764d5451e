//! Short keys by which a million texts are told apart, in place of the texts. They hold for one run alone.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use uuid::Uuid;

/// Makes keys; no two runs make the same, so that no input can be made to collide.
#[derive(Debug, Clone, Default)]
pub struct IdHasher(RandomState, RandomState);

/// A key of an id: two ids with one key do not happen.
pub type IdHash = (u64, u64);

/// The key of no id.
pub const NO_ID: IdHash = (0, 0);

impl IdHasher {
    /// The key of an id. An empty one has the key zero, and a UUID is the same in capitals.
    pub fn id(&self, text: &[u8]) -> IdHash {
        if text.is_empty() {
            return NO_ID;
        }
        match uuid(text) {
            // The nil UUID would be no id.
            Some(uuid) if !uuid.is_nil() => uuid.as_u64_pair(),
            _ => (self.0.hash_one(text), self.1.hash_one(text)),
        }
    }

    /// Makes a key of anything.
    pub fn hasher(&self) -> impl Hasher {
        self.0.build_hasher()
    }

    /// The key of several texts together; zero if all are empty.
    pub fn of<T: AsRef<[u8]>>(&self, texts: impl IntoIterator<Item = T>) -> u64 {
        let mut hasher = self.0.build_hasher();
        let mut is_empty = true;
        for text in texts {
            let text = text.as_ref();
            is_empty &= text.is_empty();
            text.hash(&mut hasher);
        }
        if is_empty { 0 } else { hasher.finish() }
    }
}

/// An id that is a UUID, as everybody spells one.
fn uuid(text: &[u8]) -> Option<Uuid> {
    let is_usual = text.len() == 36;
    is_usual.then(|| Uuid::try_parse_ascii(text).ok())?
}

/// Whether two ids are the same.
pub fn is_same_id(a: &str, b: &str) -> bool {
    a == b || uuid(a.as_bytes()).is_some_and(|a| uuid(b.as_bytes()) == Some(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_of_what_is_meant() {
        let keys = IdHasher::default();
        let (small, big) = (
            "9d6b3a3e-0000-4000-8000-00000000000a",
            "9D6B3A3E-0000-4000-8000-00000000000A",
        );
        assert_eq!(keys.id(small.as_bytes()), keys.id(big.as_bytes()));
        assert!(is_same_id(small, big) && !is_same_id("a", "A"));
        assert_ne!(keys.id(b"a"), keys.id(b"A"));
        assert_ne!(keys.id(Uuid::nil().to_string().as_bytes()), NO_ID);
        assert_ne!(keys.of(["ab", "c"]), keys.of(["a", "bc"]));
        assert_eq!((keys.id(b""), keys.of(["", ""])), (NO_ID, 0));
    }
}
