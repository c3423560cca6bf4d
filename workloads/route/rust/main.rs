//! route: finds the route of an HTTP/1.1 request among patterns that are
//! compiled at the start. The manifest states the rules; go/ is the same
//! program.

#![cfg_attr(target_family = "wasm", no_main)]

#[path = "../../guest/rust/guest.rs"]
mod guest;

mod routes;

use guest::http;
use regex::{Captures, Regex};

guest::serve!(Router, Router::new, Router::answer);

const MAX_HOST: usize = 255;

struct Router {
    routes: Vec<(&'static str, Regex)>,
}

impl Router {
    fn new() -> Router {
        let compile = |&(name, pattern)| (name, Regex::new(pattern).expect(name));
        Router { routes: routes::ROUTES.iter().map(compile).collect() }
    }

    fn answer(&mut self, request: &[u8], response: &mut Vec<u8>) {
        match subject(request) {
            Ok(subject) => self.route(&subject, response),
            Err(reason) => line(response, &["bad request: ", reason]),
        }
    }

    fn route(&self, subject: &str, response: &mut Vec<u8>) {
        for (name, pattern) in &self.routes {
            if let Some(found) = pattern.captures(subject) {
                line(response, &["route ", name]);
                put_groups(pattern, &found, response);
                return;
            }
        }
        line(response, &["no route"]);
    }
}

/// What the patterns are tried on: method, host and target.
fn subject(request: &[u8]) -> Result<String, &'static str> {
    let head = http::read(request)?;
    let good = |c: &u8| c.is_ascii_alphanumeric() || b"-.:".contains(c);
    let host = head.single("host").filter(|host| (1..=MAX_HOST).contains(&host.len()) && host.iter().all(good));
    let host = host.ok_or("bad host")?.to_ascii_lowercase();
    let bytes = [head.method, b" ", &host, head.target].concat();
    // All of it is ASCII by now.
    String::from_utf8(bytes).map_err(|_| "bad request line")
}

fn put_groups(pattern: &Regex, found: &Captures, response: &mut Vec<u8>) {
    for (name, group) in pattern.capture_names().zip(found.iter()) {
        if let (Some(name), Some(group)) = (name, group) {
            line(response, &[name, "=", group.as_str()]);
        }
    }
}

fn line(response: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        response.extend_from_slice(part.as_bytes());
    }
    response.push(b'\n');
}
