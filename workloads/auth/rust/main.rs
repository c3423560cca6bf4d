//! auth: verifies the JSON Web Token of a request (RFC 7519, HS256). The answer
//! is "200 " and the token's subject, or "401 " and the reason. The manifest
//! states the rules; c/auth.c and go/main.go are the same program.

#![cfg_attr(target_family = "wasm", no_main)]

#[path = "../../guest/rust/guest.rs"]
mod guest;

mod base64url;
mod json;
mod sha256;

use guest::http;

guest::serve!(handle);

/// For tests: whoever can read this can sign.
const TEST_KEY: &[u8] = b"edgebench-test-key-not-a-secret!";

const MAX_SUBJECT: usize = 255;

type Refusal = &'static str;

fn handle(request: &[u8], response: &mut Vec<u8>) {
    match verify(request) {
        Ok(subject) => {
            response.extend_from_slice(b"200 ");
            response.extend_from_slice(&subject);
        }
        Err(reason) => {
            response.extend_from_slice(b"401 ");
            response.extend_from_slice(reason.as_bytes());
        }
    }
}

fn verify(request: &[u8]) -> Result<Vec<u8>, Refusal> {
    let head = http::read(request).map_err(|_| "malformed request")?;
    let now = head.single("x-now").and_then(http::decimal).ok_or("no time")?;
    let credentials = head.single("authorization").ok_or("no credentials")?;
    let token = Token::read(read_bearer(credentials).ok_or("not a bearer")?).ok_or("malformed token")?;
    token.check_header()?;
    if !token.signed_by_us() {
        return Err("bad signature");
    }
    token.check_claims(now)
}

/// Takes the token out of a field's value.
fn read_bearer(value: &[u8]) -> Option<&[u8]> {
    const SCHEME: &str = "bearer ";
    if !http::has_prefix(value, SCHEME) {
        return None;
    }
    Some(http::trim(&value[SCHEME.len()..])).filter(|text| !text.is_empty())
}

/// What was signed, and the decoded parts.
struct Token<'a> {
    input: &'a [u8],
    header: Vec<u8>,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Token<'a> {
    fn read(text: &'a [u8]) -> Option<Token<'a>> {
        let (header, rest) = http::cut(text, b".")?;
        let (claims, signature) = http::cut(rest, b".")?;
        Some(Token {
            input: &text[..header.len() + 1 + claims.len()],
            header: base64url::decode(header)?,
            claims: base64url::decode(claims)?,
            signature: base64url::decode(signature)?,
        })
    }

    /// Lets through only what is signed with HS256 and asks for nothing that is
    /// not known here.
    fn check_header(&self) -> Result<(), Refusal> {
        let [algorithm, extension] = json::members(&self.header, ["alg", "crit"]).ok_or("malformed header")?;
        if algorithm != Some(b"\"HS256\"") {
            return Err("wrong algorithm");
        }
        extension.map_or(Ok(()), |_| Err("unknown extension"))
    }

    fn signed_by_us(&self) -> bool {
        let mac = sha256::hmac(TEST_KEY, self.input);
        // In a time that does not tell how much of it is right.
        let difference = mac.iter().zip(&self.signature).fold(0, |seen, (a, b)| seen | (a ^ b));
        self.signature.len() == mac.len() && difference == 0
    }

    fn check_claims(&self, now: u64) -> Result<Vec<u8>, Refusal> {
        let malformed = "malformed claims";
        let [expiry, begin, subject] = json::members(&self.claims, ["exp", "nbf", "sub"]).ok_or(malformed)?;
        let time = |claim: Option<&[u8]>| claim.map(|text| http::decimal(text).ok_or(malformed)).transpose();
        let (expiry, begin) = (time(expiry)?, time(begin)?);
        if expiry.ok_or("no expiry")? <= now {
            return Err("expired");
        }
        if begin.unwrap_or(0) > now {
            return Err("not yet valid");
        }
        read_subject(subject).map(<[u8]>::to_vec).ok_or("no subject")
    }
}

/// Wants a string of printable ASCII without escapes.
fn read_subject(claim: Option<&[u8]>) -> Option<&[u8]> {
    let text = claim?.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let good = (1..=MAX_SUBJECT).contains(&text.len()) && text.iter().all(|&c| c <= b'~' && c != b'\\');
    good.then_some(text)
}
