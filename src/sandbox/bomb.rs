//! A gzip body that is under seven mebibytes on the wire and one gibibyte unpacked, made while it is sent.

use std::time::Duration;

use crate::server::{Body, Response};

/// The gzip header: deflate, no name, no time.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// How often the pattern is repeated: a literal space and then runs of 258 spaces, a little over a gibibyte in all.
const PIECES: usize = 1_000;
const RUNS_PER_PIECE: usize = 4_200;
/// The CRC-32 of that many spaces, and their number.
const TRAILER: [u32; 2] = [0xd31a_09cc, 1_083_601_000];

/// Returns the answer.
#[must_use]
pub fn response() -> Response {
    let mut response = Response::new(200, "application/json", "");
    response
        .headers
        .push(("content-encoding", "gzip".to_owned()));
    let first = std::iter::once(HEADER.to_vec());
    let blocks = std::iter::repeat_with(block).take(PIECES);
    let mut end = vec![0x03, 0x00];
    end.extend(TRAILER.map(u32::to_le_bytes).as_flattened());
    let body = first.chain(blocks).chain(std::iter::once(end));
    response.body = Body::Pieces(Box::new(body), Duration::ZERO);
    response
}

/// Returns one deflate block of fixed codes, padded to a byte with an empty stored block as its end.
fn block() -> Vec<u8> {
    let mut bits = Bits::default();
    // Not the last block; fixed Huffman codes.
    bits.push(0b0, 1);
    bits.push(0b01, 2);
    // The literal 0x20: code 0x30 + 0x20 in eight bits, most significant bit first.
    bits.push_code(0x50, 8);
    for _ in 0..RUNS_PER_PIECE {
        // Length 258 is symbol 285: code 0b11000101. Distance 1 is code 0.
        bits.push_code(0b1100_0101, 8);
        bits.push_code(0, 5);
    }
    bits.push_code(0, 7);
    bits.push(0b000, 3);
    bits.align();
    bits.bytes.extend([0x00, 0x00, 0xff, 0xff]);
    bits.bytes
}

/// Packs bits as deflate does: the least significant bit of a byte first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u8,
}

impl Bits {
    fn push(&mut self, value: u32, count: u8) {
        for place in 0..count {
            if self.used == 0 {
                self.bytes.push(0);
            }
            let bit = u8::from(value >> place & 1 == 1);
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << self.used;
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// Huffman codes go most significant bit first.
    fn push_code(&mut self, code: u32, count: u8) {
        for place in (0..count).rev() {
            self.push(code >> place, 1);
        }
    }

    fn align(&mut self) {
        self.used = 0;
    }
}
