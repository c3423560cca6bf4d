//! Base64url (RFC 4648, section 5) as JSON Web Tokens have it: no padding, and
//! none of the bits that are left over may be set.

pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.chunks(4) {
        let mut bits = 0u32;
        for &c in group {
            bits = bits << 6 | value(c)?;
        }
        // 4 digits are 3 bytes; 3 are 2 bytes and 2 bits; 2 are a byte and 4.
        let left_over = group.len() * 6 % 8;
        if bits & ((1 << left_over) - 1) != 0 {
            return None;
        }
        let bytes = (bits >> left_over).to_be_bytes();
        out.extend_from_slice(&bytes[bytes.len() - group.len() * 6 / 8..]);
    }
    Some(out)
}

fn value(c: u8) -> Option<u32> {
    let value = match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}
