//! markdown: makes HTML of a document in CommonMark, with the library
//! pulldown-cmark. The manifest states which documents are refused; c/ and go/
//! do the same with libraries of their own.

#![cfg_attr(target_family = "wasm", no_main)]

#[path = "../../guest/rust/guest.rs"]
mod guest;

use pulldown_cmark::{html, Parser};

guest::serve!(handle);

const MAX_DOCUMENT: usize = 32 << 10;
const MAX_BRACKETS: usize = 8 << 20; // bytes times opening brackets

fn handle(request: &[u8], response: &mut Vec<u8>) {
    match check(request) {
        // Writing to memory never fails.
        Ok(document) => drop(html::write_html(response, Parser::new(document))),
        Err(reason) => response.extend_from_slice(format!("refused: {}\n", reason).as_bytes()),
    }
}

fn check(request: &[u8]) -> Result<&str, &'static str> {
    if request.len() > MAX_DOCUMENT {
        return Err("too long");
    }
    let document = std::str::from_utf8(request).map_err(|_| "not text")?;
    if document.contains('\0') {
        return Err("not text");
    }
    if document.len() * document.matches('[').count() > MAX_BRACKETS {
        return Err("too many brackets");
    }
    Ok(document)
}
