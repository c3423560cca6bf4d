//! rewrite: an edge rule. It takes an HTTP/1.1 request and answers with the
//! request as it goes on to the origin, with a redirect, or with a refusal. The
//! manifest states the rules; c/rewrite.c and go/main.go are the same program.

#![cfg_attr(target_family = "wasm", no_main)]

#[path = "../../guest/rust/guest.rs"]
mod guest;

mod fields;
mod path;

use guest::http::{self, Head};
use path::Rule;

guest::serve!(handle);

fn handle(request: &[u8], response: &mut Vec<u8>) {
    let from = response.len();
    if let Err(reason) = rewrite(request, response) {
        response.truncate(from);
        refuse(response, reason);
    }
}

fn rewrite(request: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    let head = http::read(request)?;
    let (host, name) = fields::read_host(&head).ok_or("bad host")?;
    if fields::ambiguous(&head) {
        return Err("ambiguous length");
    }
    let mark = head.target.iter().position(|&c| c == b'?');
    let (raw, query) = head.target.split_at(mark.unwrap_or(head.target.len()));
    let path = path::normalise(raw).ok_or("bad escape")?;
    let rule = path::rule_for(&path);
    match rule {
        Some(rule) if rule.redirect => redirect(out, rule, &path, query),
        _ => {
            put(out, &[head.method, b" "]);
            path::put_target(out, rule, &path, query);
            forward(out, &head, host, &fields::origin_of(name));
        }
    }
    Ok(())
}

fn put(out: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        out.extend_from_slice(part);
    }
}

fn put_field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    put(out, &[name, b": ", value, b"\r\n"]);
}

fn refuse(out: &mut Vec<u8>, reason: &str) {
    put(out, &[b"HTTP/1.1 400 Bad Request\r\n"]);
    put_field(out, b"content-type", b"text/plain");
    put_field(out, b"content-length", (reason.len() + 1).to_string().as_bytes());
    put(out, &[b"\r\n", reason.as_bytes(), b"\n"]);
}

fn redirect(out: &mut Vec<u8>, rule: &Rule, path: &[u8], query: &[u8]) {
    put(out, &[b"HTTP/1.1 301 Moved Permanently\r\nlocation: "]);
    path::put_target(out, Some(rule), path, query);
    put(out, &[b"\r\n"]);
    put_field(out, b"content-length", b"0");
    put(out, &[b"\r\n"]);
}

fn forward(out: &mut Vec<u8>, head: &Head, host: &[u8], origin: &[u8]) {
    put(out, &[b" HTTP/1.1\r\n"]);
    for field in &head.fields {
        if http::is(field.name, "host") {
            put_field(out, field.name, origin);
        } else if !fields::dropped(head, field.name) {
            put_field(out, field.name, field.value);
        }
    }
    put_field(out, b"x-forwarded-proto", b"https");
    put_field(out, b"x-forwarded-host", host);
    put_field(out, b"via", b"1.1 edge");
    put_field(out, b"x-bucket", fields::bucket(head));
    put(out, &[b"\r\n", head.body]);
}
