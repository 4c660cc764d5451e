//! Reads who signed a certificate, and when it ends. It judges nothing: what is read here may be forged.

use der::asn1::{AnyRef, GeneralizedTime, ObjectIdentifier, UtcTime};
use der::{Reader as _, SliceReader, Tag};
use jiff::Timestamp;

#[derive(Debug)]
pub struct Certificate {
    pub issuer: String,
    pub ends: Option<Timestamp>,
}

impl Certificate {
    /// Reads the fields of RFC 5280, section 4.1, up to the validity.
    pub(super) fn read(bytes: &[u8]) -> der::Result<Self> {
        let mut fields = inside(&mut inside(&mut SliceReader::new(bytes)?)?)?;
        // Without a version it is the first.
        if Tag::peek(&fields)?.is_context_specific() {
            fields.tlv_bytes()?;
        }
        let _serial_number = fields.tlv_bytes()?;
        let _algorithm = fields.tlv_bytes()?;
        let (mut issuer, mut validity) = (inside(&mut fields)?, inside(&mut fields)?);
        let mut names = Vec::new();
        while !issuer.is_finished() {
            let mut parts = inside(&mut issuer)?;
            while !parts.is_finished() {
                let mut part = inside(&mut parts)?;
                let kind = part.decode::<ObjectIdentifier>()?.to_string();
                let value = String::from_utf8_lossy(part.decode::<AnyRef<'_>>()?.value());
                names.push(format!("{}={value}", short_name(&kind)));
            }
        }
        let _begin = validity.tlv_bytes()?;
        let end = match Tag::peek(&validity)? {
            Tag::UtcTime => validity.decode::<UtcTime>()?.to_unix_duration(),
            _ => validity.decode::<GeneralizedTime>()?.to_unix_duration(),
        };
        let end = jiff::SignedDuration::try_from(end).ok();
        Ok(Self {
            issuer: names.join(", "),
            ends: end.and_then(|end| Timestamp::from_duration(end).ok()),
        })
    }
}

/// What stands inside the next element.
fn inside<'a>(reader: &mut SliceReader<'a>) -> der::Result<SliceReader<'a>> {
    SliceReader::new(reader.decode::<AnyRef<'a>>()?.value())
}

/// What people write for a kind of name.
fn short_name(kind: &str) -> &str {
    match kind {
        "2.5.4.3" => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.25" => "DC",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::Certificate;
    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    fn made(until: i32) -> Vec<u8> {
        let mut params = CertificateParams::default();
        params.not_after = date_time_ymd(until, 5, 6);
        for (kind, name) in [
            (DnType::CountryName, "GB"),
            (DnType::OrganizationName, "Ünit"),
            (DnType::CustomDnType(vec![1, 2, 3]), "x"),
            (DnType::CommonName, "the tests' own"),
        ] {
            params.distinguished_name.push(kind, name);
        }
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        made.der().to_vec()
    }

    #[test]
    fn issuer_and_end_are_read_in_both_forms_of_a_time() {
        for year in [2049, 2050] {
            let read = Certificate::read(&made(year)).unwrap();
            let issuer = "CN=the tests' own, C=GB, O=Ünit, 1.2.3=x";
            assert_eq!(read.issuer, issuer);
            let end = format!("{year}-05-06T00:00:00Z");
            assert_eq!(read.ends.unwrap().to_string(), end);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(at in 0usize..400, byte: u8, bytes: Vec<u8>) {
            let mut broken = made(2049);
            let at = at % broken.len();
            broken[at] = byte;
            let _ = Certificate::read(&broken);
            let _ = Certificate::read(&broken[..at]);
            let _ = Certificate::read(&bytes);
        }
    }
}
