//! What the fields of a request say about it.

use crate::guest::http::{self, Head};

const MAX_HOST: usize = 255;

/// Finds the one Host field as it came, and its name in lower case without port
/// and without www.
pub fn read_host<'a>(head: &Head<'a>) -> Option<(&'a [u8], Vec<u8>)> {
    let host = head.single("host").filter(|host| host.len() <= MAX_HOST)?;
    let (raw, port) = match http::cut(host, b":") {
        Some((raw, port)) => (raw, Some(port)),
        None => (host, None),
    };
    let is_port = |port: &[u8]| port.len() <= 5 && http::decimal(port).is_some();
    if !is_name(raw) || !port.map_or(true, is_port) {
        return None;
    }
    let mut name = raw.to_ascii_lowercase();
    if name.starts_with(b"www.") && name.len() > 4 {
        name.drain(..4);
    }
    Some((host, name))
}

fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.'))
}

pub fn origin_of(name: Vec<u8>) -> Vec<u8> {
    match &name[..] {
        b"example.com" => b"web.origin.internal".to_vec(),
        b"shop.example.com" => b"shop.origin.internal".to_vec(),
        b"img.example.com" => b"images.origin.internal".to_vec(),
        _ => name,
    }
}

/// Two lengths, or a length beside chunks, are how requests are smuggled.
pub fn ambiguous(head: &Head) -> bool {
    let is_length = |name| listed(name, &["content-length", "transfer-encoding"]);
    head.fields.iter().filter(|f| is_length(f.name)).count() > 1
}

pub fn dropped(head: &Head, name: &[u8]) -> bool {
    const ALWAYS: &[&str] = &[
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
        "te", "trailer", "upgrade", "x-forwarded-proto", "x-forwarded-host", "x-bucket",
    ];
    const NEVER: &[&str] = &["host", "content-length", "transfer-encoding", "cookie"];
    if listed(name, ALWAYS) || http::has_prefix(name, "x-internal-") {
        return true;
    }
    !listed(name, NEVER) && nominated(head, name)
}

fn listed(name: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| http::is(name, word))
}

/// A Connection field names it as meant for this hop.
fn nominated(head: &Head, name: &[u8]) -> bool {
    parts(head, "connection", b',').any(|part| part.eq_ignore_ascii_case(name))
}

/// The trimmed parts of all fields of a name.
fn parts<'a>(head: &'a Head, name: &'a str, separator: u8) -> impl Iterator<Item = &'a [u8]> {
    let named = head.fields.iter().filter(move |f| http::is(f.name, name));
    named.flat_map(move |f| f.value.split(move |&c| c == separator)).map(http::trim)
}

pub fn bucket(head: &Head) -> &'static [u8] {
    let uid = parts(head, "cookie", b';').find_map(|part| part.strip_prefix(b"uid=").filter(|uid| !uid.is_empty()));
    match uid.map(fnv1a) {
        Some(hash) if hash % 100 >= 80 => b"b",
        _ => b"a",
    }
}

fn fnv1a(text: &[u8]) -> u64 {
    text.iter().fold(14695981039346656037, |hash, &c| (hash ^ u64::from(c)).wrapping_mul(1099511628211))
}
