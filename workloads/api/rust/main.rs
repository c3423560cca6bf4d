//! api: a JSON microservice. The manifest states the rules; go/ is the same
//! program over Go's standard library.

#![cfg_attr(target_family = "wasm", no_main)]

#[path = "../../guest/rust/guest.rs"]
mod guest;

mod catalogue;
mod json;
mod order;
mod writer;

use guest::http::{self, Head};
use writer::Writer;

guest::serve!(handle);

/// A response before it is written: a status, perhaps one field of its own, and
/// the JSON of the body.
pub struct Reply {
    status: &'static str,
    field: Option<(&'static str, String)>,
    body: Writer,
}

impl Reply {
    pub fn new(status: &'static str, body: Writer) -> Reply {
        Reply { status, field: None, body }
    }

    pub fn refuse(status: &'static str, reason: &str) -> Reply {
        let mut body = Writer::default();
        body.object(|o| o.text("error", reason));
        Reply::new(status, body)
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.field = Some((name, value.into()));
        self
    }
}

pub mod status {
    pub const OK: &str = "200 OK";
    pub const CREATED: &str = "201 Created";
    pub const BAD_REQUEST: &str = "400 Bad Request";
    pub const NOT_FOUND: &str = "404 Not Found";
    pub const METHOD_NOT_ALLOWED: &str = "405 Method Not Allowed";
    pub const TOO_LARGE: &str = "413 Content Too Large";
    pub const UNPROCESSABLE: &str = "422 Unprocessable Content";
}

fn handle(request: &[u8], response: &mut Vec<u8>) {
    let reply = answer(request);
    let body = reply.body.finish();
    let head = format!(
        "HTTP/1.1 {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        reply.status,
        body.len()
    );
    response.extend_from_slice(head.as_bytes());
    if let Some((name, value)) = reply.field {
        response.extend_from_slice(format!("{}: {}\r\n", name, value).as_bytes());
    }
    response.extend_from_slice(b"\r\n");
    response.extend_from_slice(body.as_bytes());
}

fn answer(request: &[u8]) -> Reply {
    match read(request) {
        Ok((head, target)) => route(&head, target),
        Err(reason) => Reply::refuse(status::BAD_REQUEST, reason),
    }
}

/// Rules 1 to 4.
fn read(request: &[u8]) -> Result<(Head, &str), &'static str> {
    let head = http::read(request)?;
    let good = |c: &u8| c.is_ascii_alphanumeric() || b"-._~/?=&".contains(c);
    let target = std::str::from_utf8(head.target).ok().filter(|_| head.target.iter().all(good));
    let target = target.ok_or("bad target")?;
    head.single("host").ok_or("bad host")?;
    if announced(&head) != Some(head.body.len() as u64) {
        return Err("bad length");
    }
    Ok((head, target))
}

/// The length that a request gives its body; None for one that is not good.
fn announced(head: &Head) -> Option<u64> {
    let named = |name| head.fields.iter().filter(move |f| http::is(f.name, name));
    let mut lengths = named("content-length");
    match (lengths.next(), lengths.next(), named("transfer-encoding").next()) {
        (None, None, None) => Some(0),
        (Some(field), None, None) => http::decimal(field.value),
        _ => None,
    }
}

fn route(head: &Head, target: &str) -> Reply {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match path {
        "/health" => only("GET", head, health),
        "/products" => only("GET", head, || catalogue::list(query)),
        "/orders" => only("POST", head, || post_order(head.body)),
        _ => match path.strip_prefix("/products/") {
            Some(sku) => only("GET", head, || catalogue::one(sku)),
            None => Reply::refuse(status::NOT_FOUND, "not found"),
        },
    }
}

/// Serves a route that has one method.
fn only(method: &'static str, head: &Head, serve: impl FnOnce() -> Reply) -> Reply {
    if head.method == method.as_bytes() {
        return serve();
    }
    Reply::refuse(status::METHOD_NOT_ALLOWED, "method not allowed").with("allow", method)
}

fn health() -> Reply {
    let mut body = Writer::default();
    body.object(|o| o.text("status", "ok"));
    Reply::new(status::OK, body)
}

const MAX_BODY: usize = 16384;

fn post_order(body: &[u8]) -> Reply {
    if body.len() > MAX_BODY {
        return Reply::refuse(status::TOO_LARGE, "too large");
    }
    let value = match json::read(body) {
        Some(value) => value,
        None => return Reply::refuse(status::BAD_REQUEST, "malformed json"),
    };
    match order::read(&value) {
        Ok(order) => {
            let id = format!("o-{:08x}", fnv1a(body));
            Reply::new(status::CREATED, order.bill(&id)).with("location", format!("/orders/{}", id))
        }
        Err(wrong) => Reply::new(status::UNPROCESSABLE, order::complain(&wrong)),
    }
}

fn fnv1a(text: &[u8]) -> u32 {
    text.iter().fold(0x811c_9dc5, |hash, &c| (hash ^ u32::from(c)).wrapping_mul(0x0100_0193))
}
